import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { AppendResult, Clock } from '#application/ports.ts';
import type { AppendRequest } from './eventStoreAppender.ts';
import { unavailable } from './eventStoreSchema.ts';
import type { FromWriter, ToWriter } from './eventStoreWriter.ts';

/** The calling thread's end of the writer. */
export type AppendQueue = {
  append: (request: AppendRequest) => Promise<AppendResult>;
  /** Waits for what was asked before, then ends the writer's thread. */
  close: () => Promise<void>;
};

type Waiting = { request: AppendRequest; resolve: (result: AppendResult) => void; reject: (fault: unknown) => void };

const batchSize = 256;

/** Starts the writer's thread on a log's file; rejects with `StoreUnavailable` where it cannot be opened. */
export const startAppendQueue = async (file: string, clock: Clock): Promise<AppendQueue> => {
  // Without the program's own flags: some of them (`--input-type`) stop a worker from starting.
  const thread = new Worker(new URL('./eventStoreWriter.ts', import.meta.url), { workerData: file, execArgv: [] });
  try {
    await once(thread, 'message');
  } catch (fault) {
    throw unavailable(file, fault);
  }
  return queueTo(thread, file, clock);
};

// What arrives in one turn of the event loop travels in one message; while one is under way the next one gathers.
const queueTo = (thread: Worker, file: string, clock: Clock): AppendQueue => {
  let gathered: Waiting[] = [];
  let underWay: Waiting[] = [];
  let scheduled = false;
  let ended: unknown;
  let drained = (): void => {};

  const send = (): void => {
    scheduled = false;
    if (underWay.length > 0 || gathered.length === 0) return;
    underWay = gathered.splice(0, batchSize);
    // Only an append under way keeps the process alive.
    thread.ref();
    tell(thread, { at: clock(), requests: underWay.map(({ request }) => request) });
  };

  const schedule = (): void => {
    if (!scheduled) setImmediate(send);
    scheduled = true;
  };

  const settle = (message: FromWriter): void => {
    const settled = underWay;
    underWay = [];
    thread.unref();
    settleAll(settled, message, file);
    if (gathered.length > 0) schedule();
    else drained();
  };

  const fail = (fault: unknown): void => {
    ended ??= fault;
    const lost = [...underWay, ...gathered];
    underWay = [];
    gathered = [];
    for (const { reject } of lost) reject(unavailable(file, ended));
    drained();
  };

  thread.on('message', settle);
  thread.on('error', fail);
  thread.on('exit', () => fail(new Error('its writer has ended, restart the program')));
  thread.unref();

  return {
    append: (request) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(unavailable(file, ended));
        gathered.push({ request, resolve, reject });
        if (underWay.length === 0) schedule();
      }),
    close: async () => {
      if (underWay.length + gathered.length > 0) {
        await new Promise<void>((resolve) => {
          drained = resolve;
        });
      }
      if (ended !== undefined) return;
      thread.ref();
      tell(thread, 'close');
      await once(thread, 'exit');
    },
  };
};

const tell = (thread: Worker, message: ToWriter): void => thread.postMessage(message);

const settleAll = (waiting: readonly Waiting[], message: FromWriter, file: string): void => {
  if (message === 'ready') return;
  const fault = 'fault' in message ? unavailable(file, new Error(message.fault)) : undefined;
  const results = 'results' in message ? message.results : [];
  for (const [i, { resolve, reject }] of waiting.entries()) {
    const result = results[i];
    if (result !== undefined) resolve(result);
    else reject(fault);
  }
};
