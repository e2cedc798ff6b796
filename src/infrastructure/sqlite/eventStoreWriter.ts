import { parentPort, workerData } from 'node:worker_threads';
import type { AppendResult } from '#application/ports.ts';
import { startCheckpointer } from './checkpointer.ts';
import { type AppendRequest, createAppender } from './eventStoreAppender.ts';
import { newsChannel } from './eventStoreNews.ts';
import { openForWriting } from './eventStoreSchema.ts';
import type { FromWriter } from './writerQueue.ts';

/** What the writer's thread is told: a batch to write at an instant (ms), or to finish. */
export type ToWriter = { at: number; requests: readonly AppendRequest[] } | 'close';

const file = workerData as string;
const database = openForWriting(file);
const append = createAppender(database);
const checkpointer = startCheckpointer(file);
const channel = new BroadcastChannel(newsChannel(file));

const answer = (message: FromWriter<AppendResult>): void => parentPort?.postMessage(message);

const write = async ({ at, requests }: Exclude<ToWriter, 'close'>): Promise<void> => {
  await checkpointer.gate();
  try {
    answer({ answers: append(at, requests) });
    channel.postMessage('committed');
    checkpointer.committed();
  } catch (fault) {
    answer({ fault: fault instanceof Error ? fault.message : String(fault) });
  }
};

const close = async (): Promise<void> => {
  await checkpointer.close();
  channel.close();
  database.close();
  parentPort?.close();
};

parentPort?.on('message', (message: ToWriter) => (message === 'close' ? close() : write(message)));
answer('ready');
