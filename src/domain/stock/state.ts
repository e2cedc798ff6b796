import { match } from 'ts-pattern';
import type { DisposalOf, StockDispatched, StockEvent, StockTaken, Surplus } from './events.ts';
import { common, type Range, type Ranges, single, sizeOf, union, without } from './ranges.ts';

/** What left: as it was sent, and whether it came back unopened. */
export type Sent = StockDispatched['data'] & { back: boolean };

/** A request for more, or an order of the level above, by its number. */
export type StockRequest = {
  request: number;
  count: number;
  status: 'open' | 'approved' | 'refused' | 'answered';
  source?: string;
};

/** What waits for the second person. */
export type OpenDisposal = { disposal: number; ranges: Ranges; proposedBy: string } & DisposalOf;

/** The sets that share no serial: each is in one of them, or on its way, or elsewhere. */
export const stockSets = ['held', 'issued', 'voided', 'missing', 'writtenOff', 'destroyed'] as const;

/** One stock as the fold of its stream. */
export type StockState = {
  /** What the province had printed; empty everywhere else. */
  printed: Ranges;
  held: Ranges;
  issued: Ranges;
  voided: Ranges;
  missing: Ranges;
  writtenOff: Ranges;
  destroyed: Ranges;
  /** How often it was counted, and the newest count while it waits to be confirmed. */
  takes: number;
  open?: StockTaken['data'];
  /** How many disposals were proposed, and the one that waits. */
  disposals: number;
  disposal?: OpenDisposal;
  /** In the order of their numbers, the first is number 1. */
  sent: readonly Sent[];
  /** What was taken in, each as `<shipment>/<arrival>`. */
  arrivals: readonly string[];
  requests: readonly StockRequest[];
  threshold: number;
};

export const initialState: StockState = {
  printed: [],
  held: [],
  issued: [],
  voided: [],
  missing: [],
  writtenOff: [],
  destroyed: [],
  takes: 0,
  disposals: 0,
  sent: [],
  arrivals: [],
  requests: [],
  threshold: 0,
};

/** How an order is named outside the stock that it is for: `<office>-<parity>/<number>`. */
export const orderName = (stock: string, request: number): string => `${stock}/${request}`;

/** Gives each serial of a surplus the first of the places that has it; what none has was never printed. */
export const placed = (surplus: Ranges, places: Surplus): Surplus => {
  let left = surplus;
  const found = places.flatMap(({ from, to, where, of }) => {
    const here = common(left, [{ from, to }]);
    left = without(left, here);
    return here.map((range) => ({ ...range, where, of }));
  });
  const nowhere = left.map((range: Range) => ({ ...range, where: 'nowhere' as const, of: '' }));
  return [...found, ...nowhere].toSorted((one, other) => one.from - other.from);
};

const withRequest = (state: StockState, request: StockRequest): StockState => ({
  ...state,
  requests: [...state.requests.filter((one) => one.request !== request.request), request],
});

const changedRequest = (state: StockState, request: number, change: Partial<StockRequest>): StockState => ({
  ...state,
  requests: state.requests.map((one) => (one.request === request ? { ...one, ...change } : one)),
});

const received = (state: StockState, data: Extract<StockEvent, { type: 'StockReceived' }>['data']): StockState => {
  const { shipment, arrival, ranges, damaged, missing = [], order } = data;
  // What comes back whole answers no order: it can be sent anew.
  const sent = state.sent.map((one) =>
    one.shipment === shipment && sizeOf(one.ranges) === sizeOf(ranges) ? { ...one, back: true } : one,
  );
  const now = {
    ...state,
    sent,
    held: union(state.held, ranges),
    voided: union(state.voided, damaged),
    missing: union(state.missing, missing),
    arrivals: [...state.arrivals, `${shipment}/${arrival}`],
  };
  const request = Number(order?.split('/').at(-1));
  return order === undefined ? now : changedRequest(now, request, { status: 'answered' });
};

const withoutTake = ({ open: _, ...state }: StockState): StockState => state;
const withoutDisposal = ({ disposal: _, ...state }: StockState): StockState => state;

export const evolve = (state: StockState, event: StockEvent): StockState =>
  match(event)
    .with({ type: 'PrintRunEntered' }, ({ data: { from, to } }) => ({
      ...state,
      printed: union(state.printed, [{ from, to }]),
      held: union(state.held, [{ from, to }]),
    }))
    .with({ type: 'StockDispatched' }, ({ data }) => ({
      ...state,
      ...(data.spoilt ? { voided: without(state.voided, data.ranges) } : { held: without(state.held, data.ranges) }),
      sent: [...state.sent, { ...data, back: false }],
    }))
    .with({ type: 'StockReceived' }, ({ data }) => received(state, data))
    .with({ type: 'SerialIssued' }, ({ data: { serial } }) => ({
      ...state,
      held: without(state.held, [single(serial)]),
      issued: union(state.issued, [single(serial)]),
    }))
    .with({ type: 'SerialsVoided' }, ({ data: { ranges } }) => ({
      ...state,
      held: without(state.held, ranges),
      voided: union(state.voided, ranges),
    }))
    .with({ type: 'StockTaken' }, ({ data }) => ({ ...state, takes: data.take, open: data }))
    .with({ type: 'StockCounted' }, ({ data: { missing, found } }) => ({
      ...withoutTake(state),
      held: union(without(state.held, missing), found),
      missing: union(without(state.missing, found), missing),
    }))
    .with({ type: 'DisposalProposed' }, ({ data: { personal: _, ...disposal } }) => ({
      ...state,
      disposals: disposal.disposal,
      disposal,
    }))
    .with({ type: 'DisposalDismissed' }, () => withoutDisposal(state))
    .with({ type: 'SerialsWrittenOff' }, ({ data: { ranges } }) => ({
      ...withoutDisposal(state),
      missing: without(state.missing, ranges),
      writtenOff: union(state.writtenOff, ranges),
    }))
    .with({ type: 'SpoiltSerialsDestroyed' }, ({ data: { ranges } }) => ({
      ...withoutDisposal(state),
      voided: without(state.voided, ranges),
      destroyed: union(state.destroyed, ranges),
    }))
    .with({ type: 'StockRequested' }, ({ data }) => withRequest(state, { ...data, status: 'open' }))
    .with({ type: 'StockRequestApproved' }, ({ data: { request, count, source } }) =>
      changedRequest(state, request, { status: 'approved', count, source }),
    )
    .with({ type: 'StockRequestRefused' }, ({ data }) => changedRequest(state, data.request, { status: 'refused' }))
    .with({ type: 'ReallocationOrdered' }, ({ data }) => withRequest(state, { ...data, status: 'approved' }))
    .with({ type: 'ThresholdSet' }, ({ data }) => ({ ...state, threshold: data.threshold }))
    .exhaustive();
