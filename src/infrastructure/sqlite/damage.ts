import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A file of an embedded store is damaged; the message names it, and says what to do. */
export class DamagedFileError extends Error {
  override name = 'DamagedFileError';
}

const fromBackup = [
  '请从备份恢复（npm run restore），不要在损坏的文件上继续。',
  'Restore it from your backup (npm run restore); do not go on with it.',
] as const;

const remedies = {
  'events.sqlite': fromBackup,
  'keys.sqlite': fromBackup,
  'scans.sqlite': fromBackup,
  'views.sqlite': [
    '请移走 views.sqlite 及其 -wal、-shm 后重新启动，视图会由事件库重建。',
    'Move views.sqlite away with its -wal and -shm, and start again: the views are rebuilt from the log.',
  ],
  'transient.sqlite': [
    '请移走 transient.sqlite 及其 -wal、-shm 后重新启动；用户需要重新登录。',
    'Move transient.sqlite away with its -wal and -shm, and start again: people will have to sign in anew.',
  ],
} as const;

/** A file of an embedded store. */
export type StoreFile = keyof typeof remedies;

// Some 10 ms per MB: what a start can spare. Larger files are looked at where damage shows first; `npm run verify-store`
// reads all of them.
const readWholeUpTo = 16 * 1024 * 1024;
const tail = 1000;

const damageCodes = new Set([11, 26]);

/** Throws `DamagedFileError` where a file is damaged; one that is not there yet is none, nor one that does not answer now. */
export const refuseDamaged = (directory: string, files: readonly StoreFile[]): void => {
  for (const name of files) {
    const file = join(directory, name);
    const damage = existsSync(file) ? damageIn(file, name) : undefined;
    if (damage === undefined) continue;
    const [chinese, english] = remedies[name];
    throw new DamagedFileError(`${file} 已损坏（${damage}）。${chinese}\n${file} is damaged (${damage}). ${english}`);
  }
};

const damageIn = (file: string, name: StoreFile): string | undefined => {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
    const whole = statSync(file).size <= readWholeUpTo;
    return (
      (whole ? pageDamage(database) : cutOff(database, file)) ?? (name === 'events.sqlite' ? gap(database) : undefined)
    );
  } catch (fault) {
    const { errcode, message } = fault as Error & { errcode?: number };
    return damageCodes.has(Number(errcode) & 0xff) ? message : undefined;
  } finally {
    database?.close();
  }
};

const one = (database: DatabaseSync, sql: string): number =>
  Number(Object.values(database.prepare(sql).get() ?? {})[0] ?? 0);

const pageDamage = (database: DatabaseSync): string | undefined => {
  const [first] = database
    .prepare('pragma quick_check(1)')
    .all()
    .map((row) => String(row['quick_check']));
  return first === 'ok' ? undefined : first?.replaceAll('\n', ' ');
};

/** A file shorter than it says it is. What the WAL holds is not in it yet, so then its length says nothing. */
const cutOff = (database: DatabaseSync, file: string): string | undefined => {
  const wal = `${file}-wal`;
  if (existsSync(wal) && statSync(wal).size > 0) return undefined;
  const [pages, pageSize] = [one(database, 'pragma page_count'), one(database, 'pragma page_size')];
  const missing = pages * pageSize - statSync(file).size;
  return missing > 0 ? `${missing} bytes are missing at its end` : undefined;
};

/** The log's last events: read, whole JSON, no position missing between them. */
const gap = (database: DatabaseSync): string | undefined => {
  if (one(database, 'pragma user_version') === 0) return undefined;
  const last = `(select position, data, meta from events order by position desc limit ${tail})`;
  const missing = one(database, `select max(position) - min(position) + 1 - count(*) from ${last}`);
  if (missing !== 0) return `${missing} of its last ${tail} events are missing`;
  const torn = one(database, `select count(*) from ${last} where not (json_valid(data) and json_valid(meta))`);
  return torn === 0 ? undefined : `${torn} of its last ${tail} events cannot be read`;
};
