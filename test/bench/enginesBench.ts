import { randomUUID } from 'node:crypto';
import type { EventStore, StoredRow } from '#application/ports.ts';
import { openEventStoreDb } from '#infrastructure/eventStoreDb/eventStore.ts';
import { openMongoViewStore } from '#infrastructure/mongoDb/viewStore.ts';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
import { startEventStoreDbServer } from '../support/eventStoreDbServer/server.ts';
import { mongoServer } from '../support/mongoServer.ts';
import { bareMongoViews, bareSqliteViews, portViews, type Views } from './engineViews.ts';
import { catchUp } from './eventStoreBench.ts';
import { bareEventStoreDbSide, type Side, sameSchemaSide, storeSide } from './logSides.ts';
import {
  type Extent,
  inTemporary,
  interleaved,
  median,
  percentile,
  perSecond,
  share,
  shown,
  table,
  telling,
} from './measure.ts';

/** A figure of ours, and that of the same engine without our adapter in the same run. */
type Beside = { own: number; floor: number };

/** One engine behind the event store's port: appends a second at each concurrency, and reading its whole log. */
export type LogRow = { engine: string; appends: readonly Beside[]; catchUp: number };

/** One engine behind the view store's port: rows a second in batches, and µs of a page and of one row. */
export type ViewRow = { engine: string } & Record<'rows' | 'page' | 'get', Beside>;

type LogEngine = { name: string; open: (directory: string) => Promise<OpenLog> };
type OpenLog = { store: EventStore; floor: (concurrency: number) => Side; close: () => Promise<void> };

const concurrencies = [1, 16, 64] as const;

const logs: readonly LogEngine[] = [
  {
    name: 'embedded',
    open: async (directory) => {
      const store = await openEventStore({ directory });
      const floor = (concurrency: number) => sameSchemaSide(`${directory}/floor-${concurrency}`, concurrency);
      return { store, floor, close: store.close };
    },
  },
  {
    name: process.env['EVENT_STORE_URL'] === undefined ? 'EventStoreDB’s stand-in, in memory' : 'EventStoreDB',
    open: async () => {
      const real = process.env['EVENT_STORE_URL'];
      const server = real === undefined ? await startEventStoreDbServer() : undefined;
      const url = real ?? server?.url ?? '';
      const store = await openEventStoreDb({ url });
      const close = async () => {
        await store.close();
        await server?.close();
      };
      return { store, floor: (concurrency) => bareEventStoreDbSide(url, concurrency), close };
    },
  },
];

const appendsOf = async ({ store, floor }: OpenLog, extent: Extent, concurrency: number): Promise<Beside> => {
  const count = concurrency * (extent === 'quick' ? 60 : 300);
  const bare = floor(concurrency);
  const sides = [storeSide(store, concurrency), bare].map((side) => () => side.round(count));
  const [own = 0, least = 0] = await interleaved(3, sides);
  await bare.close();
  return { own, floor: least };
};

/** Appends and reads on each engine, one engine after the other. */
export const benchLogs = (extent: Extent): Promise<readonly LogRow[]> =>
  inTemporary(async (directory) => {
    const rows: LogRow[] = [];
    for (const { name, open } of logs) {
      telling(`Appends to the log: ${name}`);
      const opened = await open(directory);
      const appends: Beside[] = [];
      for (const concurrency of concurrencies) appends.push(await appendsOf(opened, extent, concurrency));
      rows.push({ engine: name, appends, catchUp: await catchUp(opened.store) });
      await opened.close();
    }
    return rows;
  });

const batch = 50;
const few = 8;
const office = '520111004';

const rowAt = (n: number): StoredRow => {
  const id = `row-${String(n).padStart(9, '0')}`;
  const row = {
    id,
    office,
    status: 'submitted',
    dueOn: `2026-${String(1 + (n % 12)).padStart(2, '0')}-11`,
    personal: 'x'.repeat(2000),
  };
  return { id, position: n + 1, row };
};

const microseconds = async (times: number, work: (n: number) => Promise<unknown>): Promise<number> => {
  const figures: number[] = [];
  for (let n = 0; n < times; n += 1) {
    const started = performance.now();
    await work(n);
    figures.push((performance.now() - started) * 1000);
  }
  return percentile(figures, 0.5);
};

const written = async (views: Views, nth: number): Promise<number> => {
  const rows = Array.from({ length: batch }, (_, n) => rowAt(nth * batch + n));
  const started = performance.now();
  await views.write(rows);
  return perSecond(batch, started);
};

/** Ours and the bare engine by turns. */
const measureViews = async (engine: string, own: Views, bare: Views, batches: number): Promise<ViewRow> => {
  const beside = async (measure: (views: Views) => Promise<number>): Promise<Beside> => ({
    own: await measure(own),
    floor: await measure(bare),
  });
  const rates: Beside[] = [];
  for (let nth = 0; nth < batches; nth += 1) rates.push(await beside((views) => written(views, nth)));
  const rows = { own: median(rates.map((rate) => rate.own)), floor: median(rates.map((rate) => rate.floor)) };
  const page = await beside((views) => microseconds(100, () => views.page([office, 'submitted'])));
  const get = await beside((views) => microseconds(200, (n) => views.get(rowAt((n * 7) % (batches * batch)).id)));
  await own.close();
  await bare.close();
  return { engine, rows, page, get };
};

const viewName = (): string => `bench${randomUUID().replaceAll('-', '').slice(0, 8)}`;

/** Writing and reading views on each engine; MongoDB’s is left out where neither a server nor FerretDB is at hand. */
export const benchViews = (extent: Extent): Promise<readonly ViewRow[]> =>
  inTemporary(async (directory) => {
    const many = extent === 'quick' ? few : 40;
    telling('Views: embedded');
    const embedded = await portViews(await openViewStore({ directory }), viewName());
    const rows = [await measureViews('embedded', embedded, bareSqliteViews(`${directory}/bare`), many)];
    const server = await mongoServer();
    if (server === undefined) return rows;
    const engine = server.real ? 'MongoDB' : 'FerretDB 1.24 over SQLite';
    telling(`Views: ${engine}`);
    const mongo = await portViews(await openMongoViewStore({ url: server.url }), viewName());
    // FerretDB looks through every row for each that is written over: with more of them it answers too late.
    const batches = server.real ? many : few;
    rows.push(await measureViews(engine, mongo, await bareMongoViews(server.url, viewName()), batches));
    await server.dispose();
    return rows;
  });

const rate = ({ own, floor }: Beside): string => `${shown(own)} / ${shown(floor)} (${share(own, floor)})`;
const time = ({ own, floor }: Beside): string => `${shown(own)} / ${shown(floor)}`;

/** Both as Markdown: ours / the bare engine. */
export const enginesTables = (logRows: readonly LogRow[], viewRows: readonly ViewRow[]): string => {
  const ofLogs = logRows.map(({ engine, appends, catchUp: read }) => [engine, ...appends.map(rate), shown(read)]);
  const ofViews = viewRows.map(({ engine, rows, page, get }) => [engine, rate(rows), time(page), time(get)]);
  const logHead = ['log', ...concurrencies.map((at) => `appends/s, ${at} at once`), 'events/s read'];
  const viewHead = ['views', `rows/s in batches of ${batch}`, 'page of 30, µs', 'one row, µs'];
  return `${table(logHead, ofLogs)}\n\n${table(viewHead, ofViews)}`;
};
