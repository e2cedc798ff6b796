import { z } from 'zod';
import type { Services } from '#application/services.ts';
import type { ShipmentOutcome } from '#application/stockActing.ts';
import type { DispatchOutcome } from '#application/stockCommands.ts';
import { isDay } from '#domain/calendar/day.ts';
import { voidReasons } from '#domain/stock/events.ts';
import { parseShipment } from '#domain/stock/numbers.ts';
import { changing } from './changing.ts';
import type { Api } from './document.ts';
import { problems } from './schemas.ts';
import { byShipment, byStock, shipmentUrl, stockIn, stockUrl } from './stockAddress.ts';
import { stockDone } from './stockOutcomes.ts';
import { rangeSchema, rangesIn, rangesSchema, shipmentSchema, stockSchema } from './stockSchemas.ts';
import { shipmentSeen, stockSeen } from './stockShown.ts';

const refusals = problems(400, 401, 403, 404, 412, 422);
const counted = z.object({ ranges: rangesSchema, count: z.number(), confirmed: z.boolean().default(false) });
const someRanges = z.object({ ranges: rangesSchema });
const office = z.string().max(24);
const count = z.number().int();
const reason = z.string().max(500);
const nothing = z.object({}).nullish();

/** A change of one stock, its ranges read for the parity of its address. */
const stockChanges = (api: Api, services: Services) =>
  changing<typeof byStock, DispatchOutcome>(api, services, {
    url: `${stockUrl}/:office/:parity`,
    params: byStock,
    response: { 200: stockSchema, ...refusals },
    once: 'key',
    seen: (request, of) => stockSeen(services, request, stockIn(of)),
    done: (outcome, of) => stockDone(outcome, stockIn(of).parity),
  });
type StockChanges = ReturnType<typeof stockChanges>;

const moves = (change: StockChanges, { stock }: Services): void => {
  change({
    name: 'print-run',
    delicate: true,
    summary: '印制入账 · Enter serials that the province had printed (§3.2.2)',
    body: rangeSchema,
    perform: (of, act, range) => {
      const [run] = rangesIn(stockIn(of).parity, [range]);
      return stock.enterPrintRun(stockIn(of), act, run ?? { from: 0, to: 0 });
    },
  });
  change({
    name: 'dispatch',
    summary: '派发、退回、调配 · Send serials down, up, or where an order says; void ones up (§3.2.2)',
    body: someRanges.extend({ to: office, order: z.string().max(60).optional(), spoilt: z.literal(true).optional() }),
    perform: (of, act, { ranges, ...sending }) =>
      stock.dispatch(stockIn(of), act, { ...sending, ranges: rangesIn(stockIn(of).parity, ranges) }),
  });
  change({
    name: 'void',
    summary: '作废 · Void what was spoilt before it was issued',
    body: someRanges.extend({ reason: z.enum(voidReasons) }),
    perform: (of, act, body) =>
      stock.voidSerials(stockIn(of), act, rangesIn(stockIn(of).parity, body.ranges), body.reason),
  });
};

const checks = (change: StockChanges, { stock }: Services): void => {
  change({
    name: 'count',
    summary: '盘点 · Record a stock-take; a second person confirms it',
    body: counted,
    perform: (of, act, body) =>
      stock.count(stockIn(of), act, { ...body, ranges: rangesIn(stockIn(of).parity, body.ranges) }),
  });
  change({
    name: 'confirm-count',
    summary: '复核盘点 · Confirm a stock-take, as another person than counted',
    body: z.object({ take: count }),
    perform: (of, act, { take }) => stock.confirmCount(stockIn(of), act, take),
  });
  change({
    name: 'write-off',
    delicate: true,
    summary: '提请缺失核销 · Propose that missing serials be written off, naming who had them last',
    body: someRanges.extend({ holder: z.string().max(60), reason }),
    perform: (of, act, { ranges, ...told }) => {
      const missing = rangesIn(stockIn(of).parity, ranges);
      return stock.proposeDisposal(stockIn(of), act, { kind: 'writeOff', ranges: missing, ...told });
    },
  });
  change({
    name: 'destroy',
    delicate: true,
    summary: '销毁作废证件 · Tell that void serials were destroyed; a witness confirms it',
    body: someRanges.extend({ destroyedOn: z.string().refine(isDay, 'malformed'), reason }),
    perform: (of, act, { ranges, ...told }) => {
      const voided = rangesIn(stockIn(of).parity, ranges);
      return stock.proposeDisposal(stockIn(of), act, { kind: 'destruction', ranges: voided, ...told });
    },
  });
  change({
    name: 'approve-disposal',
    delicate: true,
    summary: '复核核销或销毁 · Agree to a write-off, or witness a destruction, as a second person',
    body: z.object({ disposal: count }),
    perform: (of, act, { disposal }) => stock.approveDisposal(stockIn(of), act, disposal),
  });
  change({
    name: 'dismiss-disposal',
    summary: '退回核销或销毁 · Send a write-off or destruction back, with the reason',
    body: z.object({ disposal: count, reason }),
    perform: (of, act, body) => stock.dismissDisposal(stockIn(of), act, body),
  });
};

const requests = (change: StockChanges, { stock }: Services): void => {
  change({
    name: 'request',
    summary: '申请调配 · Ask the level above for so many (§3.1.4)',
    body: z.object({ count }),
    perform: (of, act, body) => stock.request(stockIn(of), act, body.count),
  });
  change({
    name: 'threshold',
    summary: '预警数 · From so few on the organisation is warned; 0: never',
    body: z.object({ threshold: count }),
    perform: (of, act, { threshold }) => stock.setThreshold(stockIn(of), act, threshold),
  });
  change({
    name: 'approve',
    summary: '同意申请 · Grant a request of one right below, from the own stock or another’s (§3.2.2)',
    body: z.object({ request: count, count, source: office }),
    perform: (of, act, granted) => stock.approve(stockIn(of), act, granted),
  });
  change({
    name: 'refuse',
    summary: '退回申请 · Refuse a request, with the reason',
    body: z.object({ request: count, reason }),
    perform: (of, act, refused) => stock.refuse(stockIn(of), act, refused),
  });
  change({
    name: 'reallocate',
    summary: '安排调配 · Let one right below get serials from another (§3.2.2)',
    body: z.object({ count, source: office }),
    perform: (of, act, ordered) => stock.orderReallocation(stockIn(of), act, ordered),
  });
};

/** What programs do with one stock. */
export const stockActs = (api: Api, services: Services): void => {
  const change = stockChanges(api, services);
  moves(change, services);
  checks(change, services);
  requests(change, services);
};

const parityOf = ({ shipment }: z.infer<typeof byShipment>) => parseShipment(shipment)?.parity ?? 1;

/** What programs do with one shipment. */
export const shipmentActs = (api: Api, services: Services): void => {
  const { stock } = services;
  const change = changing<typeof byShipment, ShipmentOutcome>(api, services, {
    url: `${shipmentUrl}/:shipment`,
    params: byShipment,
    response: { 200: shipmentSchema, ...refusals },
    once: 'key',
    seen: (request, { shipment }) => shipmentSeen(services, request, shipment),
    done: (outcome, of) => stockDone(outcome, parityOf(of)),
  });
  change({
    name: 'receive',
    summary: '清点入库 · Receive a shipment as it was counted, as another person than handed it over',
    body: counted.extend({ damaged: rangesSchema.default([]) }),
    perform: (of, act, body) => {
      const [ranges, damaged] = [body.ranges, body.damaged].map((some) => rangesIn(parityOf(of), some));
      return stock.receive(of.shipment, act, { ...body, ranges: ranges ?? [], damaged: damaged ?? [] });
    },
  });
  change({
    name: 'take-back',
    summary: '收回 · Take a shipment back that never came to its receiver',
    body: nothing,
    perform: (of, act) => stock.takeBack(of.shipment, act),
  });
  change({
    name: 'found',
    summary: '找回 · Take in serials that were missing from a shipment and turned up at either end',
    body: someRanges.extend({ office }),
    perform: (of, act, body) => stock.reportFound(of.shipment, body.office, act, rangesIn(parityOf(of), body.ranges)),
  });
  change({
    name: 'take-over-loss',
    summary: '认领途中缺失 · Take over, as the sender, what was lost on the way',
    body: someRanges,
    perform: (of, act, body) => stock.takeOverLoss(of.shipment, act, rangesIn(parityOf(of), body.ranges)),
  });
};
