import { dayInShanghai } from '#domain/calendar/day.ts';
import type { VoidReason } from '#domain/certificate/decide.ts';
import {
  type Assignment,
  type OrdinaryKind,
  type OrdinaryState,
  ordinaryDecider,
} from '#domain/certificate/ordinary.ts';
import { normaliseIdNumber } from '#domain/people/idNumber.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { DocumentKind } from '#domain/registration/documents.ts';
import type { MadeRegistration } from '#domain/registration/state.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { common, single } from '#domain/stock/ranges.ts';
import { isPrinted, type PrintedParity, parseSerial, serialText } from '#domain/stock/serial.ts';
import { type ActOfStaff, actingFor } from './acting.ts';
import { isActOf } from './actor.ts';
import { authorise, type Forbidden } from './authorise.ts';
import { peopleOf } from './declare.ts';
import type { Deps } from './deps.ts';
import { derivedId } from './derivedId.ts';
import { type Act, type Handled, handleCommand, load } from './handleCommand.ts';
import { carryOutOrdinary } from './ordinaryCarriedOut.ts';

/** Who stands at the counter, by which document. */
export type Bearer = { document: DocumentKind; name: string; documentNumber: string };
/** `serial` as typed or scanned; left out: the lowest that the office holds. */
export type Issuing = { bearer: Bearer; serial?: string | undefined };

/** Why no ordinary certificate is issued; those of the decision beside. */
export type OrdinaryRefusal =
  | OrdinaryKind['rejection']
  /** The registration does not stand: there is nothing to certify (C4). */
  | { type: 'notRegistered' }
  /** The province prints none for this child. */
  | { type: 'notPrinted' }
  /** The document lacks its number or a name. */
  | { type: 'noIdentity' }
  /** The number of the ID card is that of neither spouse. */
  | { type: 'otherPerson' }
  /** The office has none left. */
  | { type: 'outOfStock' }
  /** This office does not have that serial (C5). */
  | { type: 'notHeld'; serial: string }
  /** Voided and replaced by the office that issued it or by the one that registered the couple: these. */
  | { type: 'otherOffice'; offices: readonly string[] };

export type OrdinaryOutcome =
  | { outcome: 'done'; state: OrdinaryState; serial: string }
  | { outcome: 'rejected'; rejection: OrdinaryRefusal }
  | Extract<Handled<OrdinaryKind>, { outcome: 'stale' }>
  | { outcome: 'forbidden'; reason: Forbidden }
  | { outcome: 'absent' };

/** What a lost or spoilt certificate is voided for (C6), in the words of whoever says so. */
export type Voiding = { serial: string; reason: Extract<VoidReason, 'lost' | 'spoilt'>; note: string };

const views = ['certificate', 'registration', 'stock', 'unissued'];
/** So many times the lowest serial is tried before the clerk is told that other counters were faster. */
const mostTries = 10;
const refused = (rejection: OrdinaryRefusal) => ({ outcome: 'rejected', rejection }) as const;

const identityFault = ({ data }: MadeRegistration, bearer: Bearer): OrdinaryRefusal | undefined => {
  const { document, name, documentNumber } = bearer;
  if (documentNumber.trim() === '' || name.trim() === '') return { type: 'noIdentity' };
  const couple = [data.wife.idNumber, data.husband.idNumber].map(normaliseIdNumber);
  const theirs = document !== 'idCard' || couple.includes(normaliseIdNumber(documentNumber));
  return theirs ? undefined : { type: 'otherPerson' };
};

const isTyped = (serial: string | undefined): serial is string => serial !== undefined && serial.trim() !== '';

/** Whether another counter took the serial that nobody had typed: the next lowest does as well. */
const wasFaster = (outcome: OrdinaryOutcome, { serial }: Issuing): boolean =>
  !isTyped(serial) && outcome.outcome === 'rejected' && outcome.rejection.type === 'notHeld';

/** The serial to issue: the one named, if the office holds it, or the lowest that it holds. */
const serialFrom = async (deps: Deps, office: string, parity: PrintedParity, typed: string | undefined) => {
  const { held } = (await load(deps, stockDecider, stockId(office, parity))).state;
  if (!isTyped(typed)) {
    const lowest = held[0]?.from;
    return lowest === undefined ? refused({ type: 'outOfStock' }) : serialText(parity, lowest);
  }
  const printed = parseSerial(typed);
  if (printed === undefined) return refused({ type: 'badSerial' });
  if (printed.parity !== parity) return refused({ type: 'wrongParity', parity: printed.parity });
  const serial = serialText(parity, printed.serial);
  return common([single(printed.serial)], held).length > 0 ? serial : refused({ type: 'notHeld', serial });
};

/** The lowest serial that an office has for a child; undefined where it has none. */
export const lowestHeld = async (deps: Deps, office: string, parity: number): Promise<string | undefined> => {
  if (!isPrinted(parity)) return undefined;
  const serial = await serialFrom(deps, office, parity, undefined);
  return typeof serial === 'string' ? serial : undefined;
};

/**
 * The offices that may void and replace one (C6): where it was issued, for its stock and its file have the paper, and where
 * the couple is registered, for that office answers for the registration.
 */
export const voidingOffices = (deps: Deps, issuedBy: string, registeredBy: string): readonly string[] => [
  ...new Set([issuedBy, registeredBy].map((code) => deps.offices.current(code))),
];

const voidingOf = (deps: Deps, { serial, reason, note }: Voiding) => {
  const personal = note.trim() === '' ? {} : { personal: { note: note.trim() } };
  return { serial, reason, voidedOn: dayInShanghai(deps.clock()), ...personal };
};

/**
 * Voids the ordinary certificate that holds because of what became of its registration at `position` (R10), unless it was
 * assigned since; again is the same. For reactions: nobody is asked.
 */
export const voidOrdinary = async (
  deps: Deps,
  registrationId: string,
  { reason, position }: { reason: Extract<VoidReason, 'superseded' | 'revoked'>; position: number },
  act: Act,
): Promise<void> => {
  const { state, events } = await load(deps, ordinaryDecider, registrationId);
  const assigned = events.findLast(({ type }) => type === 'OrdinaryCertificateAssigned');
  if (state.current === undefined || assigned === undefined || assigned.position > position) return;
  const voiding = { serial: state.current.serial, reason, voidedOn: dayInShanghai(deps.clock()) };
  await handleCommand(deps, ordinaryDecider, registrationId, { type: 'VoidOrdinary', voiding }, act);
  await carryOutOrdinary(deps, registrationId, act);
};

/** Ordinary certificates as staff issue, replace and void them, at the own counter (C3–C6, §3.1.3). */
export const ordinaryCertificates = (deps: Deps) => {
  const standing = async (id: string, act: ActOfStaff) => {
    const [{ state, keyId }, ordinary] = await Promise.all([
      load(deps, registrationDecider, id),
      load(deps, ordinaryDecider, id),
    ]);
    const { staff } = act;
    const office = deps.offices.current(staff.office);
    const made = state.status === 'absent' || state.status === 'abandoned' ? undefined : state;
    const people = made === undefined ? [] : peopleOf(deps.sealing, made.data);
    const allowed = authorise(staff, { act: 'issueOrdinary', office, people }, deps.offices);
    if (allowed.outcome === 'forbidden') return allowed;
    if (made === undefined) return { outcome: 'absent' } as const;
    // Nothing is left to certify, nor a key to seal with.
    if (made.erasedOn !== undefined) return refused({ type: 'notRegistered' });
    const repeated = ordinary.events.some(isActOf(staff, act.commandId));
    return {
      outcome: 'allowed',
      state: made,
      ordinary,
      repeated,
      office,
      acting: { ...actingFor(deps.sealing, act), keyId },
    } as const;
  };
  type Standing = Extract<Awaited<ReturnType<typeof standing>>, { outcome: 'allowed' }>;

  /** Undefined where the own office may void it, or where it no longer holds, which the decision tells. */
  const voidableBy = ({ ordinary, state, office }: Standing, serial: string) => {
    const { current } = ordinary.state;
    if (current?.serial !== serial) return undefined;
    const offices = voidingOffices(deps, current.office, state.office);
    return offices.includes(office) ? undefined : refused({ type: 'otherOffice', offices });
  };

  /** Decides, carries out, and waits for the views; what the stock refused is told. */
  const perform = async (
    id: string,
    { acting }: Standing,
    serial: string,
    command: OrdinaryKind['command'],
  ): Promise<OrdinaryOutcome> => {
    const handled = await handleCommand(deps, ordinaryDecider, id, command, acting);
    if (handled.outcome !== 'done') return handled;
    const position = await carryOutOrdinary(deps, id, acting);
    const { state } = await load(deps, ordinaryDecider, id);
    await deps.awaitViews(views, Math.max(position, handled.position));
    const stands = state.current?.serial === serial || state.voided.some((one) => one.serial === serial);
    return stands ? { outcome: 'done', state, serial } : refused({ type: 'notHeld', serial });
  };

  /** What is assigned to whom; an assignment that is sent again is what it was. */
  const assignmentFor = async (
    { state, ordinary, office }: Standing,
    act: ActOfStaff,
    { bearer, serial: typed }: Issuing,
  ): Promise<Assignment | ReturnType<typeof refused>> => {
    const before = ordinary.events.find(
      (event) => event.type === 'OrdinaryCertificateAssigned' && isActOf(act.staff, act.commandId)(event),
    );
    if (before !== undefined) return before.data as Assignment;
    if (state.status !== 'registered') return refused({ type: 'notRegistered' });
    if (!isPrinted(state.parity)) return refused({ type: 'notPrinted' });
    const fault = identityFault(state, bearer);
    if (fault !== undefined) return refused(fault);
    const serial = await serialFrom(deps, office, state.parity, typed);
    if (typeof serial !== 'string') return serial;
    const { document, name, documentNumber } = bearer;
    return {
      serial,
      parity: state.parity,
      office,
      issuedOn: dayInShanghai(deps.clock()),
      handler: act.staff.account,
      identity: { document },
      personal: { bearer: { name: name.trim(), documentNumber: documentNumber.trim() } },
    };
  };

  const assign = async (id: string, act: ActOfStaff, issuing: Issuing): Promise<OrdinaryOutcome> => {
    const found = await standing(id, act);
    if (found.outcome !== 'allowed') return found;
    const { current } = found.ordinary.state;
    if (current !== undefined && !found.repeated) return refused({ type: 'issued', ...current });
    const assignment = await assignmentFor(found, act, issuing);
    if ('outcome' in assignment) return assignment;
    return perform(id, found, assignment.serial, { type: 'AssignOrdinary', assignment });
  };

  const replace = async (id: string, act: ActOfStaff, voiding: Voiding, issuing: Issuing): Promise<OrdinaryOutcome> => {
    const found = await standing(id, act);
    if (found.outcome !== 'allowed') return found;
    const elsewhere = voidableBy(found, voiding.serial);
    if (elsewhere !== undefined) return elsewhere;
    const assignment = await assignmentFor(found, act, issuing);
    if ('outcome' in assignment) return assignment;
    const command = { type: 'ReplaceOrdinary', voiding: voidingOf(deps, voiding), assignment } as const;
    return perform(id, found, assignment.serial, command);
  };

  /** Assigns the next lowest where another counter was faster: each try an act of its own, the same when sent again. */
  const orNextLowest = async (
    id: string,
    act: ActOfStaff,
    issuing: Issuing,
    first: OrdinaryOutcome,
  ): Promise<OrdinaryOutcome> => {
    let outcome = first;
    for (let tries = 1; tries < mostTries && wasFaster(outcome, issuing); tries += 1) {
      const commandId = derivedId(deps.sealing, 'nextLowest', `${act.commandId}/${tries}`);
      // The failed try itself changed the revision that the act was based on.
      outcome = await assign(id, { ...act, commandId, basedOn: undefined }, issuing);
    }
    return outcome;
  };

  return {
    /** Issues one for a registration of any office, where none has been issued (C3, C4); whoever comes second is told where and when. */
    issueOrdinary: async (id: string, act: ActOfStaff, issuing: Issuing): Promise<OrdinaryOutcome> =>
      orNextLowest(id, act, issuing, await assign(id, act, issuing)),

    /** Voids the one that was lost or spoilt and issues another, both or neither (C6). */
    replaceOrdinary: async (
      id: string,
      act: ActOfStaff,
      voiding: Voiding,
      issuing: Issuing,
    ): Promise<OrdinaryOutcome> => orNextLowest(id, act, issuing, await replace(id, act, voiding, issuing)),

    /** Voids the one that was lost or spoilt (C6). */
    voidOrdinary: async (id: string, act: ActOfStaff, voiding: Voiding): Promise<OrdinaryOutcome> => {
      const found = await standing(id, act);
      if (found.outcome !== 'allowed') return found;
      const elsewhere = voidableBy(found, voiding.serial);
      if (elsewhere !== undefined) return elsewhere;
      const command = { type: 'VoidOrdinary', voiding: voidingOf(deps, voiding) } as const;
      return perform(id, found, voiding.serial, command);
    },
  };
};
