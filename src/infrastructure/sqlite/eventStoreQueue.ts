import type { AppendResult, Clock } from '#application/ports.ts';
import type { AppendRequest } from './eventStoreAppender.ts';
import { unavailable } from './eventStoreSchema.ts';
import type { ToWriter } from './eventStoreWriter.ts';
import { startWriter, type WriterQueue } from './writerQueue.ts';

/** The calling thread's end of the log's writer. */
export type AppendQueue = WriterQueue<AppendRequest, AppendResult>;

/** Starts the writer's thread on a log's file; rejects with `StoreUnavailable` where it cannot be opened. */
export const startAppendQueue = (file: string, clock: Clock): Promise<AppendQueue> =>
  startWriter({
    script: new URL('./eventStoreWriter.ts', import.meta.url),
    file,
    pack: (requests): ToWriter => ({ at: clock(), requests }),
    faultOf: (message) => unavailable(file, new Error(message)),
  });
