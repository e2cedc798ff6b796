import { dayInShanghai } from '#domain/calendar/day.ts';
import { type Forecast, forecast, type WeeklyUse } from '#domain/stock/forecast.ts';
import { sizeOf } from '#domain/stock/ranges.ts';
import { stockSets } from '#domain/stock/state.ts';
import type { ShipmentRow } from '#projections/shipment.ts';
import type { StockRow } from '#projections/stock.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden, type WhatIsAsked } from './authorise.ts';
import type { Deps } from './deps.ts';
import type { Page } from './ports.ts';
import type { OfStock } from './stockActing.ts';

/** How many serials are where; what is on its way, or was lost there, counts for its sender. */
export type StockCounts = {
  printed: number;
  held: number;
  issued: number;
  voided: number;
  missing: number;
  writtenOff: number;
  destroyed: number;
  inTransit: number;
  lost: number;
};

/** One organisation's stock of one parity, or several as one; `row` is undefined where it never had any. */
export type StockView = OfStock & {
  row: StockRow | undefined;
  counts: StockCounts;
  coming: number;
  threshold: number;
  forecast: Forecast;
  /** It holds no more than its threshold. */
  low: boolean;
};

export type StockFound<T> = { outcome: 'forbidden'; reason: Forbidden } | ({ outcome: 'found' } & T);

const rowsAtOnce = 200;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const addedUp = (weeks: readonly WeeklyUse[]): WeeklyUse => {
  const all: Record<string, number> = {};
  for (const [week, used] of weeks.flatMap((one) => Object.entries(one))) all[week] = (all[week] ?? 0) + used;
  return all;
};

const countsOf = (rows: readonly StockRow[], sent: readonly ShipmentRow[]): StockCounts => {
  const of = (set: (typeof stockSets)[number] | 'printed') => sum(rows.map((row) => sizeOf(row[set])));
  const sets = Object.fromEntries(stockSets.map((set) => [set, of(set)])) as Record<(typeof stockSets)[number], number>;
  return {
    printed: of('printed'),
    ...sets,
    inTransit: sum(sent.map(({ inTransit }) => inTransit)),
    lost: sum(sent.map(({ lost }) => lost)),
  };
};

/** Several stocks as one: `sent` has left them, `coming` is on its way to them. */
export const stockViewOf = (
  { clock }: Pick<Deps, 'clock'>,
  of: OfStock,
  rows: readonly StockRow[],
  { sent, coming }: { sent: readonly ShipmentRow[]; coming: readonly ShipmentRow[] },
): StockView => {
  const counts = countsOf(rows, sent);
  const arriving = sum(coming.map(({ inTransit }) => inTransit));
  const threshold = sum(rows.map((row) => row.threshold));
  const weeks = addedUp(rows.map((row) => row.weeks));
  return {
    ...of,
    row: rows.find(({ office }) => office === of.office),
    counts,
    coming: arriving,
    threshold,
    forecast: forecast({ held: counts.held, coming: arriving, threshold, weeks }, dayInShanghai(clock())),
    low: threshold > 0 && counts.held <= threshold,
  };
};

/** Rows of stocks and shipments, for staff who may see them. */
export const stockRows = ({ offices, viewStore }: Deps) => ({
  seen: async <T extends object>(staff: Staff, asked: WhatIsAsked, open: () => Promise<T>): Promise<StockFound<T>> => {
    const allowed = authorise(staff, asked, offices);
    return allowed.outcome === 'forbidden' ? allowed : { outcome: 'found', ...(await open()) };
  },
  rowsOf: async (ids: readonly string[]): Promise<readonly StockRow[]> =>
    (await viewStore.get('stock', ids)) as readonly StockRow[],
  shipmentOf: async (number: string): Promise<ShipmentRow | undefined> =>
    (await viewStore.get('shipment', [number]))[0] as ShipmentRow | undefined,
  /** All of an index, oldest first. */
  shipments: async (index: 'open' | 'coming' | 'to', equals: string): Promise<readonly ShipmentRow[]> => {
    const all: ShipmentRow[] = [];
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const query = { index, equals: [equals], limit: rowsAtOnce, ...(after === undefined ? {} : { after }) };
      const page: Page = await viewStore.find('shipment', query);
      all.push(...(page.rows as readonly ShipmentRow[]));
      after = page.next;
    }
    return all;
  },
  /** The newest of what an organisation sent, or of what was sent to it. */
  newest: async (index: 'sent' | 'to', office: string, most: number): Promise<readonly ShipmentRow[]> => {
    const page = await viewStore.find('shipment', { index, equals: [office], descending: true, limit: most });
    return page.rows as readonly ShipmentRow[];
  },
});
