import { parentPort, workerData } from 'node:worker_threads';
import { startCheckpointer } from './checkpointer.ts';
import { type CommitAnswer, type CommitRequest, createCommitter } from './viewCommitter.ts';
import { openViewDatabase } from './viewDatabase.ts';
import type { FromWriter } from './writerQueue.ts';

// The view store's own writing thread: each message is a batch of commits for one transaction.
const file = workerData as string;
const db = openViewDatabase(file, { cacheKib: 65_536, checkpointPages: 0 });
const commitAll = createCommitter(db);
const checkpointer = startCheckpointer(file);

const answer = (message: FromWriter<CommitAnswer>): void => parentPort?.postMessage(message);

const write = async (requests: readonly CommitRequest[]): Promise<void> => {
  await checkpointer.gate();
  try {
    answer({ answers: commitAll(requests) });
    checkpointer.committed();
  } catch (fault) {
    const { message, errcode } = fault as Error & { errcode?: number };
    answer({ fault: message, ...(errcode === undefined ? {} : { code: errcode }) });
  }
};

const close = async (): Promise<void> => {
  await checkpointer.close();
  db.close();
  parentPort?.close();
};

parentPort?.on('message', (message: readonly CommitRequest[] | 'close') =>
  message === 'close' ? close() : write(message),
);
answer('ready');
