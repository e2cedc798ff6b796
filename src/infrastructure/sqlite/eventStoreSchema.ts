import { mkdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreUnavailable } from '#application/ports.ts';
import { makePrivate } from './privateFile.ts';

const fileName = 'events.sqlite';
const schemaVersion = 1;
const busyMs = 5_000;

// Nothing here is ever updated: a stream's revision is its highest version, found through the unique index. Event ids
// have no index, since a repeated append is only looked for where it would stand: after the revision it expected.
const schema = `
  create table streams (id integer primary key, name text not null unique) strict;
  create table events (
    position integer primary key,
    stream integer not null,
    version integer not null,
    type text not null,
    event_id blob not null,
    at integer not null,
    data text not null,
    meta text not null
  ) strict;
  create unique index events_of_stream on events (stream, version);
  pragma user_version = ${schemaVersion};
`;

/** The log's file in a directory, by its real path: every thread that opens it must call it the same. */
export const eventStoreFile = (directory: string): string => join(realpathSync(directory), fileName);

/** Makes the directory where it is missing; the file is made by whoever opens it for writing. */
export const prepareDirectory = (directory: string): void => {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
};

/**
 * Opens the log to append to it, creating it if need be; safe to call by many processes at once.
 * WAL and `synchronous = FULL`: a commit is on the disk when it returns. Checkpoints are left to another thread.
 */
export const openForWriting = (file: string): DatabaseSync => {
  makePrivate(file);
  const database = new DatabaseSync(file, { timeout: busyMs });
  database.exec('pragma journal_mode = wal; pragma synchronous = full; pragma wal_autocheckpoint = 0');
  database.exec('pragma journal_size_limit = 67108864; pragma cache_size = -65536');
  database.exec('begin immediate');
  try {
    if (versionOf(database) === 0) database.exec(schema);
    database.exec('commit');
  } catch (fault) {
    database.close();
    throw fault;
  }
  return checked(database, file);
};

/** Opens an existing log to read it. */
export const openForReading = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file, { timeout: busyMs, readOnly: true });
  database.exec('pragma cache_size = -32768');
  return checked(database, file);
};

/** Opens the log to copy its WAL into the file, never to write to it. */
export const openForCheckpoints = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file, { timeout: busyMs });
  database.exec('pragma synchronous = full; pragma wal_autocheckpoint = 0');
  return database;
};

const versionOf = (database: DatabaseSync): number =>
  Number(database.prepare('pragma user_version').get()?.['user_version']);

const checked = (database: DatabaseSync, file: string): DatabaseSync => {
  const version = versionOf(database);
  if (version === schemaVersion) return database;
  database.close();
  throw new Error(
    `${file} has schema ${version}, this program reads ${schemaVersion}: start the version that wrote it.`,
  );
};

/** The fault as callers see it: what happened to which file, and what to do. */
export const unavailable = (file: string, fault: unknown): StoreUnavailable => {
  const why = fault instanceof Error ? fault.message : String(fault);
  return new StoreUnavailable(
    `事件库暂时无法应答 The event store ${file} cannot answer (${why}): check the disk and who else holds the file, then try again.`,
    { cause: fault },
  );
};
