import { randomBytes } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import type { EventStore, NewEvent } from '#application/ports.ts';
import { readConnectionString } from '#infrastructure/eventStoreDb/connectionString.ts';
import { perSecond } from './measure.ts';

/** One side of a comparison: appends a second over so many appends. */
export type Side = { round: (appends: number) => Promise<number>; close: () => Promise<void> };

const eventsPerStream = 6;

let counter = 0;
export const nextId = (): string => {
  counter += 1;
  const hex = `${(Date.now() * 4096 + 0x7000).toString(16).padStart(12, '0')}`.slice(-12);
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${(counter & 0xfff).toString(16).padStart(3, '0')}-8${randomBytes(2)
    .toString('hex')
    .slice(1)}-${counter.toString(16).padStart(12, '0')}`;
};

const sealed = randomBytes(240).toString('base64');

/** One event of about 540 bytes of JSON. */
export const event = (): NewEvent => ({
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

/** The same rows in tables like the store's. */
export const sameSchemaSide = (file: string, concurrency: number): Side => {
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

/** The floor of EventStoreDB: its client alone, by the calls that our adapter uses. */
export const bareEventStoreDbSide = (url: string, concurrency: number): Side => {
  const client = EventStoreDBClient.connectionString(url);
  const { credentials } = readConnectionString(url);
  const writer = async (appends: number): Promise<void> => {
    for (let i = 0, stream = ''; i < appends; i += 1) {
      const revision = i % eventsPerStream;
      if (revision === 0) stream = `registration-${nextId()}`;
      const { id, type, data, meta: metadata } = event();
      const expectedRevision = revision === 0 ? NO_STREAM : BigInt(revision - 1);
      await client.appendToStream(stream, [jsonEvent({ id, type, data, metadata })], { expectedRevision, credentials });
    }
  };
  return {
    round: async (appends) => {
      const started = performance.now();
      await Promise.all(Array.from({ length: concurrency }, () => writer(appends / concurrency)));
      return perSecond(appends, started);
    },
    close: () => client.dispose(),
  };
};

/** The same events in the slimmest table there can be. */
export const slimmestSide = (file: string, concurrency: number): Side => {
  const database = bare(file, 'create table events (position integer primary key, event text not null) strict;');
  const add = database.prepare('insert into events (event) values (?)');
  return bareSide(database, concurrency, (_, slim) => {
    add.run(JSON.stringify(slim));
  });
};
