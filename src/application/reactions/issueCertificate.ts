import { type Day, yearOf } from '#domain/calendar/day.ts';
import { certificateNumberFrom } from '#domain/certificate/certificateNumber.ts';
import { type CertificateIssued, certificateDecider } from '#domain/certificate/decide.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { Registered } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { MadeRegistration } from '#domain/registration/state.ts';
import { addressText } from '../addressText.ts';
import { namesDigest } from '../certificateCodes.ts';
import type { Deps } from '../deps.ts';
import { handleCommand, load } from '../handleCommand.ts';
import type { Reaction } from '../runReactions.ts';

type Issued = CertificateIssued['data']['personal']['content'];

/** Tries serials derived from the registration until one is free: the same every time, so a repeat finds its own. */
const serialOf = ({ sealing }: Deps, registrationId: string, attempt: number): number => {
  const bytes = Buffer.from(sealing.lookupKey('certificateSerial', `${registrationId}|${attempt}`), 'base64url');
  return bytes.readUIntBE(0, 6) % 1_000_000_000;
};

const personOf = (deps: Deps, data: RegistrationData, spouse: 'wife' | 'husband') => ({
  ...data[spouse],
  household: addressText(deps.divisions, data[`${spouse}Household`]),
  residence: addressText(deps.divisions, data[`${spouse}Residence`]),
});

const contentOf = (deps: Deps, state: MadeRegistration, number: string, issuedOn: Day, code: string): Issued => ({
  number,
  kind: 'electronic',
  parity: state.parity,
  wife: personOf(deps, state.data, 'wife'),
  husband: personOf(deps, state.data, 'husband'),
  marriage: {
    registeredOn: state.data.marriage.registeredOn,
    certificateNumber: state.data.marriage.certificateNumber,
  },
  children: state.data.children.length,
  office: { code: state.office, name: deps.offices.find(state.office)?.name ?? state.office },
  issuedOn,
  code,
});

const certificateOf = async (
  deps: Deps,
  registrationId: string,
  state: MadeRegistration,
  number: string,
  issuedOn: Day,
) => {
  const { wife, husband } = state.data;
  const names = namesDigest(number, wife.name, husband.name);
  const code = await deps.certificateCodes.sign({ n: number, p: state.parity, o: state.office, d: issuedOn, h: names });
  return {
    number,
    kind: 'electronic' as const,
    registrationId,
    parity: state.parity,
    office: state.office,
    issuedOn,
    code,
    personal: { content: contentOf(deps, state, number, issuedOn, code) },
  };
};

/** On `Registered`, issues the electronic certificate once (§3.1.1(3), C2), sealed under the registration's data key. */
export const issueCertificate = (deps: Deps): Reaction => ({
  name: 'issueCertificate',
  on: {
    Registered: async (event) => {
      const registrationId = event.stream.slice('registration-'.length);
      const { state, keyId, events } = await load(deps, registrationDecider, registrationId);
      if (state.status === 'absent' || state.status === 'abandoned') return;
      // Read again after the data were erased: what was issued stays issued, nothing can be written anew.
      if (events.some(({ erased }) => erased)) return;
      const issuedOn = (event.data as Registered['data']).registeredOn;
      const act = {
        commandId: event.id,
        keyId,
        actor: { kind: 'system', name: 'issueCertificate' },
        firstEvent: 0x40,
      } as const;
      for (let attempt = 0; ; attempt += 1) {
        const serial = serialOf(deps, registrationId, attempt);
        const number = certificateNumberFrom({
          county: state.declaredPlace.slice(0, 6),
          year: yearOf(issuedOn),
          serial,
        });
        const certificate = await certificateOf(deps, registrationId, state, number, issuedOn);
        const issued = await handleCommand(
          deps,
          certificateDecider,
          number,
          { type: 'IssueCertificate', certificate },
          act,
        );
        if (issued.outcome === 'done') return;
      }
    },
  },
});
