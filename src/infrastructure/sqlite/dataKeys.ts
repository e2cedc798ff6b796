import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type DataKey, type DataKeys, StoreUnavailable } from '#application/ports.ts';
import { decrypt, encrypt } from '../sealing/aead.ts';

/** Keys made by one durable write: as many registrations share it. */
const batch = 256;
const mostOpened = 20_000;

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
  const database = new DatabaseSync(join(directory, 'keys.sqlite'));
  database.exec(schema);
  const insert = database.prepare('INSERT INTO data_keys (id, wrapped) VALUES (?, ?)');
  const select = database.prepare('SELECT wrapped FROM data_keys WHERE id = ?');
  const opened = new Map<string, DataKey>();
  let ready: DataKey[] = [];

  const remember = (key: DataKey): DataKey => {
    const [oldest] = opened.keys();
    if (opened.size >= mostOpened && oldest !== undefined) opened.delete(oldest);
    opened.set(key.id, key);
    return key;
  };
  const make = (): readonly DataKey[] => {
    const keys = Array.from({ length: batch }, () => ({
      id: randomBytes(9).toString('base64url'),
      bytes: randomBytes(32),
    }));
    database.exec('BEGIN IMMEDIATE');
    try {
      for (const { id, bytes } of keys) insert.run(id, encrypt(master, bytes, id));
      database.exec('COMMIT');
    } catch (cause) {
      database.exec('ROLLBACK');
      throw new StoreUnavailable('keys.sqlite cannot be written; see that the disk has room and try again.', { cause });
    }
    return keys.map(({ id, bytes }) => ({ id, key: createSecretKey(bytes) }));
  };
  return {
    next: async () => {
      if (ready.length === 0) ready = [...make()];
      return remember(ready.pop() as DataKey);
    },
    find: async (id) => {
      const known = opened.get(id);
      if (known !== undefined) return known;
      const row = select.get(id) as { wrapped: string } | undefined;
      return row && remember({ id, key: createSecretKey(decrypt(master, row.wrapped, id)) });
    },
    close: async () => database.close(),
  };
};
