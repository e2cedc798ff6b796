import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, expect, onTestFinished } from 'vitest';
import type { EventStore, RecordedEvent } from '#application/ports.ts';
import { openEventStoreDb } from '#infrastructure/eventStoreDb/eventStore.ts';
import { newEvents } from '../../contract/eventStore.contract.ts';
import { type EventStoreDbServer, startEventStoreDbServer } from './server.ts';

/** How long to wait for what comes by itself. */
export const patient = { timeout: 20_000, interval: 20 };

/** A stand-in and a store over it, new for each test of a `describe`; a rejection that nobody handled fails the test. */
export const withFailingServer = () => {
  let server: EventStoreDbServer;
  let store: EventStore;
  let unhandled: unknown[] = [];
  const trouble: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  const open = (url: string, boundMs = 1_000): Promise<EventStore> =>
    openEventStoreDb({ url, boundMs, onTrouble: (fault) => trouble.push(fault) });

  beforeEach(async () => {
    unhandled = [];
    trouble.length = 0;
    process.on('unhandledRejection', note);
    server = await startEventStoreDbServer();
    store = await open(server.url);
  });
  afterEach(async () => {
    server.resume();
    await store.close();
    await server.close();
    await pause(20);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });

  return {
    server: () => server,
    store: () => store,
    open,
    /** What the store said of lost subscriptions. */
    trouble,
    append: async (stream: string, expected: number | 'none', count: number) => {
      const result = await store.append(stream, expected, newEvents(count));
      if (result.outcome !== 'appended') throw new Error(`conflict at ${result.actual}`);
      return result;
    },
    /** Follows from the start and keeps what comes, each batch after `digest`. */
    follow: (digest: () => Promise<void> = async () => {}) => {
      const got: RecordedEvent[] = [];
      const failures: unknown[] = [];
      const stop = store.subscribe(0, {
        onEvents: async (events) => {
          await digest();
          got.push(...events);
        },
        onFailure: (failure) => failures.push(failure),
      });
      onTestFinished(() => stop());
      return { got, failures };
    },
    /** The position of each event that the log shows. */
    everything: async () => positions(await store.readAll(0, 10_000)),
  };
};

export const positions = (events: readonly RecordedEvent[]): number[] => events.map(({ position }) => position);

export const bigEvents = (count: number, bytes = 2_000) =>
  newEvents(count).map((event) => ({ ...event, data: { text: 'x'.repeat(bytes) } }));
