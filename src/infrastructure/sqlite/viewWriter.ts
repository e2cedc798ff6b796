import { parentPort, workerData } from 'node:worker_threads';
import { type CommitAnswer, type CommitRequest, createCommitter } from './viewCommitter.ts';
import { openViewDatabase } from './viewDatabase.ts';
import type { FromWriter } from './writerQueue.ts';

// The view store's own writing thread: each message is a batch of commits for one transaction.
const db = openViewDatabase(workerData as string, { cacheKib: 65_536, checkpointPages: 8_000 });
const commitAll = createCommitter(db);

const answer = (message: FromWriter<CommitAnswer>): void => parentPort?.postMessage(message);

const write = (requests: readonly CommitRequest[]): void => {
  try {
    answer({ answers: commitAll(requests) });
  } catch (fault) {
    const { message, errcode } = fault as Error & { errcode?: number };
    answer({ fault: message, ...(errcode === undefined ? {} : { code: errcode }) });
  }
};

parentPort?.on('message', (message: readonly CommitRequest[] | 'close') => {
  if (message !== 'close') return write(message);
  db.close();
  parentPort?.close();
});
answer('ready');
