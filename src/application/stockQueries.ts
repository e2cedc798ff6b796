import { dayInShanghai } from '#domain/calendar/day.ts';
import type { Place, Surplus } from '#domain/stock/events.ts';
import { type Forecast, forecast, type WeeklyUse } from '#domain/stock/forecast.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { single, sizeOf } from '#domain/stock/ranges.ts';
import { type PrintedParity, printedParities } from '#domain/stock/serial.ts';
import type { ShipmentRow } from '#projections/shipment.ts';
import type { StockRow } from '#projections/stock.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden } from './authorise.ts';
import type { Deps } from './deps.ts';
import type { Office } from './offices.ts';
import type { Page } from './ports.ts';
import { type OfStock, topOf } from './stockActing.ts';
import { placesOf } from './stockPlaces.ts';

/** How many serials are where; what is on its way, or was lost there, counts for its sender. */
export type StockCounts = {
  printed: number;
  held: number;
  issued: number;
  voided: number;
  missing: number;
  inTransit: number;
  lost: number;
};

/** One organisation's stock of one parity; `row` is undefined where it never had any. */
export type StockView = OfStock & {
  row: StockRow | undefined;
  counts: StockCounts;
  coming: number;
  forecast: Forecast;
  /** It holds no more than its threshold. */
  low: boolean;
};

type Refused = { outcome: 'forbidden'; reason: Forbidden };
type Found<T> = Refused | ({ outcome: 'found' } & T);

const rowsAtOnce = 200;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

const countsOf = (rows: readonly StockRow[], sent: readonly ShipmentRow[]): StockCounts => {
  const of = (set: 'printed' | 'held' | 'issued' | 'voided' | 'missing') => sum(rows.map((row) => sizeOf(row[set])));
  return {
    printed: of('printed'),
    held: of('held'),
    issued: of('issued'),
    voided: of('voided'),
    missing: of('missing'),
    inTransit: sum(sent.map(({ inTransit }) => inTransit)),
    lost: sum(sent.map(({ lost }) => lost)),
  };
};

const addedUp = (weeks: readonly WeeklyUse[]): WeeklyUse => {
  const all: Record<string, number> = {};
  for (const [week, used] of weeks.flatMap((one) => Object.entries(one))) all[week] = (all[week] ?? 0) + used;
  return all;
};

/** What may be seen of stock: the own organisation's and that of those below it (C7, S1). */
export const stockQueries = (deps: Deps) => {
  const { offices, viewStore } = deps;

  const seen = async <T extends object>(staff: Staff, office: string, open: () => Promise<T>): Promise<Found<T>> => {
    const allowed = authorise(staff, { act: 'seeStock', office }, offices);
    return allowed.outcome === 'forbidden' ? allowed : { outcome: 'found', ...(await open()) };
  };
  const rowsOf = async (ids: readonly string[]): Promise<readonly StockRow[]> =>
    (await viewStore.get('stock', ids)) as readonly StockRow[];
  const shipments = async (index: string, equals: readonly string[]): Promise<readonly ShipmentRow[]> => {
    const all: ShipmentRow[] = [];
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const query = { index, equals, limit: rowsAtOnce, ...(after === undefined ? {} : { after }) };
      const page: Page = await viewStore.find('shipment', query);
      all.push(...(page.rows as readonly ShipmentRow[]));
      after = page.next;
    }
    return all;
  };
  /** Several stocks as one: `sent` has left them, `coming` is on its way to them. */
  const viewOf = (
    of: OfStock,
    rows: readonly StockRow[],
    { sent, coming }: { sent: readonly ShipmentRow[]; coming: readonly ShipmentRow[] },
  ): StockView => {
    const counts = countsOf(rows, sent);
    const arriving = sum(coming.map(({ inTransit }) => inTransit));
    const threshold = sum(rows.map((row) => row.threshold));
    const weeks = addedUp(rows.map((row) => row.weeks));
    const use = { held: counts.held, coming: arriving, threshold, weeks };
    return {
      ...of,
      row: rows.find(({ office }) => office === of.office),
      counts,
      coming: arriving,
      forecast: forecast(use, dayInShanghai(deps.clock())),
      low: threshold > 0 && counts.held <= threshold,
    };
  };

  return {
    /** The stock of one organisation, with what is coming to it and what it has sent that has not all arrived. */
    view: (staff: Staff, of: OfStock) =>
      seen(staff, of.office, async () => {
        const [rows, open, coming] = await Promise.all([
          rowsOf([stockId(of.office, of.parity)]),
          shipments('open', ['open']),
          shipments('coming', [of.office]),
        ]);
        const sent = open.filter(({ from, parity }) => from === of.office && parity === of.parity);
        const due = coming.filter(({ parity, status }) => parity === of.parity && status === 'inTransit');
        return { view: viewOf(of, rows, { sent, coming: due }), sent, coming: due };
      }),

    /** Sums over an organisation with all below it, and over each right below it: they add up to what was printed. */
    totals: (staff: Staff, code: string, parity: PrintedParity) =>
      seen(staff, code, async () => {
        const within = offices.within(code);
        const rows = await rowsOf(within.map((office) => stockId(office, parity)));
        const open = (await shipments('open', ['open'])).filter((row) => row.parity === parity);
        const summed = (office: string): StockView => {
          const all = new Set(offices.within(office));
          const inside = rows.filter((row) => all.has(row.office));
          const sent = open.filter(({ from }) => all.has(from));
          return viewOf({ office, parity }, inside, {
            sent,
            coming: open.filter(({ from, to }) => all.has(to) && !all.has(from)),
          });
        };
        const own = rows.filter(({ office }) => office === code);
        const moving = { sent: open.filter(({ from }) => from === code), coming: open.filter(({ to }) => to === code) };
        return {
          total: summed(code),
          own: viewOf({ office: code, parity }, own, moving),
          below: offices.children(code).flatMap((child: Office) => {
            return child.kind === 'administration' ? [{ office: child, view: summed(child.code) }] : [];
          }),
        };
      }),

    /** Where the books have one serial, for whoever works with stock anywhere: no person stands behind it. */
    place: (staff: Staff, serial: number, parity: PrintedParity): Promise<Found<{ place: Place }>> =>
      seen(staff, staff.office, async () => {
        const top = topOf(offices, offices.current(staff.office));
        const [found]: Surplus = await placesOf(deps, top, parity, [single(serial)]);
        const place: Place = found === undefined ? { where: 'nowhere', of: '' } : { where: found.where, of: found.of };
        return { place };
      }),

    /** The requests that wait for a decision right below an organisation. */
    requests: (staff: Staff, code: string) =>
      seen(staff, code, async () => {
        const below = offices.children(code).map((child) => child.code);
        const rows = await rowsOf(below.flatMap((office) => printedParities.map((parity) => stockId(office, parity))));
        return {
          waiting: rows.flatMap(({ office, parity, requests }) =>
            requests.filter(({ status }) => status === 'open').map((request) => ({ office, parity, ...request })),
          ),
        };
      }),
  };
};
