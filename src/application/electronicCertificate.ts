import { type Day, yearOf } from '#domain/calendar/day.ts';
import { certificateNumberFrom } from '#domain/certificate/certificateNumber.ts';
import { type CertificateIssued, certificateDecider } from '#domain/certificate/decide.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { MadeRegistration } from '#domain/registration/state.ts';
import { addressText } from './addressText.ts';
import { namesDigest } from './certificateCodes.ts';
import type { Deps } from './deps.ts';
import { type Act, handleCommand, load } from './handleCommand.ts';

/** The n-th electronic certificate of a registration, the first being 0: of what is so since which day. */
export type Issue = { registrationId: string; n: number; on: Day; state: MadeRegistration };

type Issued = CertificateIssued['data']['personal']['content'];
type Made = Pick<Issued, 'kind' | 'number' | 'issuedOn' | 'code'> & { office: string };

/** The numbers to try for an issue, derived from the registration: the same every time, so a repeat finds its own. */
const numberOf = ({ sealing }: Deps, { registrationId, n, on, state }: Issue, attempt: number): string => {
  const seed = n === 0 ? `${registrationId}|${attempt}` : `${registrationId}|${n}|${attempt}`;
  const bytes = Buffer.from(sealing.lookupKey('certificateSerial', seed), 'base64url');
  const serial = bytes.readUIntBE(0, 6) % 1_000_000_000;
  return certificateNumberFrom({ county: state.declaredPlace.slice(0, 6), year: yearOf(on), serial });
};

const personOf = (deps: Deps, data: RegistrationData, spouse: 'wife' | 'husband') => ({
  ...data[spouse],
  household: addressText(deps.divisions, data[`${spouse}Household`]),
  residence: addressText(deps.divisions, data[`${spouse}Residence`]),
});

/** What a certificate of either kind says of a registration as it is. */
export const contentOf = (deps: Deps, state: MadeRegistration, { office, ...made }: Made): Issued => ({
  ...made,
  parity: state.parity,
  wife: personOf(deps, state.data, 'wife'),
  husband: personOf(deps, state.data, 'husband'),
  marriage: {
    registeredOn: state.data.marriage.registeredOn,
    certificateNumber: state.data.marriage.certificateNumber,
  },
  children: state.data.children.length,
  office: { code: office, name: deps.offices.find(office)?.name ?? office },
});

const certificateOf = async (deps: Deps, { registrationId, state, on: issuedOn }: Issue, number: string) => {
  const kind = 'electronic' as const;
  const { wife, husband } = state.data;
  const names = namesDigest(number, wife.name, husband.name);
  const code = await deps.certificateCodes.sign({ n: number, p: state.parity, o: state.office, d: issuedOn, h: names });
  return {
    number,
    kind,
    registrationId,
    parity: state.parity,
    office: state.office,
    issuedOn,
    code,
    personal: { content: contentOf(deps, state, { kind, number, issuedOn, code, office: state.office }) },
  };
};

/** The number under which an issue was made, other than `before`; undefined where it was not. */
export const issuedNumber = async (deps: Deps, issue: Issue, before?: string): Promise<string | undefined> => {
  for (let attempt = 0; ; attempt += 1) {
    const number = numberOf(deps, issue, attempt);
    if (number === before) continue;
    const { state } = await load(deps, certificateDecider, number);
    if (state.status === 'absent') return undefined;
    if (state.registrationId === issue.registrationId) return number;
  }
};

/** Issues under the first of its numbers that nobody has; again is the same. `before` is the number it takes the place of. */
export const issueElectronic = async (deps: Deps, issue: Issue, act: Act, before?: string): Promise<string> => {
  for (let attempt = 0; ; attempt += 1) {
    const number = numberOf(deps, issue, attempt);
    if (number === before) continue;
    const certificate = await certificateOf(deps, issue, number);
    const issued = await handleCommand(
      deps,
      certificateDecider,
      number,
      { type: 'IssueCertificate', certificate },
      act,
    );
    if (issued.outcome === 'done') return number;
  }
};
