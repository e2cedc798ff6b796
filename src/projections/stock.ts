import { dayInShanghai } from '#domain/calendar/day.ts';
import type { DisposalOf, StockEvent, StockTaken, Surplus } from '#domain/stock/events.ts';
import { type WeeklyUse, weekOf } from '#domain/stock/forecast.ts';
import { parseStockId } from '#domain/stock/numbers.ts';
import { type Range, type Ranges, union, without } from '#domain/stock/ranges.ts';
import type { PrintedParity } from '#domain/stock/serial.ts';
import { evolve, initialState, type StockRequest, type StockState } from '#domain/stock/state.ts';
import { type Occurred, projection } from './projection.ts';
import type { Stored } from './stored.ts';

/** With which shipment serials left last. */
export type Departed = Range & { shipment: string };

/** A write-off or a destruction, newest last; `reason` and `refusal` are sealed under `stock-<id>`. */
export type DisposalRow = DisposalOf & {
  disposal: number;
  ranges: Ranges;
  status: 'proposed' | 'done' | 'dismissed';
  proposedBy: string;
  proposedAt: string;
  reason: string;
  decidedBy?: string;
  decidedAt?: string;
  refusal?: string;
};

/** The newest stock-take that was confirmed: what it found, who counted and who confirmed. */
export type CountedRow = {
  at: string;
  count: number;
  missing: Ranges;
  found: Ranges;
  surplus: Surplus;
  takenBy?: string;
  confirmedBy?: string;
};

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
  writtenOff: Ranges;
  destroyed: Ranges;
  takes: number;
  /** A stock-take that waits for the second person. */
  open?: StockTaken['data'] & { at: string };
  disposals: readonly DisposalRow[];
  /** What was here and went on. */
  departed: readonly Departed[];
  /** The newest half year. */
  weeks: WeeklyUse;
  threshold: number;
  /** `reason`: why it was refused, sealed under `stock-<id>`. */
  requests: readonly (StockRequest & { at: string; reason?: string })[];
  counted?: CountedRow;
};

type StoredStockEvent = Stored<StockEvent>;
type EventOf<T extends StockEvent['type']> = Occurred<Extract<StoredStockEvent, { type: T }>>;
type Change<T extends StockEvent['type']> = (row: StockRow, event: EventOf<T>) => StockRow;

const prefix = 'stock-';
const weeksKept = 26;

const atOf = ({ meta }: { meta: { readonly [key: string]: unknown } }): string => String(meta['at']);

const emptyRow = (id: string): StockRow => {
  const { printed, held, issued, voided, missing, writtenOff, destroyed, takes, threshold } = initialState;
  const sets = { printed, held, issued, voided, missing, writtenOff, destroyed, takes, threshold };
  const { office, parity } = parseStockId(id) ?? { office: id, parity: 1 };
  return { id, office, parity, revision: -1, ...sets, departed: [], weeks: {}, requests: [], disposals: [] };
};

/** The sets as the aggregate has them; which shipments those were is not asked here. */
const folded = ({ open: before, ...row }: StockRow, event: Occurred<StoredStockEvent>): StockRow => {
  const state: StockState = { ...row, ...(before && { open: before }), sent: [], arrivals: [], disposals: 0 };
  const {
    sent: _,
    arrivals: __,
    disposals: ___,
    disposal: ____,
    open,
    requests,
    ...sets
  } = evolve(state, event as never as StockEvent);
  const dates = new Map(row.requests.map((one) => [one.request, one]));
  const dated = requests.map((one) => ({ at: atOf(event), ...dates.get(one.request), ...one }));
  const taken = open && { open: { at: atOf(event), ...open } };
  return { ...row, ...sets, ...taken, requests: dated, revision: event.revision };
};

const decided = (
  row: StockRow,
  event: EventOf<'DisposalDismissed' | 'SerialsWrittenOff' | 'SpoiltSerialsDestroyed'>,
  how: Pick<DisposalRow, 'status' | 'refusal'> & { decidedBy: string },
): StockRow => ({
  ...row,
  disposals: row.disposals.map((one) =>
    one.disposal === event.data.disposal ? { ...one, ...how, decidedAt: atOf(event) } : one,
  ),
});

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
      const here = union(union(data.ranges, data.damaged), data.missing ?? []);
      return { ...row, departed: notDeparted(row.departed, here) };
    }),
    SerialIssued: changed((row, event) => ({ ...row, weeks: used(row.weeks, atOf(event)) })),
    SerialsVoided: changed(),
    StockTaken: changed(),
    StockCounted: (row, event, id) => {
      const { take: _, ...found } = event.data;
      const by = row?.open && { takenBy: row.open.takenBy };
      return changed<'StockCounted'>((now) => ({ ...now, counted: { at: atOf(event), ...found, ...by } }))(
        row,
        event,
        id,
      );
    },
    DisposalProposed: changed((row, event) => {
      const { personal, ...told } = event.data;
      const one = { ...told, status: 'proposed', proposedAt: atOf(event), reason: personal } as const;
      return { ...row, disposals: [...row.disposals, one] };
    }),
    DisposalDismissed: changed((row, event) => {
      const { dismissedBy: decidedBy, personal: refusal } = event.data;
      return decided(row, event, { status: 'dismissed', decidedBy, refusal });
    }),
    SerialsWrittenOff: changed((row, event) =>
      decided(row, event, { status: 'done', decidedBy: event.data.approvedBy }),
    ),
    SpoiltSerialsDestroyed: changed((row, event) =>
      decided(row, event, { status: 'done', decidedBy: event.data.witnessedBy }),
    ),
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
