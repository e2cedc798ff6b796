import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

// One transaction that nobody will ever commit: the book ends with the walk.
const schema = `
  pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -65536;
  create table streams (
    name text primary key, revision integer not null, position integer not null, type text not null,
    hash text not null, at text not null, chained integer not null
  ) strict, without rowid;
  begin exclusive;
`;

/** The last event of a stream as the walk met it; `chained` once an event of the stream named the one before it. */
export type LastOfStream = {
  revision: number;
  position: number;
  type: string;
  hash: string;
  at: string;
  chained: boolean;
};

/** Remembers where each stream of a log stands while it is walked through, on disk: a log of any length needs little memory. */
export const openChainBook = (directory: string) => {
  const database = new DatabaseSync(join(directory, 'chains.sqlite'));
  database.exec(schema);
  const find = database.prepare('select revision, position, type, hash, at, chained from streams where name = ?');
  find.setReturnArrays(true);
  const put = database.prepare('insert or replace into streams values (?, ?, ?, ?, ?, ?, ?)');
  return {
    last: (stream: string): LastOfStream | undefined => {
      const found = find.get(stream) as unknown as [number, number, string, string, string, number] | undefined;
      if (found === undefined) return undefined;
      const [revision, position, type, hash, at, chained] = found;
      return { revision, position, type, hash, at, chained: chained === 1 };
    },
    note: (stream: string, { revision, position, type, hash, at, chained }: LastOfStream): void =>
      void put.run(stream, revision, position, type, hash, at, chained ? 1 : 0),
    streams: (): number => Number(database.prepare('select count(*) as n from streams').get()?.['n']),
    close: (): void => database.close(),
  };
};

export type ChainBook = ReturnType<typeof openChainBook>;
