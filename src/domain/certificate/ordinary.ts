import { match } from 'ts-pattern';
import type { Day } from '../calendar/day.ts';
import { accepted, type Decider, type Decision, rejected } from '../decider.ts';
import type { DocumentKind } from '../registration/documents.ts';
import { type PrintedParity, parseSerial } from '../stock/serial.ts';
import type { VoidReason } from './decide.ts';

/** An office assigned a pre-printed serial to a registration, for whoever stood at its counter (C3–C5, §3.1.3). */
export type OrdinaryCertificateAssigned = {
  type: 'OrdinaryCertificateAssigned';
  data: {
    serial: string;
    parity: PrintedParity;
    office: string;
    issuedOn: Day;
    handler: string;
    identity: { document: DocumentKind };
    /** The serial whose place it takes (C6). */
    replaces?: string;
    personal: { bearer: { name: string; documentNumber: string } };
  };
};

/** The office's stock did not have the serial: nothing was issued (C5). */
export type OrdinaryCertificateFailed = {
  type: 'OrdinaryCertificateFailed';
  data: { serial: string; reason: 'notHeld' };
};

/** The serial that was issued no longer holds (C6, R10); `office` is the one that issued it, `note` says how it came about. */
export type OrdinaryCertificateVoided = {
  type: 'OrdinaryCertificateVoided';
  data: {
    serial: string;
    parity: PrintedParity;
    office: string;
    reason: VoidReason;
    voidedOn: Day;
    personal?: { note: string };
  };
};

export type OrdinaryEvent = OrdinaryCertificateAssigned | OrdinaryCertificateFailed | OrdinaryCertificateVoided;

/** What an office asks to assign; what it replaces follows from what happened. */
export type Assignment = Omit<OrdinaryCertificateAssigned['data'], 'replaces'>;

/** What is asked to be void; its office and parity follow from what was assigned. */
type OrdinaryVoiding = Omit<OrdinaryCertificateVoided['data'], 'office' | 'parity'>;

type Current = Pick<Assignment, 'serial' | 'parity' | 'office' | 'issuedOn'>;

/** The one serial that holds, and those that no longer do, in the order in which they became void. */
export type OrdinaryState = {
  current?: Current;
  voided: readonly Pick<OrdinaryCertificateVoided['data'], 'serial' | 'reason' | 'voidedOn'>[];
};

export type OrdinaryKind = {
  command:
    | { type: 'AssignOrdinary'; assignment: Assignment }
    | { type: 'ReplaceOrdinary'; voiding: OrdinaryVoiding; assignment: Assignment }
    | { type: 'FailOrdinary'; failure: OrdinaryCertificateFailed['data'] }
    | { type: 'VoidOrdinary'; voiding: OrdinaryVoiding };
  state: OrdinaryState;
  event: OrdinaryEvent;
  rejection: /** One holds already: which, where and when it was issued (C4). */
    | ({ type: 'issued' } & Current)
    | { type: 'badSerial' }
    | { type: 'wrongParity'; parity: PrintedParity }
    /** It was issued for this registration before, and is void. */
    | { type: 'used' }
    /** That serial is not the one that holds. */
    | { type: 'notCurrent' };
};

type Outcome = Decision<OrdinaryKind>;

const assign = (assignment: Assignment, { current, voided }: OrdinaryState): Outcome => {
  if (current !== undefined) return rejected({ type: 'issued', ...current });
  const printed = parseSerial(assignment.serial);
  if (printed === undefined) return rejected({ type: 'badSerial' });
  if (printed.parity !== assignment.parity) return rejected({ type: 'wrongParity', parity: printed.parity });
  if (voided.some(({ serial }) => serial === assignment.serial)) return rejected({ type: 'used' });
  const replaces = voided.at(-1)?.serial;
  const data = { ...assignment, ...(replaces === undefined ? {} : { replaces }) };
  return accepted({ type: 'OrdinaryCertificateAssigned', data } as const);
};

const voidedOf = (voiding: OrdinaryVoiding, { office, parity }: Current) =>
  ({ type: 'OrdinaryCertificateVoided', data: { ...voiding, office, parity } }) as const;

const voidIt = (voiding: OrdinaryVoiding, { current, voided }: OrdinaryState): Outcome => {
  if (voided.some(({ serial }) => serial === voiding.serial)) return accepted();
  if (current?.serial !== voiding.serial) return rejected({ type: 'notCurrent' });
  return accepted(voidedOf(voiding, current));
};

const evolve = (state: OrdinaryState, event: OrdinaryEvent): OrdinaryState =>
  match(event)
    .with({ type: 'OrdinaryCertificateAssigned' }, ({ data: { serial, parity, office, issuedOn } }) => ({
      ...state,
      current: { serial, parity, office, issuedOn },
    }))
    .with({ type: 'OrdinaryCertificateFailed' }, () => ({ voided: state.voided }))
    .with({ type: 'OrdinaryCertificateVoided' }, ({ data: { serial, reason, voidedOn } }) => ({
      voided: [...state.voided, { serial, reason, voidedOn }],
    }))
    .exhaustive();

/** Both or neither: the old serial is void, the new one takes its place (C6). */
const replace = (voiding: OrdinaryVoiding, assignment: Assignment, state: OrdinaryState): Outcome => {
  if (state.current?.serial !== voiding.serial) return rejected({ type: 'notCurrent' });
  const first = voidedOf(voiding, state.current);
  const second = assign(assignment, evolve(state, first));
  return second.outcome === 'rejected' ? second : accepted<OrdinaryEvent>(first, ...second.events);
};

/** Which ordinary certificate a registration has: one at most (C4); its stream is `ordinaryCertificate-<registrationId>`. */
export const ordinaryDecider: Decider<OrdinaryKind> = {
  category: 'ordinaryCertificate',
  initialState: { voided: [] },
  decide: (command, state) =>
    match(command)
      .with({ type: 'AssignOrdinary' }, ({ assignment }) => assign(assignment, state))
      .with({ type: 'ReplaceOrdinary' }, ({ voiding, assignment }) => replace(voiding, assignment, state))
      .with({ type: 'FailOrdinary' }, ({ failure }) =>
        state.current?.serial === failure.serial
          ? accepted({ type: 'OrdinaryCertificateFailed', data: failure } as const)
          : accepted(),
      )
      .with({ type: 'VoidOrdinary' }, ({ voiding }) => voidIt(voiding, state))
      .exhaustive(),
  evolve,
};
