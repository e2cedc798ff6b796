import { join } from 'node:path';
import type { EventStore } from '#application/ports.ts';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import { event, nextId, sameSchemaSide, slimmestSide, storeSide } from './logSides.ts';
import { type Extent, inTemporary, interleaved, median, perSecond, share, shown, table, telling } from './measure.ts';

/** Durable appends per second of the store and of two floors, medians of interleaved rounds. */
export type EventStoreRow = { concurrency: number; store: number; sameSchema: number; slimmest: number };

/** Reads per second or microseconds, as the name says. */
export type EventStoreReads = { catchUpPerSecond: number; readTenMicros: number; subscribePerSecond: number };

const compare = async (directory: string, concurrency: number, extent: Extent): Promise<EventStoreRow> => {
  telling(`Durable appends to the event store, ${concurrency} at once`);
  const at = (name: string): string => join(directory, `${name}-${concurrency}`);
  const store = await openEventStore({ directory: at('store') });
  const sides = [
    storeSide(store, concurrency),
    sameSchemaSide(at('same'), concurrency),
    slimmestSide(at('slim'), concurrency),
  ];
  const most = concurrency === 1 ? 3_000 : concurrency * (concurrency < 64 ? 1_200 : 600);
  const appends = extent === 'quick' ? most / 5 : most;
  const rounds = extent === 'quick' ? 2 : 5;
  const [own = 0, same = 0, slim = 0] = await interleaved(
    rounds,
    sides.map((side) => () => side.round(appends)),
  );
  await Promise.all(sides.map((side) => side.close()));
  return { concurrency, store: own, sameSchema: same, slimmest: slim };
};

/** Appends against the floors at each concurrency. */
export const benchEventStore = (extent: Extent): Promise<EventStoreRow[]> =>
  inTemporary(async (directory) => {
    const rows: EventStoreRow[] = [];
    for (const concurrency of [1, 16, 64, 256]) rows.push(await compare(directory, concurrency, extent));
    return rows;
  });

/** Events a second of reading a whole log by pages. */
export const catchUp = async (store: EventStore): Promise<number> => {
  const started = performance.now();
  let count = 0;
  for (let page = await store.readAll(0, 1000); page.length > 0; ) {
    count += page.length;
    page = await store.readAll(page.at(-1)?.position ?? 0, 1000);
  }
  return perSecond(count, started);
};

const subscribed = async (store: EventStore): Promise<number> => {
  const last = await store.lastPosition();
  const started = performance.now();
  let stop = async (): Promise<void> => {};
  await new Promise<void>((resolve, reject) => {
    const onEvents = async (events: readonly { position: number }[]): Promise<void> => {
      if (events.at(-1)?.position === last) resolve();
    };
    stop = store.subscribe(0, { onEvents, onFailure: reject });
  });
  const figure = perSecond(last, started);
  await stop();
  return figure;
};

const readTen = async (store: EventStore): Promise<number> => {
  const streams = Array.from({ length: 500 }, () => `registration-${nextId()}`);
  await Promise.all(streams.map((stream) => store.append(stream, 'none', Array.from({ length: 10 }, event))));
  const started = performance.now();
  for (const stream of streams) await store.readStream(stream);
  return ((performance.now() - started) * 1000) / streams.length;
};

/** Reading whole logs and short streams, over 100 000 events (a fifth of that where it shall be quick). */
export const benchEventStoreReads = (extent: Extent): Promise<EventStoreReads> =>
  inTemporary(async (directory) => {
    telling('Reading the event store');
    const rounds = extent === 'quick' ? 2 : 5;
    const store = await openEventStore({ directory });
    await storeSide(store, 250).round(extent === 'quick' ? 20_000 : 100_000);
    const samples = { all: [0], live: [0], ten: [0] };
    for (let round = 0; round < rounds; round += 1) {
      samples.all[round] = await catchUp(store);
      samples.live[round] = await subscribed(store);
      samples.ten[round] = await readTen(store);
    }
    await store.close();
    return {
      catchUpPerSecond: median(samples.all),
      subscribePerSecond: median(samples.live),
      readTenMicros: median(samples.ten),
    };
  });

/** Both as Markdown. */
export const eventStoreTables = (rows: readonly EventStoreRow[], reads: EventStoreReads): string => {
  const cells = rows.map(({ concurrency, store, sameSchema, slimmest }) => [
    String(concurrency),
    shown(store),
    `${shown(sameSchema)} (${share(store, sameSchema)})`,
    `${shown(slimmest)} (${share(store, slimmest)})`,
  ]);
  const head = ['appends at once', 'a second', 'bare statements, same tables', 'bare statements, one table'];
  const { catchUpPerSecond, subscribePerSecond, readTenMicros } = reads;
  const figures = [
    ['reading the whole log', `${shown(catchUpPerSecond)} events a second`],
    ['the same by a subscription', `${shown(subscribePerSecond)} events a second`],
    ['reading a stream of ten events', `${shown(readTenMicros)} µs`],
  ];
  return `${table(head, cells)}\n\n${table(['reading', 'figure'], figures)}`;
};
