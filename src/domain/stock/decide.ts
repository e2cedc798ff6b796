import { match } from 'ts-pattern';
import { accepted, type Decider, type Decision, rejected } from '../decider.ts';
import type { StockDispatched, StockEvent, StockReceived, Surplus, VoidReason } from './events.ts';
import { common, merged, type Range, type Ranges, single, sizeOf, union, without } from './ranges.ts';
import { isSerial, isSerialRange } from './serial.ts';
import { evolve, initialState, placed, type StockRequest, type StockState } from './state.ts';

/** What another organisation is to the one that sends, as the tree has it. */
export type Relation = 'child' | 'parent' | 'successor' | 'other';

/** An approved request or an order, as read in the stock that it is for. */
export type Order = { name: string; to: string; source: string; count: number };

/** `stock` is `<office>-<parity>`; `places` says where the books have what lies here and should not. */
export type StockCommand =
  | { type: 'EnterPrintRun'; run: Range }
  | {
      type: 'Dispatch';
      stock: string;
      office: string;
      to: string;
      relation: Relation;
      ranges: Ranges;
      handedOverBy: string;
      order?: Order;
    }
  | { type: 'TakeIn'; arrival: StockReceived['data'] }
  | { type: 'IssueSerial'; serial: number; registrationId: string }
  | { type: 'VoidSerials'; ranges: Ranges; reason: VoidReason }
  | { type: 'CountStock'; office: string; ranges: Ranges; count: number; places: Surplus; confirmed: boolean }
  | { type: 'RequestStock'; count: number }
  | { type: 'ApproveRequest'; request: number; count: number; source: string }
  | { type: 'RefuseRequest'; request: number; reason: string }
  | { type: 'OrderReallocation'; count: number; source: string }
  | { type: 'SetThreshold'; threshold: number };

/** Why a command on a stock did nothing. */
export type StockRejection =
  /** Not serials, or none at all. */
  | { type: 'badRange' }
  | { type: 'badCount' }
  /** Printed before. */
  | { type: 'overlaps'; ranges: Ranges }
  /** Not in this stock, or no longer. */
  | { type: 'notHeld'; ranges: Ranges }
  /** Neither right above nor right below, and no order names both. */
  | { type: 'wrongDestination' }
  | { type: 'beyondOrder'; count: number }
  | { type: 'answered'; shipment: string }
  /** The count and the ranges that were named do not agree: `named` serials stand in the ranges. */
  | { type: 'miscounted'; named: number }
  /** The books say otherwise: to be confirmed. */
  | { type: 'differs'; missing: Ranges; surplus: Surplus }
  /** One request waits already. */
  | { type: 'requested'; request: number }
  | { type: 'noRequest' }
  | { type: 'unreasoned' };

export type StockKind = {
  command: StockCommand;
  state: StockState;
  event: StockEvent;
  rejection: StockRejection;
};

type Of<T extends StockCommand['type']> = Extract<StockCommand, { type: T }>;
type Outcome = Decision<StockKind>;

const mostAtOnce = 10_000_000;
const isCount = (count: number): boolean => Number.isSafeInteger(count) && count > 0 && count <= mostAtOnce;
const areSerials = (ranges: Ranges): boolean => ranges.length > 0 && ranges.every(isSerialRange);

/** Runs a step on ranges that are all held. */
const whenHeld = (ranges: Ranges, { held }: StockState, step: (ranges: Ranges) => Outcome): Outcome => {
  if (!areSerials(ranges)) return rejected({ type: 'badRange' });
  const asked = merged(ranges);
  const lacking = without(asked, held);
  return lacking.length > 0 ? rejected({ type: 'notHeld', ranges: lacking }) : step(asked);
};

const enter = ({ run }: Of<'EnterPrintRun'>, { printed }: StockState): Outcome => {
  if (!isSerialRange(run)) return rejected({ type: 'badRange' });
  const before = common([run], printed);
  if (before.length > 0) return rejected({ type: 'overlaps', ranges: before });
  return accepted({ type: 'PrintRunEntered', data: { from: run.from, to: run.to } } as const);
};

const purposeOf = ({ relation, office, to, order }: Of<'Dispatch'>): StockDispatched['data']['purpose'] | undefined => {
  if (order !== undefined && (order.to !== to || order.source !== office)) return undefined;
  if (relation === 'other') return order && 'reallocate';
  return ({ child: 'dispatch', parent: 'return', successor: 'merger' } as const)[relation];
};

/** Sent down, up, or to whom an approved request or an order names (§3.2.2); each of those is answered once. */
const dispatch = (command: Of<'Dispatch'>, state: StockState): Outcome => {
  const { order, stock, office, to, handedOverBy } = command;
  const purpose = to === office ? undefined : purposeOf(command);
  if (purpose === undefined) return rejected({ type: 'wrongDestination' });
  const before = order && state.sent.find((one) => one.order === order.name && !one.back);
  if (before !== undefined) return rejected({ type: 'answered', shipment: before.shipment });
  return whenHeld(command.ranges, state, (ranges) => {
    if (order !== undefined && sizeOf(ranges) > order.count)
      return rejected({ type: 'beyondOrder', count: order.count });
    const shipment = `${stock}-${state.sent.length + 1}`;
    const data = { shipment, to, purpose, ranges, handedOverBy, ...(order && { order: order.name }) };
    return accepted({ type: 'StockDispatched', data } as const);
  });
};

/** Taken in once, however often it is told. */
const takeIn = ({ arrival }: Of<'TakeIn'>, { arrivals }: StockState): Outcome =>
  arrivals.includes(`${arrival.shipment}/${arrival.arrival}`)
    ? accepted()
    : accepted({ type: 'StockReceived', data: arrival } as const);

const issue = ({ serial, registrationId }: Of<'IssueSerial'>, state: StockState): Outcome => {
  if (!isSerial(serial)) return rejected({ type: 'badRange' });
  return whenHeld([single(serial)], state, () =>
    accepted({ type: 'SerialIssued', data: { serial, registrationId } } as const),
  );
};

/** Counted (C7): what is missing is named, and what lies here and should not, with where the books have it. */
const count = (command: Of<'CountStock'>, state: StockState): Outcome => {
  const { office, places, confirmed } = command;
  if (!command.ranges.every(isSerialRange)) return rejected({ type: 'badRange' });
  const counted = merged(command.ranges);
  const named = sizeOf(counted);
  if (command.count !== named) return rejected({ type: 'miscounted', named });
  const missing = without(state.held, counted);
  const found = common(counted, state.missing);
  const own = (['issued', 'voided'] as const).flatMap((where) =>
    state[where].map((range) => ({ ...range, where, of: office })),
  );
  const surplus = placed(without(counted, union(state.held, found)), [...own, ...places]);
  if (!confirmed && missing.length + surplus.length > 0) return rejected({ type: 'differs', missing, surplus });
  return accepted({ type: 'StockCounted', data: { count: named, missing, found, surplus } } as const);
};

const nextRequest = ({ requests }: StockState): number => requests.length + 1;

const request = (command: Of<'RequestStock'>, state: StockState): Outcome => {
  if (!isCount(command.count)) return rejected({ type: 'badCount' });
  const open = state.requests.find(({ status }) => status === 'open');
  if (open !== undefined) return rejected({ type: 'requested', request: open.request });
  return accepted({ type: 'StockRequested', data: { request: nextRequest(state), count: command.count } } as const);
};

const whenOpen = (number: number, { requests }: StockState, step: (open: StockRequest) => Outcome): Outcome => {
  const open = requests.find((one) => one.request === number && one.status === 'open');
  return open === undefined ? rejected({ type: 'noRequest' }) : step(open);
};

const approve = (command: Of<'ApproveRequest'>, state: StockState): Outcome =>
  whenOpen(command.request, state, ({ request: number }) => {
    const { count: granted, source } = command;
    if (!isCount(granted)) return rejected({ type: 'badCount' });
    return accepted({ type: 'StockRequestApproved', data: { request: number, count: granted, source } } as const);
  });

const refuse = (command: Of<'RefuseRequest'>, state: StockState): Outcome =>
  whenOpen(command.request, state, ({ request: number }) => {
    const reason = command.reason.trim();
    if (reason === '') return rejected({ type: 'unreasoned' });
    return accepted({ type: 'StockRequestRefused', data: { request: number, personal: { reason } } } as const);
  });

const order = (command: Of<'OrderReallocation'>, state: StockState): Outcome => {
  if (!isCount(command.count)) return rejected({ type: 'badCount' });
  const { count: ordered, source } = command;
  return accepted({
    type: 'ReallocationOrdered',
    data: { request: nextRequest(state), count: ordered, source },
  } as const);
};

const setThreshold = ({ threshold }: Of<'SetThreshold'>, state: StockState): Outcome => {
  if (threshold !== 0 && !isCount(threshold)) return rejected({ type: 'badCount' });
  return threshold === state.threshold ? accepted() : accepted({ type: 'ThresholdSet', data: { threshold } } as const);
};

const decide = (command: StockCommand, state: StockState): Outcome =>
  match(command)
    .with({ type: 'EnterPrintRun' }, (c) => enter(c, state))
    .with({ type: 'Dispatch' }, (c) => dispatch(c, state))
    .with({ type: 'TakeIn' }, (c) => takeIn(c, state))
    .with({ type: 'IssueSerial' }, (c) => issue(c, state))
    .with({ type: 'VoidSerials' }, (c) =>
      whenHeld(c.ranges, state, (ranges) =>
        accepted({ type: 'SerialsVoided', data: { ranges, reason: c.reason } } as const),
      ),
    )
    .with({ type: 'CountStock' }, (c) => count(c, state))
    .with({ type: 'RequestStock' }, (c) => request(c, state))
    .with({ type: 'ApproveRequest' }, (c) => approve(c, state))
    .with({ type: 'RefuseRequest' }, (c) => refuse(c, state))
    .with({ type: 'OrderReallocation' }, (c) => order(c, state))
    .with({ type: 'SetThreshold' }, (c) => setThreshold(c, state))
    .exhaustive();

/** One organisation's stock of one parity as a decider (C7); its stream is `stock-<office>-<parity>`. */
export const stockDecider: Decider<StockKind> = { category: 'stock', initialState, decide, evolve };
