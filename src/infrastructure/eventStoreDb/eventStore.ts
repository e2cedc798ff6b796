import { type EventStore, StoreUnavailable } from '#application/ports.ts';
import { appending } from './appending.ts';
import { boundedCalls } from './calls.ts';
import { openConnection } from './connection.ts';
import { reading } from './reading.ts';
import { follow } from './subscription.ts';

/**
 * Where the server is: `url` as `esdb://user:password@host:2113`. A call answers or rejects within `boundMs`, attempts
 * and pauses included; `onTrouble` hears of each subscription that was lost and begins again.
 */
export type EventStoreDbOptions = { url: string; boundMs?: number; onTrouble?: (trouble: unknown) => void };

/**
 * Opens the log on an EventStoreDB server or cluster, built to the behaviour recorded in `docs/facts/eventstoredb.md` ("the
 * table"). Does not wait for the server: calls reject with `StoreUnavailable` until it answers. Rejects with a
 * `RangeError` where the url cannot be one.
 */
export const openEventStoreDb = async (options: EventStoreDbOptions): Promise<EventStore> => {
  const { url, boundMs = 8_000, onTrouble = () => {} } = options;
  const connection = openConnection(url);
  const running = new Set<Promise<unknown>>();
  const subscriptions = new Set<() => Promise<void>>();
  let closing: Promise<void> | undefined;

  const bounded = boundedCalls(connection, boundMs);
  const { readStream, readAll, lastPosition } = reading(bounded, connection.options);
  const append = appending(bounded, connection.options, readStream);

  /** Refuses once closed, and lets `close` wait for what was asked before. */
  const answer = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closing !== undefined) throw closed();
    const promise = work();
    running.add(promise);
    return promise.finally(() => running.delete(promise));
  };
  const close = async (): Promise<void> => {
    await Promise.all([...subscriptions].map((stop) => stop()));
    await Promise.allSettled(running);
    await connection.close();
  };

  return {
    append: (stream, expected, events) => answer(() => append(stream, expected, events)),
    readStream: (stream, fromRevision) => answer(() => readStream(stream, fromRevision)),
    readAll: (after, limit) => answer(() => readAll(after, limit)),
    subscribe: (after, subscriber) => {
      if (closing !== undefined) throw closed();
      const ended = (): void => void subscriptions.delete(stop);
      const stop = follow({ connection, confirmMs: boundMs, onTrouble, ended }, after, subscriber);
      subscriptions.add(stop);
      return stop;
    },
    lastPosition: () => answer(lastPosition),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
};

const closed = (): StoreUnavailable => new StoreUnavailable('事件库已关闭 The event store is closed: open it again.');
