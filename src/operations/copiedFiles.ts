import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { backup, DatabaseSync } from 'node:sqlite';
import { pipeline } from 'node:stream/promises';
import { OperationError } from './program.ts';

/** Told how much is done, and of how much, in a unit of its own (pages, bytes, events). */
export type Progress = (done: number, total: number) => void;

const pagesAtOnce = 2048;
const busyMs = 10_000;

/**
 * Copies an embedded store as it stands now, while others write to it: the copy reads from one snapshot, so that no write
 * makes it begin anew. The copy is one file without a WAL, checked for damage. Throws `OperationError` where it has any.
 */
export const copyDatabase = async (from: string, to: string, onProgress: Progress): Promise<void> => {
  const source = new DatabaseSync(from, { readOnly: true, timeout: busyMs });
  try {
    source.exec('begin');
    source.prepare('select count(*) from sqlite_schema').get();
    let total = 0;
    await backup(source, to, {
      rate: pagesAtOnce,
      progress: ({ totalPages, remainingPages }) => {
        total = totalPages;
        onProgress(totalPages - remainingPages, totalPages);
      },
    });
    onProgress(total, total);
  } finally {
    source.close();
  }
  inCopy(to, (copy) => {
    copy.exec('pragma journal_mode = delete');
    const faults = checkDatabase(copy, 'quick_check');
    if (faults.length > 0) throw damaged(from, faults);
  });
};

/** Opens a copy that nobody else has open. */
export const inCopy = <T>(file: string, work: (copy: DatabaseSync) => T): T => {
  const copy = new DatabaseSync(file);
  try {
    return work(copy);
  } finally {
    copy.close();
  }
};

/** What SQLite finds wrong in a file; nothing where it is sound. */
export const checkDatabase = (database: DatabaseSync, check: 'quick_check' | 'integrity_check'): readonly string[] => {
  try {
    const found = database.prepare(`pragma ${check}(10)`).all();
    return found.map((row) => String(Object.values(row)[0])).filter((line) => line !== 'ok');
  } catch (fault) {
    return [(fault as Error).message];
  }
};

const damaged = (file: string, faults: readonly string[]): OperationError =>
  new OperationError(`${file} 已损坏，没有备份。 ${file} is damaged, nothing was backed up:\n${faults.join('\n')}`);

/** Size and SHA-256 of a file. */
export const digestOf = async (file: string): Promise<{ bytes: number; sha256: string }> => {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, sha256: hash.digest('hex') };
};

/** Copies a file and sees that it is on the disk; never over another. */
export const copyDurably = async (from: string, to: string, mode = 0o600): Promise<void> =>
  pipeline(createReadStream(from), createWriteStream(to, { flags: 'wx', mode, flush: true }));
