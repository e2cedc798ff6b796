import { join } from 'node:path';
import type { Json, TransientStore } from '#application/ports.ts';
import { answering, openViewDatabase, type ViewDatabase } from './viewDatabase.ts';

const file = 'transient.sqlite';
const cacheKib = 8_192;
const sweepEveryMs = 60_000;
const sweptAtOnce = 500;

const schema = `
  CREATE TABLE IF NOT EXISTS entries (
    kind TEXT, id TEXT, value TEXT, count INTEGER NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS by_end ON entries (expires_at)`;

const sql = {
  get: 'SELECT value FROM entries WHERE kind = ? AND id = ? AND expires_at > ?',
  put: `INSERT INTO entries (kind, id, value, count, expires_at) VALUES (?, ?, ?, 0, ?)
    ON CONFLICT DO UPDATE SET value = excluded.value, count = 0, expires_at = excluded.expires_at`,
  putIfAbsent: `INSERT INTO entries (kind, id, value, count, expires_at) VALUES (?, ?, ?, 0, ?)
    ON CONFLICT DO UPDATE SET value = excluded.value, count = 0, expires_at = excluded.expires_at WHERE expires_at <= ?`,
  replaceIfPresent:
    'UPDATE entries SET value = ?, count = 0, expires_at = ? WHERE kind = ? AND id = ? AND expires_at > ?',
  remove: 'DELETE FROM entries WHERE kind = ? AND id = ?',
  increment: `INSERT INTO entries (kind, id, count, expires_at) VALUES (:kind, :id, max(:by, 0), :expiresAt)
    ON CONFLICT DO UPDATE SET
      count = max(iif(expires_at > :now, count, 0) + :by, 0), expires_at = iif(expires_at > :now, expires_at, :expiresAt)
    RETURNING count`,
  sweep: `DELETE FROM entries WHERE (kind, id) IN
    (SELECT kind, id FROM entries WHERE expires_at <= ? ORDER BY expires_at LIMIT ${sweptAtOnce})`,
};

/**
 * Small state with an end in `transient.sqlite`; times are milliseconds since 1970. A counter keeps the end it started with.
 * What has ended is deleted a little at a time, at most once a minute. Rejects with `StoreUnavailable`.
 */
export const openTransientStore = async ({ directory }: { directory: string }): Promise<TransientStore> => {
  const db = await answering(file, () => openViewDatabase(join(directory, file), { cacheKib }));
  await answering(file, () => db.write(() => db.exec(schema)));
  const answer = <T>(work: () => T): Promise<T> => answering(file, work);
  const sweep = sweeper(db);
  return {
    get: (kind, id, now) => answer(() => valueFrom(db.statement(sql.get).get(kind, id, now)?.value)),
    put: (kind, id, value, expiresAt) =>
      answer(() => void db.statement(sql.put).run(kind, id, JSON.stringify(value), expiresAt)),
    remove: (kind, id) => answer(() => void db.statement(sql.remove).run(kind, id)),
    increment: (kind, id, now, expiresAt, by = 1) =>
      answer(() => {
        sweep(now);
        return Number(db.statement(sql.increment).get({ kind, id, now, expiresAt, by })?.count);
      }),
    putIfAbsent: (kind, id, value, now, expiresAt) =>
      answer(() => {
        sweep(now);
        const { changes } = db.statement(sql.putIfAbsent).run(kind, id, JSON.stringify(value), expiresAt, now);
        return Number(changes) === 1;
      }),
    replaceIfPresent: (kind, id, value, now, expiresAt) =>
      answer(() => {
        const { changes } = db.statement(sql.replaceIfPresent).run(JSON.stringify(value), expiresAt, kind, id, now);
        return Number(changes) === 1;
      }),
    close: () => answer(() => db.close()),
  };
};

const valueFrom = (value: unknown): Json | undefined =>
  typeof value === 'string' ? (JSON.parse(value) as Json) : undefined;

/** Sweeps at most once a minute, unless the last sweep left some over. */
const sweeper = (db: ViewDatabase): ((now: number) => void) => {
  let nextAt = Number.NEGATIVE_INFINITY;
  return (now) => {
    if (now < nextAt) return;
    const { changes } = db.statement(sql.sweep).run(now);
    nextAt = Number(changes) < sweptAtOnce ? now + sweepEveryMs : now;
  };
};
