import { match } from 'ts-pattern';
import { accepted, type Decider, rejected } from '../decider.ts';
import { type Of, type Outcome, type StockCommand, type StockKind, whenIn } from './commands.ts';
import { confirmTake, take } from './count.ts';
import { approveDisposal, dismiss, propose } from './disposal.ts';
import type { StockDispatched } from './events.ts';
import { common, single, sizeOf } from './ranges.ts';
import { isSerial, isSerialRange } from './serial.ts';
import { evolve, initialState, type StockRequest, type StockState } from './state.ts';

const mostAtOnce = 10_000_000;
const isCount = (count: number): boolean => Number.isSafeInteger(count) && count > 0 && count <= mostAtOnce;

const enter = ({ run }: Of<'EnterPrintRun'>, { printed }: StockState): Outcome => {
  if (!isSerialRange(run)) return rejected({ type: 'badRange' });
  const before = common([run], printed);
  if (before.length > 0) return rejected({ type: 'overlaps', ranges: before });
  return accepted({ type: 'PrintRunEntered', data: { from: run.from, to: run.to } } as const);
};

const purposeOf = (command: Of<'Dispatch'>): StockDispatched['data']['purpose'] | undefined => {
  const { relation, office, to, order, spoilt } = command;
  // Void ones go up, or to a successor, and answer nothing.
  if (spoilt && (order !== undefined || relation === 'child' || relation === 'other')) return undefined;
  if (order !== undefined && (order.to !== to || order.source !== office)) return undefined;
  if (relation === 'other') return order && 'reallocate';
  return ({ child: 'dispatch', parent: 'return', successor: 'merger' } as const)[relation];
};

/** Sent down, up, or to whom an approved request or an order names (§3.2.2); each of those is answered once. */
const dispatch = (command: Of<'Dispatch'>, state: StockState): Outcome => {
  const { order, stock, office, to, handedOverBy, spoilt } = command;
  const purpose = to === office ? undefined : purposeOf(command);
  if (purpose === undefined) return rejected({ type: 'wrongDestination' });
  const before = order && state.sent.find((one) => one.order === order.name && !one.back);
  if (before !== undefined) return rejected({ type: 'answered', shipment: before.shipment });
  const [from, lacking] = spoilt ? ([state.voided, 'notVoid'] as const) : ([state.held, 'notHeld'] as const);
  return whenIn(command.ranges, from, lacking, (ranges) => {
    if (order !== undefined && sizeOf(ranges) > order.count)
      return rejected({ type: 'beyondOrder', count: order.count });
    const shipment = `${stock}-${state.sent.length + 1}`;
    const more = { ...(order && { order: order.name }), ...(spoilt && { spoilt }) };
    const data = { shipment, to, purpose, ranges, handedOverBy, ...more };
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
  return whenIn([single(serial)], state.held, 'notHeld', () =>
    accepted({ type: 'SerialIssued', data: { serial, registrationId } } as const),
  );
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
      whenIn(c.ranges, state.held, 'notHeld', (ranges) =>
        accepted({ type: 'SerialsVoided', data: { ranges, reason: c.reason } } as const),
      ),
    )
    .with({ type: 'TakeStock' }, (c) => take(c, state))
    .with({ type: 'ConfirmTake' }, (c) => confirmTake(c, state))
    .with({ type: 'ProposeDisposal' }, (c) => propose(c, state))
    .with({ type: 'ApproveDisposal' }, (c) => approveDisposal(c, state))
    .with({ type: 'DismissDisposal' }, (c) => dismiss(c, state))
    .with({ type: 'RequestStock' }, (c) => request(c, state))
    .with({ type: 'ApproveRequest' }, (c) => approve(c, state))
    .with({ type: 'RefuseRequest' }, (c) => refuse(c, state))
    .with({ type: 'OrderReallocation' }, (c) => order(c, state))
    .with({ type: 'SetThreshold' }, (c) => setThreshold(c, state))
    .exhaustive();

/** One organisation's stock of one parity as a decider (C7); its stream is `stock-<office>-<parity>`. */
export const stockDecider: Decider<StockKind> = { category: 'stock', initialState, decide, evolve };
