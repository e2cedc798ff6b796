import { randomUUID } from 'node:crypto';
import type { EventStore, StoredRow, ViewStore } from '#application/ports.ts';
import { openEventStoreDb } from '#infrastructure/eventStoreDb/eventStore.ts';
import { openMongoViewStore } from '#infrastructure/mongoDb/viewStore.ts';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
import { startEventStoreDbServer } from '../support/eventStoreDbServer/server.ts';
import { mongoServer } from '../support/mongoServer.ts';
import { catchUp, storeSide } from './eventStoreBench.ts';
import {
  type Extent,
  inTemporary,
  interleaved,
  median,
  percentile,
  perSecond,
  shown,
  table,
  telling,
} from './measure.ts';

/** One engine behind the event store's port: appends a second at each concurrency, and reading its whole log. */
export type LogRow = { engine: string; appends: readonly number[]; catchUp: number };

/** One engine behind the view store's port: rows a second in batches, and µs of a page and of one row. */
export type ViewRow = { engine: string; rows: number; page: number; get: number };

type Engine<S> = { name: string; open: (directory: string) => Promise<{ store: S; close: () => Promise<void> }> };

const concurrencies = [1, 16, 64] as const;

const logs: readonly Engine<EventStore>[] = [
  {
    name: 'embedded',
    open: async (directory) => {
      const store = await openEventStore({ directory });
      return { store, close: store.close };
    },
  },
  {
    name: process.env['EVENT_STORE_URL'] === undefined ? 'EventStoreDB’s stand-in, in memory' : 'EventStoreDB',
    open: async () => {
      const real = process.env['EVENT_STORE_URL'];
      const server = real === undefined ? await startEventStoreDbServer() : undefined;
      const store = await openEventStoreDb({ url: real ?? server?.url ?? '' });
      const close = async () => {
        await store.close();
        await server?.close();
      };
      return { store, close };
    },
  },
];

/** Appends and reads on each engine, one engine after the other. */
export const benchLogs = (extent: Extent): Promise<readonly LogRow[]> =>
  inTemporary(async (directory) => {
    const rows: LogRow[] = [];
    for (const { name, open } of logs) {
      telling(`Appends to the log: ${name}`);
      const { store, close } = await open(directory);
      const appends: number[] = [];
      for (const concurrency of concurrencies) {
        const count = concurrency * (extent === 'quick' ? 60 : 300);
        const [figure = 0] = await interleaved(3, [() => storeSide(store, concurrency).round(count)]);
        appends.push(figure);
      }
      rows.push({ engine: name, appends, catchUp: await catchUp(store) });
      await close();
    }
    return rows;
  });

// FerretDB takes long for larger ones.
const batch = 50;
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

const measureViews = async (engine: string, store: ViewStore, batches: number): Promise<ViewRow> => {
  const view = `bench${randomUUID().replaceAll('-', '').slice(0, 8)}`;
  await store.prepare([{ name: view, indexes: { due: ['office', 'status', 'dueOn'] } }]);
  const rates: number[] = [];
  for (let done = 0; done < batches; done += 1) {
    const rows = Array.from({ length: batch }, (_, n) => rowAt(done * batch + n));
    const started = performance.now();
    await store.commit({ view }, rows, (done + 1) * batch);
    rates.push(perSecond(batch, started));
  }
  const page = await microseconds(100, () =>
    store.find(view, { index: 'due', equals: [office, 'submitted'], limit: 30 }),
  );
  const get = await microseconds(200, (n) => store.get(view, [rowAt((n * 7) % (batches * batch)).id]));
  return { engine, rows: median(rates), page, get };
};

/** Writing and reading views on each engine; MongoDB’s is left out where neither a server nor FerretDB is at hand. */
export const benchViews = (extent: Extent): Promise<readonly ViewRow[]> =>
  inTemporary(async (directory) => {
    const batches = extent === 'quick' ? 8 : 40;
    telling('Views: embedded');
    const embedded = await openViewStore({ directory });
    const rows = [await measureViews('embedded', embedded, batches)];
    await embedded.close();
    const server = await mongoServer();
    if (server === undefined) return rows;
    const engine = server.real ? 'MongoDB' : 'FerretDB 1.24 over SQLite';
    telling(`Views: ${engine}`);
    const mongo = await openMongoViewStore({ url: server.url });
    rows.push(await measureViews(engine, mongo, batches));
    await mongo.close();
    await server.dispose();
    return rows;
  });

/** Both as Markdown. */
export const enginesTables = (logRows: readonly LogRow[], viewRows: readonly ViewRow[]): string => {
  const ofLogs = logRows.map(({ engine, appends, catchUp: read }) => [engine, ...appends.map(shown), shown(read)]);
  const ofViews = viewRows.map(({ engine, rows, page, get }) => [engine, shown(rows), shown(page), shown(get)]);
  const logHead = ['log', ...concurrencies.map((at) => `appends/s, ${at} at once`), 'events/s read'];
  const viewHead = ['views', `rows/s in batches of ${batch}`, 'page of 30, µs', 'one row, µs'];
  return `${table(logHead, ofLogs)}\n\n${table(viewHead, ofViews)}`;
};
