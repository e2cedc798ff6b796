import type { KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type DataKey, type DataKeys, type KeptKey, StoreUnavailable } from '#application/ports.ts';
import { SealBroken } from '#application/sealing.ts';
import { newKeys, openedKeys, openKey } from '../sealing/wrappedKeys.ts';

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  CREATE TABLE IF NOT EXISTS data_keys (id TEXT PRIMARY KEY, wrapped TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** Data keys in `keys.sqlite`, wrapped by the master key. Keys of a batch that a stop left over are never used. */
export const openDataKeys = async ({
  directory,
  master,
}: {
  directory: string;
  master: KeyObject;
}): Promise<DataKeys> => {
  mkdirSync(directory, { recursive: true });
  const keyring = answering(() => openKeyring(join(directory, 'keys.sqlite'), master));
  const opened = openedKeys();
  let ready: DataKey[] = [];
  return {
    next: async () => {
      if (ready.length === 0) ready = answering(keyring.make);
      return opened.remember(ready.pop() as DataKey);
    },
    find: async (id) => {
      const key = opened.get(id) ?? answering(() => keyring.find(id));
      return key && opened.remember(key);
    },
    kept: async (after, limit) => answering(() => keyring.kept(after, limit)),
    keep: async (keys) => answering(() => keyring.keep(keys)),
    close: async () => keyring.close(),
  };
};

/** The file itself: makes a batch of keys durable at once, and opens one that was made before. */
const openKeyring = (file: string, master: KeyObject) => {
  const database = new DatabaseSync(file);
  database.exec(schema);
  const insert = database.prepare('INSERT INTO data_keys (id, wrapped) VALUES (?, ?)');
  const copy = database.prepare('INSERT INTO data_keys (id, wrapped) VALUES (?, ?) ON CONFLICT DO NOTHING');
  const select = database.prepare('SELECT wrapped FROM data_keys WHERE id = ?');
  const page = database.prepare('SELECT id, wrapped FROM data_keys WHERE id > ? ORDER BY id LIMIT ?');
  const write = (statement: typeof insert, kept: readonly KeptKey[]): void => {
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const { id, wrapped } of kept) statement.run(id, wrapped);
      database.exec('COMMIT');
    } catch (fault) {
      if (database.isTransaction) database.exec('ROLLBACK');
      throw fault;
    }
  };
  return {
    make: (): DataKey[] => {
      const { keys, kept } = newKeys(master);
      write(insert, kept);
      return keys;
    },
    kept: (after: string, limit: number) => page.all(after, limit) as KeptKey[],
    keep: (keys: readonly KeptKey[]) => write(copy, keys),
    find: (id: string): DataKey | undefined => {
      const row = select.get(id) as { wrapped: string } | undefined;
      return row && openKey(master, { id, wrapped: row.wrapped }, 'keys.sqlite');
    },
    close: () => {
      if (database.isOpen) database.close();
    },
  };
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
