import { dayInShanghai } from '#domain/calendar/day.ts';
import type { StockEvent } from '#domain/stock/events.ts';
import { type WeeklyUse, weekOf } from '#domain/stock/forecast.ts';
import { parseStockId } from '#domain/stock/numbers.ts';
import { type Range, type Ranges, union, without } from '#domain/stock/ranges.ts';
import type { PrintedParity } from '#domain/stock/serial.ts';
import { evolve, initialState, type StockRequest, type StockState } from '#domain/stock/state.ts';
import { type Occurred, projection } from './projection.ts';
import type { Stored } from './stored.ts';

/** With which shipment serials left last. */
export type Departed = Range & { shipment: string };

/** One organisation's stock of one parity, by `<office>-<parity>` (C7). */
export type StockRow = {
  id: string;
  office: string;
  parity: PrintedParity;
  revision: number;
  printed: Ranges;
  held: Ranges;
  issued: Ranges;
  voided: Ranges;
  missing: Ranges;
  /** What was here and went on. */
  departed: readonly Departed[];
  /** The newest half year. */
  weeks: WeeklyUse;
  threshold: number;
  /** `reason`: why it was refused, sealed under `stock-<id>`. */
  requests: readonly (StockRequest & { at: string; reason?: string })[];
  countedAt?: string;
};

type StoredStockEvent = Stored<StockEvent>;
type EventOf<T extends StockEvent['type']> = Occurred<Extract<StoredStockEvent, { type: T }>>;
type Change<T extends StockEvent['type']> = (row: StockRow, event: EventOf<T>) => StockRow;

const prefix = 'stock-';
const weeksKept = 26;

const atOf = ({ meta }: { meta: { readonly [key: string]: unknown } }): string => String(meta['at']);

const emptyRow = (id: string): StockRow => {
  const { sent: _, arrivals: __, requests: ___, ...sets } = initialState;
  const { office, parity } = parseStockId(id) ?? { office: id, parity: 1 };
  return { id, office, parity, revision: -1, ...sets, departed: [], weeks: {}, requests: [] };
};

/** The sets as the aggregate has them; which shipments those were is not asked here. */
const folded = (row: StockRow, event: Occurred<StoredStockEvent>): StockRow => {
  const state: StockState = { ...row, sent: [], arrivals: [] };
  const { printed, held, issued, voided, missing, threshold, requests } = evolve(state, event as never as StockEvent);
  const before = new Map(row.requests.map((one) => [one.request, one]));
  const dated = requests.map((one) => ({ at: atOf(event), ...before.get(one.request), ...one }));
  return { ...row, printed, held, issued, voided, missing, threshold, requests: dated, revision: event.revision };
};

const changed =
  <T extends StockEvent['type']>(change: Change<T> = (row) => row) =>
  (row: StockRow | undefined, event: EventOf<T>, id: string): StockRow =>
    change(folded(row ?? emptyRow(id), event), event);

const notDeparted = (departed: readonly Departed[], ranges: Ranges): readonly Departed[] =>
  departed.flatMap((one) =>
    without([{ from: one.from, to: one.to }], ranges).map((range) => ({ ...range, shipment: one.shipment })),
  );

const used = (weeks: WeeklyUse, at: string): WeeklyUse => {
  const week = weekOf(dayInShanghai(Date.parse(at)));
  const all = Object.entries({ ...weeks, [week]: (weeks[week] ?? 0) + 1 });
  return Object.fromEntries(all.toSorted(([one], [other]) => (one < other ? 1 : -1)).slice(0, weeksKept));
};

/** What each organisation has, and where the rest went. */
export const stock = projection<StoredStockEvent, StockRow>({
  name: 'stock',
  indexes: {},
  keysOf: ({ stream }) => (stream.startsWith(prefix) ? [stream.slice(prefix.length)] : []),
  on: {
    PrintRunEntered: changed(),
    StockDispatched: changed((row, { data: { ranges, shipment } }) => {
      const left = ranges.map((range) => ({ ...range, shipment }));
      return { ...row, departed: [...notDeparted(row.departed, ranges), ...left] };
    }),
    StockReceived: changed((row, { data }) => {
      return { ...row, departed: notDeparted(row.departed, union(data.ranges, data.damaged)) };
    }),
    SerialIssued: changed((row, event) => ({ ...row, weeks: used(row.weeks, atOf(event)) })),
    SerialsVoided: changed(),
    StockCounted: changed((row, event) => ({ ...row, countedAt: atOf(event) })),
    StockRequested: changed(),
    StockRequestApproved: changed(),
    StockRequestRefused: changed((row, { data: { request, personal } }) => ({
      ...row,
      requests: row.requests.map((one) => (one.request === request ? { ...one, reason: personal } : one)),
    })),
    ReallocationOrdered: changed(),
    ThresholdSet: changed(),
  },
});
