import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { EventStore, NewEvent } from '#application/ports.ts';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import { type Extent, inTemporary, interleaved, median, perSecond, shown, table, telling } from './measure.ts';

/** Durable appends per second of the store and of two floors, medians of interleaved rounds. */
export type EventStoreRow = { concurrency: number; store: number; sameSchema: number; slimmest: number };

/** Reads per second or microseconds, as the name says. */
export type EventStoreReads = { catchUpPerSecond: number; readTenMicros: number; subscribePerSecond: number };

type Side = { round: (appends: number) => Promise<number>; close: () => Promise<void> };

const eventsPerStream = 6;

let counter = 0;
const nextId = (): string => {
  counter += 1;
  const hex = `${(Date.now() * 4096 + 0x7000).toString(16).padStart(12, '0')}`.slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${(counter & 0xfff).toString(16).padStart(3, '0')}-8${randomBytes(2)
    .toString('hex')
    .slice(1)}-${counter.toString(16).padStart(12, '0')}`;
};

const sealed = randomBytes(240).toString('base64');

/** One event of about 540 bytes of JSON. */
const event = (): NewEvent => ({
  id: nextId(),
  type: 'RegistrationSubmitted',
  data: { version: 1, office: '520102001000', parity: 1, dueOn: '2026-11-27', sealed, key: 'k-0123456789abcdef' },
  meta: { actor: 'applicant', commandId: nextId(), correlationId: nextId() },
});

/** Durable appends to a store, six events a stream. */
export const storeSide = (store: EventStore, concurrency: number): Side => ({
  round: async (appends) => {
    const started = performance.now();
    const writer = async (): Promise<void> => {
      for (let i = 0, stream = ''; i < appends / concurrency; i += 1) {
        const revision = i % eventsPerStream;
        if (revision === 0) stream = `registration-${nextId()}`;
        const { outcome } = await store.append(stream, revision === 0 ? 'none' : revision - 1, [event()]);
        if (outcome !== 'appended') throw new Error('the benchmark met a conflict');
      }
    };
    await Promise.all(Array.from({ length: concurrency }, writer));
    return perSecond(appends, started);
  },
  close: () => store.close(),
});

const bare = (file: string, schema: string): DatabaseSync => {
  const database = new DatabaseSync(file);
  database.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536; ${schema}`);
  return database;
};

/** The floor: the same rows by bare statements on this thread, `concurrency` of them per commit. */
const bareSide = (database: DatabaseSync, concurrency: number, insert: (i: number, event: NewEvent) => void): Side => ({
  round: async (appends) => {
    const started = performance.now();
    for (let done = 0; done < appends; done += concurrency) {
      database.exec('begin immediate');
      for (let i = 0; i < concurrency; i += 1) insert(done + i, event());
      database.exec('commit');
    }
    return perSecond(appends, started);
  },
  close: async () => database.close(),
});

const sameSchemaSide = (file: string, concurrency: number): Side => {
  const database = bare(
    file,
    `create table streams (id integer primary key, name text not null unique) strict;
     create table events (position integer primary key, stream integer not null, version integer not null,
       type text not null, event_id blob not null, at integer not null, data text not null, meta text not null) strict;
     create unique index events_of_stream on events (stream, version);`,
  );
  const addStream = database.prepare('insert into streams values (?, ?)');
  const addEvent = database.prepare('insert into events values (?, ?, ?, ?, ?, ?, ?, ?)');
  const own = Array.from({ length: concurrency }, () => ({ stream: 0, version: eventsPerStream - 1 }));
  let position = 0;
  let streams = 0;
  return bareSide(database, concurrency, (i, { id, type, data, meta }) => {
    const writer = own[i % concurrency] ?? { stream: 0, version: 0 };
    writer.version = (writer.version + 1) % eventsPerStream;
    if (writer.version === 0) {
      streams += 1;
      writer.stream = streams;
      addStream.run(streams, `registration-${nextId()}`);
    }
    position += 1;
    const bytes = Buffer.from(id.replaceAll('-', ''), 'hex');
    const [body, about] = [JSON.stringify(data), JSON.stringify(meta)];
    addEvent.run(position, writer.stream, writer.version, type, bytes, Date.now(), body, about);
  });
};

const slimmestSide = (file: string, concurrency: number): Side => {
  const database = bare(file, 'create table events (position integer primary key, event text not null) strict;');
  const add = database.prepare('insert into events (event) values (?)');
  return bareSide(database, concurrency, (_, slim) => {
    add.run(JSON.stringify(slim));
  });
};

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

const share = (part: number, whole: number): string => `${Math.round((part / whole) * 100)} %`;

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
