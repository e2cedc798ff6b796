import { parseOrder, stockId } from '#domain/stock/numbers.ts';
import { firstOf, type Ranges, sizeOf } from '#domain/stock/ranges.ts';
import { type PrintedParity, serialText } from '#domain/stock/serial.ts';
import { orderName } from '#domain/stock/state.ts';
import { staffOf } from './access.ts';
import { officeName } from './shown.ts';
import { countIn, type Field, type StockForm, type Turn, type Typed, textIn, withRanges } from './stockForm.ts';
import { may, seenOf, shipmentPage, stockPage } from './stockPlace.ts';
import type { StockSubject } from './stockSubject.ts';

/** Ranges as a field takes them, one a line. */
export const typedRanges = (parity: PrintedParity, ranges: Ranges): string =>
  ranges
    .map(({ from, to }) => [from, to].map((serial) => serialText(parity, serial)))
    .map(([from, to]) => (from === to ? from : `${from} 至 ${to}`))
    .join('\n');

const openRequest = ({ found }: StockSubject) => found.requests.find(({ status }) => status === 'open');

/** Who can send serials to an organisation: the level above it and those beside it, with what each holds. */
const sources = async ({ services, request }: Turn, { of }: StockSubject) => {
  const parent = services.deps.offices.find(of.office)?.parent ?? '';
  const { total, own, below } = seenOf(await services.stock.totals(staffOf(request), parent, of.parity));
  const lines = [
    { office: parent, row: total.row ?? own.row },
    ...below.map((one) => ({ office: one.office.code, row: one.view.row })),
  ];
  return lines
    .filter(({ office, row }) => office !== of.office && sizeOf(row?.held ?? []) > 0)
    .map(({ office, row }) => {
      const fill = { office: officeName(services, office), count: sizeOf(row?.held ?? []) };
      return { value: office, text: request.text('stock.source', fill) };
    });
};

const supplies = ({ services, request }: Turn, { of }: StockSubject) =>
  may(services, request, { act: 'supplyStock', office: of.office });

/** Where serials can be sent to: one right below, the one right above, or who goes on for a merged one. */
const destinations = ({ services, request }: Turn, { of }: StockSubject) => {
  const { offices } = services.deps;
  const successor = offices.current(of.office);
  const parent = offices.find(offices.find(of.office)?.parent ?? '');
  const below = offices
    .children(of.office)
    .filter(({ kind, status }) => kind === 'administration' && status === 'active');
  const back =
    parent === undefined ? [] : [{ value: parent.code, text: request.text('stock.up', { office: parent.name }) }];
  if (successor !== of.office) return [{ value: successor, text: officeName(services, successor) }];
  return [...below.map(({ code, name }) => ({ value: code, text: name })), ...back];
};

const dispatchFields = async (turn: Turn, at: StockSubject, typed: Typed): Promise<readonly Field[]> => {
  const { services, request } = turn;
  const order = parseOrder(textIn(typed, 'order'));
  const ranges = (count: number) => typedRanges(at.of.parity, firstOf(at.found.view.row?.held ?? [], count));
  if (order === undefined) {
    const options = destinations(turn, at);
    return [
      { name: 'to', kind: 'select', value: textIn(typed, 'to'), options },
      { name: 'ranges', kind: 'ranges', value: '' },
      ...(at.found.view.counts.voided > 0 ? [{ name: 'spoilt', kind: 'check' } as const] : []),
    ];
  }
  const waiting = seenOf(await services.stock.waiting(staffOf(request))).toSend;
  const line = waiting.find(({ name }) => name === textIn(typed, 'order'));
  return [
    { name: 'order', kind: 'hidden', value: textIn(typed, 'order') },
    {
      name: 'to',
      kind: 'select',
      value: order.office,
      options: [{ value: order.office, text: officeName(services, order.office) }],
    },
    { name: 'ranges', kind: 'ranges', value: ranges(line?.count ?? 0) },
  ];
};

/** Sending serials on, and the requests and orders that say so (§3.1.4, §3.2.2). */
export const orderForms: readonly StockForm<StockSubject>[] = [
  {
    name: 'dispatch',
    key: 'dispatch',
    may: ({ services, request }, { of }) => may(services, request, { act: 'manageStock', office: of.office }),
    fields: dispatchFields,
    perform: ({ services }, at, act, typed) =>
      withRanges(typed, at, (ranges) => {
        const order = textIn(typed, 'order');
        const more = {
          ...(order !== '' && { order }),
          ...(textIn(typed, 'spoilt') !== '' && { spoilt: true as const }),
        };
        return services.stock.dispatch(at.of, act, { to: textIn(typed, 'to'), ranges, ...more });
      }),
    to: (at, outcome) => (outcome.outcome === 'dispatched' ? shipmentPage(outcome.shipment) : stockPage(at.of)),
  },
  {
    name: 'request',
    key: 'request',
    may: ({ services, request }, { of }) => may(services, request, { act: 'manageStock', office: of.office }),
    fields: (_, { found }) => [{ name: 'count', kind: 'count', value: String(found.view.forecast.suggested || '') }],
    perform: ({ services }, { of }, act, typed) => services.stock.request(of, act, countIn(typed)),
  },
  {
    name: 'approve',
    key: 'approve',
    may: supplies,
    fields: async (turn, at) => [
      { name: 'request', kind: 'hidden', value: String(openRequest(at)?.request ?? 0) },
      { name: 'count', kind: 'count', value: String(openRequest(at)?.count ?? '') },
      { name: 'source', kind: 'select', options: await sources(turn, at) },
    ],
    perform: ({ services }, { of }, act, typed) =>
      textIn(typed, 'source') === ''
        ? Promise.resolve({ fault: { field: 'source', code: 'noSource' } })
        : services.stock.approve(of, act, {
            request: countIn(typed, 'request'),
            count: countIn(typed),
            source: textIn(typed, 'source'),
          }),
  },
  {
    name: 'refuse',
    key: 'refuse',
    may: supplies,
    fields: (_, at) => [
      { name: 'request', kind: 'hidden', value: String(openRequest(at)?.request ?? 0) },
      { name: 'reason', kind: 'reason' },
    ],
    perform: ({ services }, { of }, act, typed) =>
      services.stock.refuse(of, act, {
        request: countIn(typed, 'request'),
        reason: textIn(typed, 'reason').slice(0, 500),
      }),
  },
  {
    name: 'reallocate',
    key: 'reallocate',
    may: supplies,
    fields: async (turn, at) => [
      { name: 'count', kind: 'count', value: '' },
      { name: 'source', kind: 'select', options: await sources(turn, at) },
    ],
    perform: ({ services }, { of }, act, typed) =>
      textIn(typed, 'source') === ''
        ? Promise.resolve({ fault: { field: 'source', code: 'noSource' } })
        : services.stock.orderReallocation(of, act, { count: countIn(typed), source: textIn(typed, 'source') }),
  },
];

/** The name of an open request or order of a stock. */
export const orderOf = ({ of }: StockSubject, request: number): string =>
  orderName(stockId(of.office, of.parity), request);
