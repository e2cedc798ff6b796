import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseNote, type SignedCheckpoint } from '#application/log/checkpoint.ts';
import { checkpointKeys } from '#infrastructure/sealing/checkpointKeys.ts';
import { loadLogKeys } from '#infrastructure/sealing/keys.ts';
import { openLog, openViews, type StorePlaces } from '../stores.ts';
import { type Audit, auditLog } from './auditLog.ts';
import { openChainBook } from './chainBook.ts';
import type { Checking } from './findings.ts';
import { OperationError, opening } from './program.ts';
import { tellAudit } from './tellAudit.ts';

const keysIn = (directory: string) => {
  if (!existsSync(join(directory, 'keys', 'log.jwk'))) {
    throw new OperationError(
      `${directory} 里没有 keys/log.jwk，无法核对签名：请放回去（见备份）。\n` +
        `${directory} has no keys/log.jwk, without which no signature can be checked: put it back from your backup.`,
    );
  }
  return checkpointKeys(loadLogKeys(directory));
};

const noteIn = (file: string): SignedCheckpoint => {
  const note = existsSync(file) ? parseNote(readFileSync(file, 'utf8')) : undefined;
  if (note !== undefined) return note;
  throw new OperationError(
    `${file} 不是检查点：应为 /log/checkpoint 给出的文本。 ${file} is no checkpoint: it should hold the text that /log/checkpoint gives.`,
  );
};

/** What to verify: the stores, a folder of its own to remember things in, and a checkpoint that was saved elsewhere. */
export type Verifying = { places: StorePlaces; scratch: string; note: string | undefined };

/**
 * Recomputes every chain, the whole tree, every checkpoint and the kept hashes of a log, in either store, and names what was
 * changed. Throws `OperationError` where keys or the checkpoint cannot be read.
 */
export const verifyWholeLog = async (
  { places, scratch, note }: Verifying,
  checking: Checking,
): Promise<Audit & { streams: number }> => {
  const { directory, eventStoreUrl, viewStoreUrl } = places;
  const keys = keysIn(directory);
  const earlier = note === undefined ? undefined : noteIn(note);
  const viewsThere = viewStoreUrl !== undefined || existsSync(join(directory, 'views.sqlite'));
  const eventStore = await opening(openLog(places, true));
  const viewStore = viewsThere ? await opening(openViews(places)) : undefined;
  const book = openChainBook(scratch);
  try {
    const log = { eventStore, viewStore, keys, book, gapFree: eventStoreUrl === undefined, earlier };
    const audit = await auditLog(log, checking);
    await tellAudit(log, audit, checking.findings);
    return { ...audit, streams: book.streams() };
  } finally {
    book.close();
    await viewStore?.close();
    await eventStore.close();
  }
};
