import { parentPort, workerData } from 'node:worker_threads';
import { openForCheckpoints } from './eventStoreSchema.ts';

// The checkpointer's own thread: each message is one passive pass, answered with the pages the WAL then holds.
const database = openForCheckpoints(workerData as string);
const checkpoint = database.prepare('pragma wal_checkpoint(passive)');

parentPort?.on('message', (ask: 'pass' | 'close') => {
  if (ask === 'pass') parentPort?.postMessage(pass());
  else {
    database.close();
    parentPort?.close();
  }
});

// A pass that fails (a full disk) leaves the WAL as it is: nothing is lost, and the next one tries again.
const pass = (): number => {
  try {
    return Number(checkpoint.get()?.['log']);
  } catch {
    return 0;
  }
};
