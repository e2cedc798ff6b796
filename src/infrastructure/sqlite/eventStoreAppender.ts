import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AppendResult } from '#application/ports.ts';

/** An event ready to be written: `data` and `meta` as JSON text, `id` a lower-case UUID. */
export type PackedEvent = { id: string; type: string; data: string; meta: string };

/** An append ready to be written; `expected` is -1 where no stream may stand. */
export type AppendRequest = { stream: string; expected: number; events: readonly PackedEvent[] };

/** Writes requests in one durable transaction, each checked alone; a throw means that none of them was written. */
export type Appender = (at: number, requests: readonly AppendRequest[]) => readonly AppendResult[];

type Stream = { id: number; revision: number };

const streamsKept = 50_000;

/**
 * The log's only way in. Remembers where streams stand for as long as nobody else writes: SQLite's `data_version`,
 * read inside the transaction, tells when another connection did, so two writers on one file are safe, only slower.
 */
export const createAppender = (database: DatabaseSync): Appender => {
  const log = openLog(database);
  const begin = database.prepare('begin immediate');
  const commit = database.prepare('commit');
  return (at, requests) => {
    try {
      begin.run();
      log.refresh();
      const results = requests.map((request) => log.append(at, request));
      commit.run();
      return results;
    } catch (fault) {
      log.forget();
      if (database.isTransaction) database.exec('rollback');
      throw fault;
    }
  };
};

type Log = {
  refresh: () => void;
  forget: () => void;
  append: (at: number, request: AppendRequest) => AppendResult;
};

const openLog = (database: DatabaseSync): Log => {
  const statements = prepareStatements(database);
  const streams = new Map<string, Stream>();
  const last = { dataVersion: -1, position: 0, stream: 0 };

  const find = (name: string): Stream => {
    const known = streams.get(name);
    if (known !== undefined) return known;
    const [id = 0, revision = -1] = numbers(statements.stream, name);
    const stream = { id, revision };
    if (streams.size >= streamsKept) streams.clear();
    streams.set(name, stream);
    return stream;
  };

  return {
    refresh: () => {
      const [dataVersion = 0] = numbers(statements.dataVersion);
      if (dataVersion === last.dataVersion) return;
      const [position = 0, stream = 0] = numbers(statements.last);
      streams.clear();
      Object.assign(last, { dataVersion, position, stream });
    },
    forget: () => {
      last.dataVersion = -1;
    },
    append: (at, { stream: name, expected, events }) => {
      const stream = find(name);
      if (events.length === 0 || stream.revision !== expected) {
        return repeated(statements.slots, stream, expected, events);
      }
      if (stream.revision === -1) {
        last.stream += 1;
        stream.id = last.stream;
        statements.addStream.run(stream.id, name);
      }
      for (const { id, type, data, meta } of events) {
        last.position += 1;
        stream.revision += 1;
        statements.addEvent.run(last.position, stream.id, stream.revision, type, idBytes(id), at, data, meta);
      }
      return { outcome: 'appended', revision: stream.revision, position: last.position };
    },
  };
};

// The same ids in the very places this append would have filled: it is the same append, and gets the same answer.
const repeated = (
  slots: StatementSync,
  stream: Stream,
  expected: number,
  events: readonly PackedEvent[],
): AppendResult => {
  const rows = slots.all(stream.id, expected, expected + events.length) as unknown as [number, Uint8Array][];
  const same =
    rows.length === events.length && events.every(({ id }, i) => idBytes(id).equals(rows[i]?.[1] ?? noBytes));
  if (expected <= stream.revision && same) {
    return { outcome: 'appended', revision: expected + events.length, position: rows.at(-1)?.[0] ?? 0 };
  }
  return { outcome: 'conflict', actual: stream.revision === -1 ? 'none' : stream.revision };
};

const noBytes = new Uint8Array();

const idBytes = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex');

const numbers = (statement: StatementSync, ...values: string[]): (number | undefined)[] =>
  ((statement.get(...values) ?? []) as unknown as (number | null)[]).map((value) => value ?? undefined);

const prepareStatements = (database: DatabaseSync) => {
  const asArrays = (sql: string): StatementSync => {
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  };
  return {
    dataVersion: asArrays('pragma data_version'),
    last: asArrays('select (select max(position) from events), (select max(id) from streams)'),
    stream: asArrays(
      'select id, (select max(version) from events where stream = streams.id) from streams where name = ?',
    ),
    slots: asArrays(
      'select position, event_id from events where stream = ? and version > ? and version <= ? order by version',
    ),
    addStream: database.prepare('insert into streams (id, name) values (?, ?)'),
    addEvent: database.prepare(
      'insert into events (position, stream, version, type, event_id, at, data, meta) values (?, ?, ?, ?, ?, ?, ?, ?)',
    ),
  };
};
