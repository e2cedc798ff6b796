import { match } from 'ts-pattern';
import { accepted, type Decider, type Decision, rejected } from '../decider.ts';
import type { ShipmentEvent, Surplus } from './events.ts';
import { merged, type Ranges, sizeOf, without } from './ranges.ts';
import { isSerialRange } from './serial.ts';
import { placed } from './state.ts';

/** What was sent, as read in the sender's stream; `spoilt`: void ones, which stay void. */
export type Sending = { from: string; to: string; ranges: Ranges; handedOverBy: string; spoilt?: true };

/**
 * What came to an organisation, to be taken into its stock; numbered within the shipment from 1. `missing` is what its sender
 * answers for, without having it.
 */
export type Arrival = { arrival: number; at: string; ranges: Ranges; damaged: Ranges; missing?: Ranges };

export type ShipmentState = {
  status: 'inTransit' | 'received' | 'takenBack';
  arrivals: readonly Arrival[];
  missing: Ranges;
};

/** `sending` is undefined where the sender never sent it; `ranges` is all that the receiver has before them, `damaged` too. */
export type ShipmentCommand =
  | {
      type: 'ReceiveShipment';
      sending: Sending | undefined;
      at: string;
      ranges: Ranges;
      damaged: Ranges;
      count: number;
      by: string;
      places: Surplus;
      confirmed: boolean;
    }
  | { type: 'TakeBackShipment'; sending: Sending | undefined; at: string; by: string }
  | { type: 'ReportFound'; sending: Sending | undefined; at: string; ranges: Ranges; by: string }
  | { type: 'TakeOverLoss'; sending: Sending | undefined; at: string; ranges: Ranges; by: string };

/** Why a command on a shipment did nothing. */
export type ShipmentRejection =
  | { type: 'absent' }
  /** It ended on its way before: received, or taken back. */
  | { type: 'settled'; how: 'received' | 'takenBack' }
  | { type: 'wrongOffice' }
  /** Whoever handed it over cannot receive it: it takes two. */
  | { type: 'samePerson' }
  | { type: 'badRange' }
  | { type: 'miscounted'; named: number }
  | { type: 'differs'; missing: Ranges; surplus: Surplus }
  | { type: 'notMissing'; ranges: Ranges };

export type ShipmentKind = {
  command: ShipmentCommand;
  state: ShipmentState;
  event: ShipmentEvent;
  rejection: ShipmentRejection;
};

type Of<T extends ShipmentCommand['type']> = Extract<ShipmentCommand, { type: T }>;
type Outcome = Decision<ShipmentKind>;

/** Runs a step on a shipment that is still on its way. */
const inTransit = (
  { sending }: ShipmentCommand,
  { status }: ShipmentState,
  step: (sending: Sending) => Outcome,
): Outcome => {
  if (sending === undefined) return rejected({ type: 'absent' });
  return status === 'inTransit' ? step(sending) : rejected({ type: 'settled', how: status });
};

/** Received with every difference named (C7); count and ends are the receiver's own, who is not the one that handed over. */
const receive = (command: Of<'ReceiveShipment'>, sending: Sending): Outcome => {
  const { at, by, count, places, confirmed } = command;
  if (at !== sending.to) return rejected({ type: 'wrongOffice' });
  if (by === sending.handedOverBy) return rejected({ type: 'samePerson' });
  const [seen, broken] = [merged(command.ranges), merged(command.damaged)];
  const malformed = [...seen, ...broken].some((range) => !isSerialRange(range)) || without(broken, seen).length > 0;
  if (malformed) return rejected({ type: 'badRange' });
  if (count !== sizeOf(seen)) return rejected({ type: 'miscounted', named: sizeOf(seen) });
  const missing = without(sending.ranges, seen);
  const beyond = without(seen, sending.ranges);
  const surplus = placed(beyond, places);
  if (!confirmed && missing.length + surplus.length > 0) return rejected({ type: 'differs', missing, surplus });
  const here = without(seen, beyond);
  const damaged = sending.spoilt ? here : without(broken, beyond);
  const ranges = without(here, damaged);
  return accepted({
    type: 'ShipmentReceived',
    data: { at, ranges, damaged, missing, surplus, receivedBy: by },
  } as const);
};

const takeBack = ({ at, by }: Of<'TakeBackShipment'>, { from, ranges, spoilt }: Sending): Outcome =>
  at === from
    ? accepted({
        type: 'ShipmentTakenBack',
        data: { at, ranges, takenBackBy: by, ...(spoilt && { spoilt }) },
      } as const)
    : rejected({ type: 'wrongOffice' });

/** Runs a step on serials that are missing from a shipment, at one of its `ends`. */
const whenMissing = (
  { sending, at, ranges: asked }: Of<'ReportFound' | 'TakeOverLoss'>,
  { missing }: ShipmentState,
  ends: (sending: Sending) => readonly string[],
  step: (sending: Sending, ranges: Ranges) => Outcome,
): Outcome => {
  if (sending === undefined) return rejected({ type: 'absent' });
  if (!ends(sending).includes(at)) return rejected({ type: 'wrongOffice' });
  const ranges = merged(asked);
  if (ranges.length === 0 || !ranges.every(isSerialRange)) return rejected({ type: 'badRange' });
  const others = without(ranges, missing);
  return others.length > 0 ? rejected({ type: 'notMissing', ranges: others }) : step(sending, ranges);
};

/** What was missing turned up at either end. */
const reportFound = (command: Of<'ReportFound'>, state: ShipmentState): Outcome =>
  whenMissing(
    command,
    state,
    ({ from, to }) => [from, to],
    ({ spoilt }, ranges) => {
      const arrival = state.arrivals.length + 1;
      const data = { arrival, at: command.at, ranges, foundBy: command.by, ...(spoilt && { spoilt }) };
      return accepted({ type: 'MissingSerialsFound', data } as const);
    },
  );

/** The sender, who had them last, answers for what was lost (C7). */
const takeOverLoss = (command: Of<'TakeOverLoss'>, state: ShipmentState): Outcome =>
  whenMissing(
    command,
    state,
    ({ from }) => [from],
    (_, ranges) => {
      const arrival = state.arrivals.length + 1;
      return accepted({
        type: 'LossTakenOver',
        data: { arrival, at: command.at, ranges, takenOverBy: command.by },
      } as const);
    },
  );

const decide = (command: ShipmentCommand, state: ShipmentState): Outcome =>
  match(command)
    .with({ type: 'ReceiveShipment' }, (c) => inTransit(c, state, (sending) => receive(c, sending)))
    .with({ type: 'TakeBackShipment' }, (c) => inTransit(c, state, (sending) => takeBack(c, sending)))
    .with({ type: 'ReportFound' }, (c) => reportFound(c, state))
    .with({ type: 'TakeOverLoss' }, (c) => takeOverLoss(c, state))
    .exhaustive();

/** Whole, or void where it was sent so. */
const arrived = (arrival: number, at: string, ranges: Ranges, spoilt: boolean | undefined): Arrival =>
  spoilt ? { arrival, at, ranges: [], damaged: ranges } : { arrival, at, ranges, damaged: [] };

const later = (state: ShipmentState, arrival: Arrival, ranges: Ranges): ShipmentState => ({
  ...state,
  missing: without(state.missing, ranges),
  arrivals: [...state.arrivals, arrival],
});

/** The state after one more event. */
export const evolve = (state: ShipmentState, event: ShipmentEvent): ShipmentState =>
  match(event)
    .with(
      { type: 'ShipmentReceived' },
      ({ data: { at, ranges, damaged, missing } }): ShipmentState => ({
        status: 'received',
        missing,
        arrivals: [{ arrival: 1, at, ranges, damaged }],
      }),
    )
    .with(
      { type: 'ShipmentTakenBack' },
      ({ data: { at, ranges, spoilt } }): ShipmentState => ({
        status: 'takenBack',
        missing: [],
        arrivals: [arrived(1, at, ranges, spoilt)],
      }),
    )
    .with({ type: 'MissingSerialsFound' }, ({ data: { arrival, at, ranges, spoilt } }) =>
      later(state, arrived(arrival, at, ranges, spoilt), ranges),
    )
    .with({ type: 'LossTakenOver' }, ({ data: { arrival, at, ranges } }) =>
      later(state, { arrival, at, ranges: [], damaged: [], missing: ranges }, ranges),
    )
    .exhaustive();

/** One shipment as a decider (C7); its stream is `shipment-<number>` and holds how it ended on its way. */
export const shipmentDecider: Decider<ShipmentKind> = {
  category: 'shipment',
  initialState: { status: 'inTransit', arrivals: [], missing: [] },
  decide,
  evolve,
};
