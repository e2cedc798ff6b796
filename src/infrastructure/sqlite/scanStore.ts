import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type ScanStore, StoreUnavailable } from '#application/ports.ts';
import { makePrivate } from './privateFile.ts';

const file = 'scans.sqlite';

// What is deleted is written over with zeros too.
const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = FULL;
  PRAGMA busy_timeout = 5000;
  PRAGMA secure_delete = ON;
  CREATE TABLE IF NOT EXISTS scans (id TEXT PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
`;

const sql = {
  put: 'INSERT INTO scans (id, bytes) VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = excluded.bytes',
  get: 'SELECT bytes FROM scans WHERE id = ?',
  delete: 'DELETE FROM scans WHERE id = ?',
  list: 'SELECT id FROM scans WHERE id > ? ORDER BY id LIMIT ?',
};

const answering = <T>(work: () => T): T => {
  try {
    return work();
  } catch (cause) {
    const message = `${file} cannot answer; see that the disk has room and who else holds the file.`;
    throw new StoreUnavailable(message, { cause });
  }
};

/** Sealed scans in `scans.sqlite`, for this user alone. */
export const openScanStore = async ({ directory }: { directory: string }): Promise<ScanStore> => {
  const path = join(directory, file);
  const database = answering(() => {
    makePrivate(path);
    const opened = new DatabaseSync(path);
    opened.exec(schema);
    return opened;
  });
  const prepared = {
    put: database.prepare(sql.put),
    get: database.prepare(sql.get),
    delete: database.prepare(sql.delete),
    list: database.prepare(sql.list),
  };
  return {
    put: async (id, bytes) => answering(() => void prepared.put.run(id, bytes)),
    get: async (id) => answering(() => prepared.get.get(id)?.['bytes'] as Uint8Array | undefined),
    delete: async (id) => answering(() => void prepared.delete.run(id)),
    list: async (after, limit) => answering(() => prepared.list.all(after, limit).map((row) => String(row['id']))),
    close: async () => {
      if (database.isOpen) database.close();
    },
  };
};
