import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { openStores, type StorePlaces, type Stores } from '../../../src/stores.ts';

/** The stores of a directory and how to open what is sealed in them. */
export type Opened = Stores & { sealing: ReturnType<typeof createSealing> };

const open = async (places: StorePlaces): Promise<Opened> => {
  const stores = await openStores(places);
  return { ...stores, sealing: createSealing(stores.keys, stores.dataKeys) };
};

/** What SQLite finds wrong with the files of a directory. */
const brokenFiles = (directory: string): string[] =>
  readdirSync(directory)
    .filter((file) => file.endsWith('.sqlite'))
    .flatMap((file) => {
      const database = new DatabaseSync(join(directory, file));
      const found = database
        .prepare('pragma integrity_check')
        .all()
        .map((row) => String(row['integrity_check']));
      database.close();
      return found.filter((line) => line !== 'ok').map((line) => `${file}: ${line}`);
    });

/**
 * Looks at what a dead process left, in a copy: whoever opens the files first mends them, and that is to be the next
 * process of the program, not this one. Answers with what SQLite finds broken, and what the look found.
 */
export const lookAtCopy = async (directory: string, look: (opened: Opened) => Promise<string[]>): Promise<string[]> => {
  const copy = mkdtempSync(join(tmpdir(), 'copy-'));
  try {
    cpSync(directory, copy, { recursive: true, filter: (file) => !file.endsWith('-shm') });
    const broken = brokenFiles(copy);
    if (broken.length > 0) return broken;
    const opened = await open({ directory: copy });
    try {
      return await look(opened);
    } finally {
      await opened.close();
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
};

/** Opens the stores beside the processes that work on them. */
export const lookBeside = async <T>(places: StorePlaces, look: (opened: Opened) => Promise<T>): Promise<T> => {
  const opened = await open(places);
  try {
    return await look(opened);
  } finally {
    await opened.close();
  }
};
