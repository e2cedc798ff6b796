import { dayInShanghai } from '#domain/calendar/day.ts';
import { certificateDecider } from '#domain/certificate/decide.ts';
import {
  type OrdinaryCertificateAssigned,
  type OrdinaryCertificateVoided,
  type OrdinaryKind,
  ordinaryDecider,
} from '#domain/certificate/ordinary.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { MadeRegistration } from '#domain/registration/state.ts';
import { parseSerial } from '#domain/stock/serial.ts';
import { namesDigest } from './certificateCodes.ts';
import type { Deps } from './deps.ts';
import { derivedId } from './derivedId.ts';
import { contentOf } from './electronicCertificate.ts';
import { type Act, handleCommand, type Loaded, load } from './handleCommand.ts';
import { issueSerial } from './stockCommands.ts';

type Assigned = OrdinaryCertificateAssigned['data'];
type Own = { registrationId: string; state: MadeRegistration; act: Pick<Act, 'actor' | 'from' | 'keyId'> };

/** One step of an issue as an act of its own: the same whenever it is taken. */
const stepOf = (deps: Deps, { registrationId, act }: Own, step: string, serial: string): Act => ({
  ...act,
  commandId: derivedId(deps.sealing, step, `${registrationId}/${serial}`),
});

/** Takes the serial out of the office's stock; false where it is not there. */
const takeSerial = async (deps: Deps, own: Own, { office, parity, serial }: Assigned): Promise<boolean> => {
  const printed = parseSerial(serial);
  if (printed === undefined) return false;
  const issued = { serial: printed.serial, registrationId: own.registrationId };
  // A stock has a data key of its own.
  const { keyId: _, ...act } = stepOf(deps, own, `issueSerial ${office}`, serial);
  return (await issueSerial(deps, { office, parity }, issued, act)).outcome === 'done';
};

const issue = async (deps: Deps, own: Own, assigned: Assigned): Promise<number> => {
  const { serial: number, parity, office, issuedOn, handler, identity, personal } = assigned;
  const { registrationId, state } = own;
  const names = namesDigest(number, state.data.wife.name, state.data.husband.name);
  const code = await deps.certificateCodes.sign({ n: number, p: parity, o: office, d: issuedOn, h: names });
  const kind = 'ordinary' as const;
  const content = contentOf(deps, state, { kind, number, issuedOn, code, office });
  const about = { registrationId, parity, office, registeringOffice: state.office, issuedOn, handler, identity, code };
  const certificate = { number, kind, ...about, personal: { content, bearer: personal.bearer } };
  const command = { type: 'IssueCertificate', certificate } as const;
  const handled = await handleCommand(
    deps,
    certificateDecider,
    number,
    command,
    stepOf(deps, own, 'issueOrdinary', number),
  );
  if (handled.outcome === 'done') return handled.position;
  throw new Error(`Serial ${number} was issued for two registrations.`);
};

type Voided = Pick<OrdinaryCertificateVoided['data'], 'serial' | 'reason' | 'voidedOn'>;

/** `by` is what was issued in its place, where that is so already. */
const voidIt = async (deps: Deps, own: Own, voided: Voided, by?: Assigned): Promise<number> => {
  const { serial: number, reason, voidedOn } = voided;
  const supersededBy = by && { supersededBy: by.serial };
  const voiding = { number, registrationId: own.registrationId, reason, voidedOn, ...supersededBy };
  const act = stepOf(deps, own, 'voidOrdinary', number);
  const handled = await handleCommand(deps, certificateDecider, number, { type: 'VoidCertificate', voiding }, act);
  return handled.outcome === 'done' ? handled.position : 0;
};

const fail = async (deps: Deps, own: Own, serial: string): Promise<number> => {
  const { registrationId } = own;
  const command = { type: 'FailOrdinary', failure: { serial, reason: 'notHeld' } } as const;
  const act = { ...own.act, commandId: deps.ids() };
  const handled = await handleCommand(deps, ordinaryDecider, registrationId, command, act);
  return handled.outcome === 'done' ? handled.position : 0;
};

/** The assignment that holds, or held until it was void, serial by serial: failed ones left nothing behind. */
const assignmentsIn = ({ events, state }: Loaded<OrdinaryKind>): readonly Assigned[] => {
  const serials = new Set([state.current?.serial, ...state.voided.map(({ serial }) => serial)]);
  const all = events.filter(({ type }) => type === 'OrdinaryCertificateAssigned').map(({ data }) => data as Assigned);
  return [...new Map(all.filter(({ serial }) => serials.has(serial)).map((one) => [one.serial, one])).values()];
};

/** Whether this registration's certificate stands in the log, so that nothing of it is to be done; another's serial is not held. */
const isIssued = async (deps: Deps, { registrationId }: Own, number: string): Promise<boolean> => {
  const { state } = await load(deps, certificateDecider, number);
  return state.status !== 'absent' && state.registrationId === registrationId;
};

/** Voids what was issued while the registration was being revoked: whoever issued had read it before. */
const voidIfRevoked = async (deps: Deps, own: Own): Promise<number> => {
  const { registrationId, act } = own;
  const [{ state }, ordinary] = await Promise.all([
    load(deps, registrationDecider, registrationId),
    load(deps, ordinaryDecider, registrationId),
  ]);
  const serial = ordinary.state.current?.serial;
  if (state.status !== 'revoked' || serial === undefined) return 0;
  const voiding = { serial, reason: 'revoked', voidedOn: dayInShanghai(deps.clock()) } as const;
  const command = { type: 'VoidOrdinary', voiding } as const;
  await handleCommand(deps, ordinaryDecider, registrationId, command, { ...act, commandId: deps.ids() });
  return voidIt(deps, own, voiding);
};

/**
 * Does what a registration's own stream of ordinary certificates says (C3–C6): takes serials from stock, issues and voids, each
 * once, whoever does it and however often. Answers with the position of the last step.
 */
export const carryOutOrdinary = async (
  deps: Deps,
  registrationId: string,
  by: Pick<Act, 'actor' | 'from'>,
): Promise<number> => {
  const [{ state, keyId }, ordinary] = await Promise.all([
    load(deps, registrationDecider, registrationId),
    load(deps, ordinaryDecider, registrationId),
  ]);
  if (state.status === 'absent' || state.status === 'abandoned') return 0;
  const own: Own = { registrationId, state, act: { actor: by.actor, from: by.from, keyId } };
  let position = 0;
  const done = (at: number) => {
    position = Math.max(position, at);
  };
  // Once the personal data are erased, what was issued stays so, and nothing can be written anew.
  const erased = ordinary.events.some((event) => event.erased);
  for (const assigned of erased ? [] : assignmentsIn(ordinary)) {
    if (await isIssued(deps, own, assigned.serial)) continue;
    if (await takeSerial(deps, own, assigned)) done(await issue(deps, own, assigned));
    // Whoever carried it out at the same time may have taken and issued it, and it was voided in stock since.
    else if (!(await isIssued(deps, own, assigned.serial))) done(await fail(deps, own, assigned.serial));
  }
  const after = await load(deps, ordinaryDecider, registrationId);
  const replacements = assignmentsIn(after);
  for (const voided of after.state.voided) {
    const by = replacements.find(({ replaces }) => replaces === voided.serial);
    done(await voidIt(deps, own, voided, by));
  }
  done(await voidIfRevoked(deps, own));
  return position;
};
