import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { StoreUnavailable } from '#application/ports.ts';
import { makePrivate } from './privateFile.ts';

/** A connection for data that can be made anew: a commit may be lost with the power, never torn. */
export type ViewDatabase = {
  exec: (sql: string) => void;
  /** The prepared statement for a text, kept for the next time. */
  statement: (sql: string) => StatementSync;
  /** Runs the work in one write transaction; a throw undoes it. */
  write: <T>(work: () => T) => T;
  close: () => void;
};

const busyMs = 10_000;
const statementsKept = 256;

/** How much is kept in memory, and past how many pages a commit carries the WAL over (SQLite's own 1000 if not told). */
export type ViewDatabaseOptions = { cacheKib: number; checkpointPages?: number };

/** Opens (or creates) the file in WAL mode; many threads and processes may do so at once. */
export const openViewDatabase = (
  file: string,
  { cacheKib, checkpointPages = 1000 }: ViewDatabaseOptions,
): ViewDatabase => {
  makePrivate(file);
  const db = new DatabaseSync(file, { timeout: busyMs });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY');
  db.exec(`PRAGMA cache_size = -${cacheKib}; PRAGMA journal_size_limit = 67108864`);
  db.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`);
  return {
    exec: (sql) => db.exec(sql),
    statement: statementCache(db),
    write: (work) => inTransaction(db, work),
    close: () => {
      if (db.isOpen) db.close();
    },
  };
};

/** Immediate, so that a transaction waits for its turn at the start and never fails half way for being late. */
const inTransaction = <T>(db: DatabaseSync, work: () => T): T => {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
};

// Generations come and go, so the number of texts has no end: the oldest makes room.
const statementCache = (db: DatabaseSync): ((sql: string) => StatementSync) => {
  const kept = new Map<string, StatementSync>();
  return (sql) => {
    const known = kept.get(sql);
    if (known !== undefined) return known;
    const [oldest] = kept.keys();
    if (kept.size >= statementsKept && oldest !== undefined) kept.delete(oldest);
    const prepared = db.prepare(sql);
    kept.set(sql, prepared);
    return prepared;
  };
};

/** Runs the work as a promise; what a later try may cure rejects as `StoreUnavailable`. */
export const answering = async <T>(file: string, work: () => T): Promise<T> => {
  try {
    return work();
  } catch (error) {
    throw isPassing(error) ? unanswered(file, error) : error;
  }
};

/** The fault of another thread as it is told here: its message and, where it has one, its SQLite code. */
export const faultOf = (file: string, message: string, code: number | undefined): Error => {
  const error = new Error(message);
  return code === undefined || passing.has(code & 0xff) ? unanswered(file, error) : error;
};

const unanswered = (file: string, cause: Error): StoreUnavailable =>
  new StoreUnavailable(`${file} cannot answer (${cause.message}); check the disk and who else holds the file.`, {
    cause,
  });

// SQLite's primary result codes: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
const passing = new Set([5, 6, 8, 10, 13, 14]);

const isPassing = (error: unknown): error is Error => {
  if (!(error instanceof Error) || !('code' in error)) return false;
  if (error.code === 'ERR_SQLITE_ERROR' && 'errcode' in error) return passing.has(Number(error.errcode) & 0xff);
  return error.code === 'ERR_INVALID_STATE';
};
