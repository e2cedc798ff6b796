import {
  type AppendResult,
  type Clock,
  type EventStore,
  type NewEvent,
  type RecordedEvent,
  StoreUnavailable,
} from '#application/ports.ts';
import type { AppendRequest } from './eventStoreAppender.ts';
import { createNews, type News } from './eventStoreNews.ts';
import { type AppendQueue, startAppendQueue } from './eventStoreQueue.ts';
import { createReader } from './eventStoreReader.ts';
import { eventStoreFile, openForReading, prepareDirectory, unavailable } from './eventStoreSchema.ts';
import { follow } from './eventStoreSubscription.ts';

/** Where the log lives; `readOnly` follows a log that another thread or process writes; `clock` dates the events. */
export type EventStoreOptions = { directory: string; readOnly?: boolean; clock?: Clock };

/**
 * Opens the embedded log: SQLite with a writer on its own thread, where appends of one turn share one transaction.
 * Several writers on one directory are safe. Rejects with `StoreUnavailable` where the file cannot be opened.
 */
export const openEventStore = async (options: EventStoreOptions): Promise<EventStore> => {
  const { directory, readOnly = false, clock = Date.now } = options;
  if (!readOnly) attempt(directory, () => prepareDirectory(directory));
  const file = attempt(directory, () => eventStoreFile(directory));
  const queue = readOnly ? noQueue(file) : await startAppendQueue(file, clock);
  try {
    return storeOver(file, queue);
  } catch (fault) {
    await queue.close();
    throw fault;
  }
};

const storeOver = (file: string, queue: AppendQueue): EventStore => {
  const database = attempt(file, () => openForReading(file));
  const reader = attempt(file, () => createReader(database));
  const news = createNews(file, reader.lastPosition);
  const subscriptions = new Set<() => Promise<void>>();
  let closing: Promise<void> | undefined;

  const answer = <T>(work: () => T): T => {
    if (closing !== undefined) throw closed(file);
    return attempt(file, work);
  };
  const readAll = (after: number, limit: number) => answer(() => reader.readAll(after, limit));
  const readOn = sharedReads(readAll, news);
  const close = async (): Promise<void> => {
    await Promise.all([...subscriptions].map((stop) => stop()));
    database.close();
    await queue.close();
  };

  return {
    append: async (stream, expected, events) => {
      if (closing !== undefined) throw closed(file);
      return queue.ask(packed(stream, expected, events));
    },
    readStream: async (stream, fromRevision = 0) => answer(() => reader.readStream(stream, fromRevision)),
    readAll: async (after, limit) => readAll(after, limit),
    subscribe: (after, subscriber) => {
      if (closing !== undefined) throw closed(file);
      const stop = follow({ readAll: readOn, news, ended: () => subscriptions.delete(stop) }, after, subscriber);
      subscriptions.add(stop);
      return stop;
    },
    lastPosition: async () => answer(reader.lastPosition),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};

type ReadAll = (after: number, limit: number) => readonly RecordedEvent[];

/** What one subscription has read, the next one at the same place need not read again, unless there was news since. */
const sharedReads = (readAll: ReadAll, news: News): ReadAll => {
  let last: { asked: string; events: readonly RecordedEvent[] } | undefined;
  return (after, limit) => {
    const asked = `${after} ${limit} ${news.heard()}`;
    if (last?.asked !== asked) last = { asked, events: readAll(after, limit) };
    return last.events;
  };
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const packed = (stream: string, expected: number | 'none', events: readonly NewEvent[]): AppendRequest => {
  if (expected !== 'none' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new RangeError(`Expected revision ${expected}: pass 'none' or the revision of the last event, from 0.`);
  }
  return {
    stream,
    expected: expected === 'none' ? -1 : expected,
    events: events.map(({ id, type, data, meta }) => {
      if (!uuid.test(id)) throw new RangeError(`Event id ${id}: pass a UUID.`);
      return { id, type, data: JSON.stringify(data), meta: JSON.stringify(meta) };
    }),
  };
};

const noQueue = (file: string): AppendQueue => ({
  ask: async (): Promise<AppendResult> => {
    throw new Error(
      `事件库以只读方式打开 ${file} was opened to be read: append through a store opened without readOnly.`,
    );
  },
  close: async () => {},
});

const closed = (file: string): StoreUnavailable =>
  new StoreUnavailable(`事件库已关闭 The event store ${file} is closed: open it again.`);

const attempt = <T>(file: string, work: () => T): T => {
  try {
    return work();
  } catch (fault) {
    throw fault instanceof StoreUnavailable ? fault : unavailable(file, fault);
  }
};
