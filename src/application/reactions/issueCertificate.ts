import { type CertificateVoiding, certificateDecider } from '#domain/certificate/decide.ts';
import { type RegistrationKind, registrationDecider } from '#domain/registration/decide.ts';
import type { Corrected, Registered, RegistrationEvent, Revoked } from '#domain/registration/events.ts';
import type { RegistrationState } from '#domain/registration/state.ts';
import type { AnyEvent } from '#projections/projection.ts';
import type { Deps } from '../deps.ts';
import { type Issue, issuedNumber, issueElectronic } from '../electronicCertificate.ts';
import type { OpenedEvent } from '../eventCodec.ts';
import { type Act, handleCommand, type Loaded, load } from '../handleCommand.ts';
import { voidOrdinary } from '../ordinaryCertificates.ts';
import type { Reaction } from '../runReactions.ts';

type Own = { registrationId: string; loaded: Loaded<RegistrationKind>; act: Act };

const issuedOn = ({ type, data }: OpenedEvent): string | undefined => {
  if (type === 'Registered') return (data as Registered['data']).registeredOn;
  return type === 'Corrected' ? (data as Corrected['data']).correctedOn : undefined;
};

/** The certificates that a registration was to be issued up to an event, each of what was so then. */
const issuesUntil = ({ registrationId, loaded }: Own, event: AnyEvent): readonly Issue[] => {
  const issues: Issue[] = [];
  let state: RegistrationState = registrationDecider.initialState;
  for (const happened of loaded.events.filter(({ revision }) => revision <= event.revision)) {
    state = registrationDecider.evolve(state, happened as unknown as RegistrationEvent);
    const on = issuedOn(happened);
    if (on === undefined || state.status === 'absent' || state.status === 'abandoned') continue;
    issues.push({ registrationId, n: issues.length, on, state });
  }
  return issues;
};

/** The number of the last of these; undefined where there is none. */
const lastNumber = async (deps: Deps, issues: readonly Issue[]): Promise<string | undefined> => {
  let number: string | undefined;
  for (const issue of issues) number = await issuedNumber(deps, issue, number);
  return number;
};

const voidIt = (deps: Deps, own: Own, voiding: Omit<CertificateVoiding, 'registrationId'>) => {
  const { registrationId, act } = own;
  const command = { type: 'VoidCertificate', voiding: { ...voiding, registrationId } } as const;
  return handleCommand(deps, certificateDecider, voiding.number, command, { ...act, firstEvent: 0x50 });
};

const voidPrinted = (
  deps: Deps,
  { registrationId, act }: Own,
  reason: 'superseded' | 'revoked',
  { position }: AnyEvent,
): Promise<void> => voidOrdinary(deps, registrationId, { reason, position }, { ...act, firstEvent: 0x60 });

/** Issued of what is so as of the event; what it takes the place of is void. */
const issue = async (deps: Deps, own: Own, event: AnyEvent): Promise<void> => {
  const issues = issuesUntil(own, event);
  const now = issues.at(-1);
  // Read again after the data were erased: what was issued stays issued, nothing can be written anew.
  if (now === undefined || own.loaded.events.some(({ erased }) => erased)) return;
  const before = await lastNumber(deps, issues.slice(0, -1));
  const number = await issueElectronic(deps, now, own.act, before);
  if (before === undefined) return;
  await voidPrinted(deps, own, 'superseded', event);
  await voidIt(deps, own, { number: before, reason: 'superseded', voidedOn: now.on, supersededBy: number });
};

const revoke = async (deps: Deps, own: Own, event: AnyEvent): Promise<void> => {
  const number = await lastNumber(deps, issuesUntil(own, event));
  const { revokedOn } = event.data as Revoked['data'];
  if (number !== undefined) await voidIt(deps, own, { number, reason: 'revoked', voidedOn: revokedOn });
  await voidPrinted(deps, own, 'revoked', event);
};

/**
 * Issues the electronic certificate of a registration, issues it anew when it is corrected, and voids what no longer holds
 * (§3.1.1(3), C2, R10), sealed under the registration's data key. One reaction: so they come in the order of the log.
 */
export const issueCertificate = (deps: Deps): Reaction => {
  const on = (step: typeof issue) => async (event: AnyEvent) => {
    const registrationId = event.stream.slice('registration-'.length);
    const loaded = await load(deps, registrationDecider, registrationId);
    const actor = { kind: 'system', name: 'issueCertificate' } as const;
    const act: Act = { commandId: event.id, keyId: loaded.keyId, actor, firstEvent: 0x40 };
    await step(deps, { registrationId, loaded, act }, event);
  };
  return { name: 'issueCertificate', on: { Registered: on(issue), Corrected: on(issue), Revoked: on(revoke) } };
};
