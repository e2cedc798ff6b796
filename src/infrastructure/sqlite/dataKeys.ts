import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { type DataKeys, type KeptKey, StoreUnavailable } from '#application/ports.ts';
import { SealBroken } from '#application/sealing.ts';
import { destroyed, keptOf, keyOpener, masterProof, type NewKey, newKeys, openKey } from '../sealing/wrappedKeys.ts';
import { makePrivate } from './privateFile.ts';

const file = 'keys.sqlite';

const busyMs = 5000;
/** How long and how often the WAL is tried to be emptied: others read a key, or empty it themselves, and are done at once. */
const emptying = { busyMs: 100, tries: 20, pauseMs: 25 };

// What is deleted or written over is written over with zeros too: a destroyed key leaves no byte in the file.
const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = ${busyMs};
  PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS data_keys (id TEXT PRIMARY KEY, wrapped TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

const sql = {
  insert: 'INSERT INTO data_keys (id, wrapped) VALUES (?, ?)',
  copy: `INSERT INTO data_keys (id, wrapped) VALUES (?, ?)
    ON CONFLICT DO UPDATE SET wrapped = excluded.wrapped
    WHERE excluded.wrapped = '${destroyed}' AND data_keys.wrapped <> '${destroyed}'`,
  rewrap: 'UPDATE data_keys SET wrapped = ? WHERE id = ? AND wrapped = ?',
  select: 'SELECT wrapped FROM data_keys WHERE id = ?',
  page: 'SELECT id, wrapped FROM data_keys WHERE id > ? ORDER BY id LIMIT ?',
};

/** Data keys in `keys.sqlite`, wrapped by the master key. Keys of a batch that a stop left over are never used. */
export const openDataKeys = async ({
  directory,
  master,
}: {
  directory: string;
  master: KeyObject;
}): Promise<DataKeys> => {
  const keyring = answering(() => openKeyring(join(directory, file), master));
  const opener = keyOpener(master, file);
  let ready: NewKey[] = [];
  /** Of a destroyed key nothing stays beside the file either. */
  const keep: DataKeys['keep'] = async (keys) => {
    answering(() => keyring.keep(keys));
    if (!keys.some(({ wrapped }) => wrapped === destroyed)) return;
    for (let tries = 1; !answering(keyring.emptyWal); tries += 1) {
      if (tries === emptying.tries) throw unavailable('Its WAL is in use: a destroyed key still stands in it.');
      await wait(emptying.pauseMs);
    }
  };
  return {
    next: async () => {
      if (ready.length === 0) ready = answering(keyring.make);
      return opener.remember(ready.pop() as NewKey);
    },
    find: async (id) =>
      opener.open(
        id,
        answering(() => keyring.wrapped(id)),
      ),
    destroy: (id) => keep([{ id, wrapped: destroyed }]),
    kept: async (after, limit) => answering(() => keyring.kept(after, limit)),
    keep,
    rewrap: async (keys) => answering(() => keyring.rewrap(keys.map(({ id, from, wrapped }) => [wrapped, id, from]))),
    close: async () => keyring.close(),
  };
};

/** The file itself, a write of many rows being one transaction. */
const openKeyring = (path: string, master: KeyObject) => {
  makePrivate(path);
  const database = new DatabaseSync(path);
  database.exec(schema);
  const [insert, copy, rewrap] = [
    database.prepare(sql.insert),
    database.prepare(sql.copy),
    database.prepare(sql.rewrap),
  ];
  const [select, page] = [database.prepare(sql.select), database.prepare(sql.page)];
  const write = (statement: typeof insert, rows: readonly SQLInputValue[][], check = () => {}): void => {
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const row of rows) statement.run(...row);
      check();
      database.exec('COMMIT');
    } catch (fault) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw fault;
    }
  };
  const wrapped = (id: string) => (select.get(id) as { wrapped: string } | undefined)?.wrapped;
  const rowsOf = (keys: readonly KeptKey[]) => keys.map((key) => [key.id, key.wrapped]);
  /** A process that still has a former master key makes no keys that nobody could open. */
  const requireMaster = (): void => {
    const proof = wrapped(masterProof);
    if (proof !== undefined) openKey(master, { id: masterProof, wrapped: proof }, file);
  };
  return {
    wrapped,
    make: (): NewKey[] => {
      const made = newKeys(master);
      write(insert, rowsOf(keptOf(made)), requireMaster);
      return made;
    },
    kept: (after: string, limit: number) => page.all(after, limit) as KeptKey[],
    keep: (keys: readonly KeptKey[]) => write(copy, rowsOf(keys)),
    emptyWal: () => emptyWal(database),
    rewrap: (rows: readonly SQLInputValue[][]) => write(rewrap, rows),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
};

/** Carries the WAL into the file and empties it: it still holds pages as they were before. False where others hold it. */
const emptyWal = (database: DatabaseSync): boolean => {
  database.exec(`PRAGMA busy_timeout = ${emptying.busyMs}`);
  try {
    const { busy } = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    return busy === 0;
  } finally {
    database.exec(`PRAGMA busy_timeout = ${busyMs}`);
  }
};

const unavailable = (cause: unknown): StoreUnavailable =>
  new StoreUnavailable('keys.sqlite cannot answer; see that the disk has room and who else holds the file.', { cause });

const answering = <T>(work: () => T): T => {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof SealBroken) throw cause;
    throw unavailable(cause);
  }
};
