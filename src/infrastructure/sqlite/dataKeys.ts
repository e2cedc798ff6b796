import type { KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { type DataKeys, type KeptKey, StoreUnavailable } from '#application/ports.ts';
import { SealBroken } from '#application/sealing.ts';
import { destroyed, keptOf, keyOpener, masterProof, type NewKey, newKeys, openKey } from '../sealing/wrappedKeys.ts';

const file = 'keys.sqlite';

const busyMs = 5000;
/** Who only reads keys is done at once. */
const readersDoneMs = 1000;

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
    ON CONFLICT DO UPDATE SET wrapped = excluded.wrapped WHERE excluded.wrapped = '${destroyed}'`,
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
  mkdirSync(directory, { recursive: true });
  const keyring = answering(() => openKeyring(join(directory, file), master));
  const opener = keyOpener(master, file);
  let ready: NewKey[] = [];
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
    destroy: async (id) => answering(() => keyring.keep([{ id, wrapped: destroyed }])),
    kept: async (after, limit) => answering(() => keyring.kept(after, limit)),
    keep: async (keys) => answering(() => keyring.keep(keys)),
    rewrap: async (keys) => answering(() => keyring.rewrap(keys.map(({ id, from, wrapped }) => [wrapped, id, from]))),
    close: async () => keyring.close(),
  };
};

/** The file itself, a write of many rows being one transaction. */
const openKeyring = (path: string, master: KeyObject) => {
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
    keep: (keys: readonly KeptKey[]): void => {
      write(copy, rowsOf(keys));
      if (keys.some((key) => key.wrapped === destroyed)) emptyWal(database);
    },
    rewrap: (rows: readonly SQLInputValue[][]) => write(rewrap, rows),
    close: () => {
      if (database.isOpen) database.close();
    },
  };
};

/** Carries the WAL into the file and empties it: it still holds pages as they were before. Throws where others hold it. */
const emptyWal = (database: DatabaseSync): void => {
  database.exec(`PRAGMA busy_timeout = ${readersDoneMs}`);
  const { busy } = database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
  database.exec(`PRAGMA busy_timeout = ${busyMs}`);
  if (busy !== 0) throw new Error('The WAL is in use: a destroyed key still stands in it.');
};

const answering = <T>(work: () => T): T => {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof SealBroken) throw cause;
    throw new StoreUnavailable('keys.sqlite cannot answer; see that the disk has room and who else holds the file.', {
      cause,
    });
  }
};
