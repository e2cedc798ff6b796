import type { Decider, Kind } from '#domain/decider.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import type { ShipmentEvent, StockEvent } from '#domain/stock/events.ts';
import { shipmentDecider } from '#domain/stock/shipment.ts';

/** Every event that concerns the stock of ordinary certificates. */
export type StockSample = StockEvent | ShipmentEvent;

const province = 'stock-52-1';
const county = 'stock-520111-1';
const shipment = '52-1-1';
const ranges = [{ from: 202600000001, to: 202600000400 }];
const order = '520111-1/1';
const surplus = [{ from: 202600000501, to: 202600000501, where: 'held', of: '52' }] as const;

/** One event of every type that concerns stock: what new golden files are made of. */
export const stockSamples: {
  readonly [T in StockSample['type']]: { stream: string; data: Extract<StockSample, { type: T }>['data'] };
} = {
  PrintRunEntered: { stream: province, data: { from: 202600000001, to: 202601000000 } },
  StockDispatched: {
    stream: province,
    data: { shipment, to: '520111', purpose: 'dispatch', ranges, handedOverBy: 'czy-52', order },
  },
  StockReceived: {
    stream: county,
    data: {
      shipment,
      arrival: 1,
      ranges: [{ from: 202600000001, to: 202600000398 }],
      damaged: [{ from: 202600000399, to: 202600000399 }],
      order,
    },
  },
  SerialIssued: {
    stream: county,
    data: { serial: 202600000001, registrationId: '019f0000-0000-7000-8000-000000000100' },
  },
  SerialsVoided: {
    stream: county,
    data: { ranges: [{ from: 202600000002, to: 202600000003 }], reason: 'misprinted' },
  },
  StockTaken: {
    stream: county,
    data: {
      take: 1,
      count: 398,
      missing: [{ from: 202600000010, to: 202600000010 }],
      found: [],
      surplus,
      takenBy: 'czy-520111',
    },
  },
  DisposalProposed: {
    stream: county,
    data: {
      disposal: 1,
      ranges: [{ from: 202600000010, to: 202600000010 }],
      proposedBy: 'czy-520111',
      kind: 'writeOff',
      holder: 'czy-520111',
      personal: { reason: '王芳经手保管期间遗失，已登报声明作废。' },
    },
  },
  DisposalDismissed: {
    stream: county,
    data: { disposal: 1, dismissedBy: 'huaxi', personal: { reason: '请王芳先在档案室查找。' } },
  },
  SerialsWrittenOff: {
    stream: county,
    data: {
      disposal: 1,
      ranges: [{ from: 202600000010, to: 202600000010 }],
      holder: 'czy-520111',
      approvedBy: 'huaxi',
    },
  },
  SpoiltSerialsDestroyed: {
    stream: county,
    data: {
      disposal: 2,
      ranges: [{ from: 202600000002, to: 202600000003 }],
      destroyedOn: '2026-11-24',
      witnessedBy: 'huaxi',
    },
  },
  StockCounted: {
    stream: county,
    data: { count: 398, missing: [{ from: 202600000010, to: 202600000010 }], found: [], surplus },
  },
  StockRequested: { stream: county, data: { request: 1, count: 400 } },
  StockRequestApproved: { stream: county, data: { request: 1, count: 400, source: '52' } },
  StockRequestRefused: { stream: county, data: { request: 1, personal: { reason: '本季度已派发，请先盘点。' } } },
  ReallocationOrdered: { stream: county, data: { request: 1, count: 50, source: '520103' } },
  ThresholdSet: { stream: county, data: { threshold: 50 } },
  ShipmentReceived: {
    stream: `shipment-${shipment}`,
    data: {
      at: '520111',
      ranges: [{ from: 202600000001, to: 202600000398 }],
      damaged: [{ from: 202600000399, to: 202600000399 }],
      missing: [{ from: 202600000400, to: 202600000400 }],
      surplus,
      receivedBy: 'czy-520111',
    },
  },
  ShipmentTakenBack: { stream: `shipment-${shipment}`, data: { at: '52', ranges, takenBackBy: 'czy-52' } },
  MissingSerialsFound: {
    stream: `shipment-${shipment}`,
    data: { arrival: 2, at: '52', ranges: [{ from: 202600000400, to: 202600000400 }], foundBy: 'czy-52' },
  },
  LossTakenOver: {
    stream: `shipment-${shipment}`,
    data: { arrival: 2, at: '52', ranges: [{ from: 202600000400, to: 202600000400 }], takenOverBy: 'czy-52' },
  },
};

type Fold = { decider: Decider<Kind>; after?: readonly StockSample['type'][]; into: object };

const stock = (into: object, ...after: readonly StockSample['type'][]): Fold => ({
  decider: stockDecider as unknown as Decider<Kind>,
  after,
  into,
});
const sent = (into: object, ...after: readonly StockSample['type'][]): Fold => ({
  decider: shipmentDecider as unknown as Decider<Kind>,
  after,
  into,
});

/** What each of them makes of its aggregate. */
export const stockFolds: { readonly [T in StockSample['type']]: Fold } = {
  PrintRunEntered: stock({
    printed: [{ from: 202600000001, to: 202601000000 }],
    held: [{ from: 202600000001, to: 202601000000 }],
  }),
  StockDispatched: stock(
    { held: [{ from: 202600000401, to: 202601000000 }], sent: [{ shipment, back: false }] },
    'PrintRunEntered',
  ),
  StockReceived: stock(
    {
      held: [{ from: 202600000001, to: 202600000398 }],
      voided: [{ from: 202600000399, to: 202600000399 }],
      arrivals: ['52-1-1/1'],
      requests: [{ request: 1, status: 'answered' }],
    },
    'StockRequested',
    'StockRequestApproved',
  ),
  SerialIssued: stock(
    { held: [{ from: 202600000002, to: 202600000398 }], issued: [{ from: 202600000001, to: 202600000001 }] },
    'StockReceived',
  ),
  SerialsVoided: stock(
    {
      voided: [
        { from: 202600000002, to: 202600000003 },
        { from: 202600000399, to: 202600000399 },
      ],
    },
    'StockReceived',
  ),
  StockTaken: stock({ takes: 1, open: { take: 1, takenBy: 'czy-520111' }, missing: [] }, 'StockReceived'),
  DisposalProposed: stock({ disposals: 1, disposal: { kind: 'writeOff', holder: 'czy-520111' } }, 'StockCounted'),
  DisposalDismissed: stock({ disposals: 1 }, 'DisposalProposed'),
  SerialsWrittenOff: stock(
    { missing: [], writtenOff: [{ from: 202600000010, to: 202600000010 }] },
    'StockReceived',
    'StockCounted',
  ),
  SpoiltSerialsDestroyed: stock(
    { voided: [], destroyed: [{ from: 202600000002, to: 202600000003 }] },
    'PrintRunEntered',
    'SerialsVoided',
  ),
  StockCounted: stock({ missing: [{ from: 202600000010, to: 202600000010 }] }, 'StockReceived'),
  StockRequested: stock({ requests: [{ request: 1, count: 400, status: 'open' }] }),
  StockRequestApproved: stock(
    { requests: [{ request: 1, count: 400, status: 'approved', source: '52' }] },
    'StockRequested',
  ),
  StockRequestRefused: stock({ requests: [{ request: 1, count: 400, status: 'refused' }] }, 'StockRequested'),
  ReallocationOrdered: stock({ requests: [{ request: 1, count: 50, status: 'approved', source: '520103' }] }),
  ThresholdSet: stock({ threshold: 50 }),
  ShipmentReceived: sent({ status: 'received', missing: [{ from: 202600000400, to: 202600000400 }] }),
  ShipmentTakenBack: sent({ status: 'takenBack', arrivals: [{ arrival: 1, at: '52', ranges }] }),
  MissingSerialsFound: sent({ missing: [], arrivals: [{ arrival: 1 }, { arrival: 2, at: '52' }] }, 'ShipmentReceived'),
  LossTakenOver: sent(
    { missing: [], arrivals: [{ arrival: 1 }, { arrival: 2, at: '52', ranges: [] }] },
    'ShipmentReceived',
  ),
};
