import type { DisposalOf, ShipmentEvent, StockEvent, Surplus } from '#domain/stock/events.ts';
import type { Ranges } from '#domain/stock/ranges.ts';
import { listText, translate } from '../../locale.ts';
import { rangesText } from '../../serials.ts';
import type { Fact, Teller, Telling } from './recordFacts.ts';
import { officeNameAt } from './shown.ts';
import { shownAnswer } from './shownAnswer.ts';

type Told = StockEvent | ShipmentEvent;

const text = ({ reader }: Telling, key: string, fill?: Readonly<Record<string, unknown>>) =>
  translate(reader.locale, `stockWords.${key}`, fill);
const office = ({ services, at }: Telling, code: string) => officeNameAt(services, code, at);
const ranges = (telling: Telling, label: string, of: Ranges): Fact => [label, rangesText(telling.reader.locale, of)];
const surplusOf = (telling: Telling, surplus: Surplus): Fact => [
  'surplus',
  listText(
    telling.reader.locale,
    surplus.map((one) => {
      const of = one.where.endsWith('ransit') ? one.of : one.of === '' ? '' : office(telling, one.of);
      return text(telling, 'placed', {
        ranges: rangesText(telling.reader.locale, [one]),
        place: text(telling, `places.${one.where}`, { of }),
      });
    }),
  ),
];
const policy: Fact = ['policy', '§3.1.4, §3.2.2'];
const reasonOf = (personal: { reason: string } | undefined): Fact => ['reason', personal?.reason];
const disposal = (telling: Telling, of: DisposalOf): readonly Fact[] => [
  ['disposal', text(telling, `disposals.${of.kind}`)],
  of.kind === 'writeOff'
    ? ['holder', of.holder]
    : ['destroyedOn', shownAnswer(telling.reader, 'marriage.registeredOn', of.destroyedOn)],
];
const request = (
  telling: Telling,
  { request: number, count, source }: { request: number; count?: number; source?: string },
): readonly Fact[] => [
  ['request', String(number)],
  ['count', count === undefined ? undefined : String(count)],
  ['sentFrom', source && office(telling, source)],
  policy,
];

/** What happened to a stock or a shipment; the parity stands in whose trail it is. */
export const stockTellers: { readonly [T in Told['type']]: Teller<Extract<Told, { type: T }>> } = {
  PrintRunEntered: (run, telling) => ({ facts: [ranges(telling, 'serials', [run]), policy] }),
  StockDispatched: (data, telling) => ({
    facts: [
      ['shipment', data.shipment],
      ['purpose', text(telling, `purposes.${data.spoilt ? 'spoilt' : data.purpose}`)],
      ['sentTo', office(telling, data.to)],
      ranges(telling, 'serials', data.ranges),
      ['handedOverBy', data.handedOverBy],
      ['order', data.order],
    ],
  }),
  StockReceived: (data, telling) => ({
    facts: [
      ['shipment', data.shipment],
      ranges(telling, 'serials', data.ranges),
      ranges(telling, 'damaged', data.damaged),
      ranges(telling, 'missing', data.missing ?? []),
      ['order', data.order],
    ],
  }),
  SerialIssued: ({ serial }, telling) => ({ facts: [ranges(telling, 'serials', [{ from: serial, to: serial }])] }),
  SerialsVoided: (data, telling) => ({
    facts: [ranges(telling, 'serials', data.ranges), ['reason', text(telling, `voidReasons.${data.reason}`)]],
  }),
  StockTaken: (data, telling) => ({
    facts: [
      ['counted', String(data.count)],
      ranges(telling, 'missing', data.missing),
      ranges(telling, 'found', data.found),
      surplusOf(telling, data.surplus),
    ],
  }),
  StockCounted: (data, telling) => ({
    facts: [
      ['counted', String(data.count)],
      ranges(telling, 'missing', data.missing),
      ranges(telling, 'found', data.found),
      surplusOf(telling, data.surplus),
    ],
  }),
  DisposalProposed: (data, telling) => ({
    facts: [...disposal(telling, data), ranges(telling, 'serials', data.ranges), reasonOf(data.personal)],
  }),
  DisposalDismissed: ({ personal }) => ({ facts: [reasonOf(personal)] }),
  SerialsWrittenOff: (data, telling) => ({
    facts: [...disposal(telling, { kind: 'writeOff', ...data }), ranges(telling, 'serials', data.ranges)],
  }),
  SpoiltSerialsDestroyed: (data, telling) => ({
    facts: [...disposal(telling, { kind: 'destruction', ...data }), ranges(telling, 'serials', data.ranges)],
  }),
  StockRequested: (data, telling) => ({ facts: request(telling, data) }),
  StockRequestApproved: (data, telling) => ({ facts: request(telling, data) }),
  StockRequestRefused: (data, telling) => ({ facts: [...request(telling, data), reasonOf(data.personal)] }),
  ReallocationOrdered: (data, telling) => ({ facts: request(telling, data) }),
  ThresholdSet: ({ threshold }) => ({ facts: [['threshold', String(threshold)]] }),
  ShipmentReceived: (data, telling) => ({
    facts: [
      ['office', office(telling, data.at)],
      ranges(telling, 'serials', data.ranges),
      ranges(telling, 'damaged', data.damaged),
      ranges(telling, 'missing', data.missing),
      surplusOf(telling, data.surplus),
      ['receivedBy', data.receivedBy],
    ],
  }),
  ShipmentTakenBack: (data, telling) => ({
    facts: [['office', office(telling, data.at)], ranges(telling, 'serials', data.ranges)],
  }),
  MissingSerialsFound: (data, telling) => ({
    facts: [['office', office(telling, data.at)], ranges(telling, 'found', data.ranges)],
  }),
  LossTakenOver: (data, telling) => ({
    facts: [['office', office(telling, data.at)], ranges(telling, 'missing', data.ranges)],
  }),
};
