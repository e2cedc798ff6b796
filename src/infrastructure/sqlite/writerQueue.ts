import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** The calling thread's end of a writer that has a thread of its own. */
export type WriterQueue<Request, Answer> = {
  ask: (request: Request) => Promise<Answer>;
  /** Waits for what was asked before, then ends the writer's thread. */
  close: () => Promise<void>;
};

/** What a writer answers: first that it is ready, then once per message, in order. */
export type FromWriter<Answer> = 'ready' | { answers: readonly Answer[] } | { fault: string; code?: number };

/** How a writer is reached: its script and file, how requests are packed, and what a fault is to those who asked. */
export type WriterOptions<Request> = {
  script: URL;
  file: string;
  pack: (requests: readonly Request[]) => unknown;
  faultOf: (message: string, code?: number) => Error;
};

type Waiting<Request, Answer> = {
  request: Request;
  resolve: (answer: Answer) => void;
  reject: (fault: unknown) => void;
};

const batchSize = 256;

/** Starts a writer's thread; rejects with what `faultOf` makes of it where the file cannot be opened. */
export const startWriter = async <Request, Answer>(
  options: WriterOptions<Request>,
): Promise<WriterQueue<Request, Answer>> => {
  // Without the program's own flags: some of them (`--input-type`) stop a worker from starting.
  const thread = new Worker(options.script, { workerData: options.file, execArgv: [] });
  try {
    await once(thread, 'message');
  } catch (fault) {
    throw options.faultOf(fault instanceof Error ? fault.message : String(fault));
  }
  return queueTo(thread, options);
};

// What arrives in one turn of the event loop travels in one message; while one is under way the next one gathers.
const queueTo = <Request, Answer>(
  thread: Worker,
  { pack, faultOf }: WriterOptions<Request>,
): WriterQueue<Request, Answer> => {
  let gathered: Waiting<Request, Answer>[] = [];
  let underWay: Waiting<Request, Answer>[] = [];
  let scheduled = false;
  let ended: string | undefined;
  let drained = (): void => {};

  const send = (): void => {
    scheduled = false;
    if (underWay.length > 0 || gathered.length === 0) return;
    underWay = gathered.splice(0, batchSize);
    // Only what is under way keeps the process alive.
    thread.ref();
    thread.postMessage(pack(underWay.map(({ request }) => request)));
  };

  const schedule = (): void => {
    if (!scheduled) setImmediate(send);
    scheduled = true;
  };

  const settle = (message: FromWriter<Answer>): void => {
    const settled = underWay;
    underWay = [];
    thread.unref();
    settleAll(settled, message, faultOf);
    if (gathered.length > 0) schedule();
    else drained();
  };

  const fail = (reason: string): void => {
    ended ??= reason;
    const lost = [...underWay, ...gathered];
    underWay = [];
    gathered = [];
    for (const { reject } of lost) reject(faultOf(ended));
    drained();
  };

  thread.on('message', settle);
  thread.on('error', (fault: Error) => fail(fault.message));
  thread.on('exit', () => fail('its writer has ended, restart the program'));
  thread.unref();

  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        if (ended !== undefined) return reject(faultOf(ended));
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
      thread.postMessage('close');
      await once(thread, 'exit');
    },
  };
};

const settleAll = <Request, Answer>(
  waiting: readonly Waiting<Request, Answer>[],
  message: FromWriter<Answer>,
  faultOf: WriterOptions<Request>['faultOf'],
): void => {
  if (message === 'ready') return;
  const fault = 'fault' in message ? faultOf(message.fault, message.code) : undefined;
  const answers = 'answers' in message ? message.answers : [];
  for (const [i, { resolve, reject }] of waiting.entries()) {
    if (fault === undefined) resolve(answers[i] as Answer);
    else reject(fault);
  }
};
