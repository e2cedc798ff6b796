import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Copies the WAL into the database from a thread of its own, so that commits need not wait for it. */
export type Checkpointer = {
  /** Resolves when a flush may begin: at once, but for the short pass that lets an overlong WAL start anew. */
  gate: () => Promise<void>;
  /** Says that something was committed. */
  committed: () => void;
  /** Carries over what is left and ends the thread. */
  close: () => Promise<void>;
};

const restMs = 100;
const longWal = 16_000;

/**
 * Passes are passive while commits go on. The WAL can only start anew when a pass reaches its end, which a busy writer
 * never allows: past 16 000 pages (64 MB) one pass is made with the gate closed.
 */
export const startCheckpointer = (file: string): Checkpointer => {
  let thread: Worker | undefined;
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<unknown> = Promise.resolve();
  let gate: Promise<unknown> | undefined;
  let gatedAt = 0;

  const pass = async (): Promise<number> => {
    thread ??= new Worker(new URL('./checkpointerThread.ts', import.meta.url), { workerData: file, execArgv: [] });
    thread.postMessage('pass');
    const [pages] = await once(thread, 'message');
    return pages;
  };

  /** A thread that broke is left: the WAL only grows meanwhile, and the next pass starts another. */
  const leaveThread = (): void => {
    thread = undefined;
    gate = undefined;
  };

  const work = async (): Promise<void> => {
    const pages = await pass();
    // A reader that stays on an old snapshot keeps the WAL long: the gate is for growth, not for length.
    if (pages < gatedAt) gatedAt = 0;
    if (pages - gatedAt < longWal) return;
    gatedAt = pages;
    gate = pass();
    await gate;
    gate = undefined;
  };

  return {
    gate: async () => {
      await gate;
    },
    committed: () => {
      timer ??= setTimeout(() => {
        working = working
          .then(work)
          .catch(leaveThread)
          .finally(() => {
            timer = undefined;
          });
      }, restMs);
    },
    close: async () => {
      clearTimeout(timer);
      await working;
      // Who never committed has started no thread; closing the last connection carries over what others left.
      if (thread === undefined) return;
      await pass();
      thread.postMessage('close');
      await once(thread, 'exit');
    },
  };
};
