import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type DataKey, type DataKeys, StoreUnavailable } from '#application/ports.ts';
import { SealBroken } from '#application/sealing.ts';
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
  const keyring = answering(() => openKeyring(join(directory, 'keys.sqlite'), master));
  const opened = new Map<string, DataKey>();
  let ready: DataKey[] = [];
  const remember = (key: DataKey): DataKey => {
    const [oldest] = opened.keys();
    if (opened.size >= mostOpened && oldest !== undefined) opened.delete(oldest);
    opened.set(key.id, key);
    return key;
  };
  return {
    next: async () => {
      if (ready.length === 0) ready = answering(keyring.make);
      return remember(ready.pop() as DataKey);
    },
    find: async (id) => {
      const key = opened.get(id) ?? answering(() => keyring.find(id));
      return key && remember(key);
    },
    close: async () => keyring.close(),
  };
};

/** The file itself: makes a batch of keys durable at once, and opens one that was made before. */
const openKeyring = (file: string, master: KeyObject) => {
  const database = new DatabaseSync(file);
  database.exec(schema);
  const insert = database.prepare('INSERT INTO data_keys (id, wrapped) VALUES (?, ?)');
  const select = database.prepare('SELECT wrapped FROM data_keys WHERE id = ?');
  return {
    make: (): DataKey[] => {
      const keys = Array.from({ length: batch }, () => ({
        id: randomBytes(9).toString('base64url'),
        bytes: randomBytes(32),
      }));
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const { id, bytes } of keys) insert.run(id, encrypt(master, bytes, id));
        database.exec('COMMIT');
      } catch (fault) {
        if (database.isTransaction) database.exec('ROLLBACK');
        throw fault;
      }
      return keys.map(({ id, bytes }) => ({ id, key: createSecretKey(bytes) }));
    },
    find: (id: string): DataKey | undefined => {
      const row = select.get(id) as { wrapped: string } | undefined;
      return row && { id, key: createSecretKey(unwrapped(master, row.wrapped, id)) };
    },
    close: () => {
      if (database.isOpen) database.close();
    },
  };
};

const unwrapped = (master: KeyObject, wrapped: string, id: string): Buffer => {
  try {
    return decrypt(master, wrapped, id);
  } catch (cause) {
    throw new SealBroken(
      `Data key ${id} does not open with this master key — 主密钥与 keys.sqlite 不匹配: restore the master key that belongs to it.`,
      { cause },
    );
  }
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
