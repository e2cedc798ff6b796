import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type EventStore, type RecordedEvent, StoreUnavailable } from '#application/ports.ts';
import { openEventStoreDb } from '#infrastructure/eventStoreDb/eventStore.ts';
import { createServerLog, systemEvent } from '../support/eventStoreDbServer/log.ts';
import { type EventStoreDbServer, startEventStoreDbServer } from '../support/eventStoreDbServer/server.ts';
import { newEvents, newStream } from './eventStore.contract.ts';

// Every fault here is made on command by the stand-in, however EVENT_STORE_URL is set.
const patient = { timeout: 20_000, interval: 20 };

describe('EventStoreDB that fails', { timeout: 30_000 }, () => {
  let server: EventStoreDbServer;
  let store: EventStore;
  let unhandled: unknown[];
  const trouble: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);

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

  const open = (url: string, boundMs = 1_000): Promise<EventStore> =>
    openEventStoreDb({ url, boundMs, onTrouble: (fault) => trouble.push(fault) });

  const append = async (stream: string, expected: number | 'none', count: number) => {
    const result = await store.append(stream, expected, newEvents(count));
    if (result.outcome !== 'appended') throw new Error(`conflict at ${result.actual}`);
    return result;
  };

  /** Follows from the start and keeps what comes, each batch after `digest`. */
  const follow = (digest: () => Promise<void> = async () => {}) => {
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
  };

  const positions = (events: readonly RecordedEvent[]): number[] => events.map(({ position }) => position);
  const everything = async () => positions(await store.readAll(0, 10_000));

  /** Every way to ask, with what came of it. */
  const askAll = (): Promise<unknown[]> =>
    Promise.all(
      [
        store.append(newStream(), 'none', newEvents(1)),
        store.readStream('any'),
        store.readAll(0, 10),
        store.lastPosition(),
      ].map((asked) =>
        asked.then(
          () => 'answered',
          (fault: unknown) => fault,
        ),
      ),
    );

  it('rejects each call in bounded time while it is stopped, and answers again once it runs', async () => {
    await append('before', 'none', 2);
    await server.stop();
    expect(await askAll()).toEqual(Array.from({ length: 4 }, () => expect.any(StoreUnavailable)));
    await server.start();
    await vi.waitFor(async () => expect(await askAll()).toEqual(Array(4).fill('answered')), patient);
    expect((await store.readStream('before')).map(({ revision }) => revision)).toEqual([0, 1]);
  });

  it('rejects each call in bounded time while it hangs, and goes on where it stopped', async () => {
    const { got } = follow();
    await append('steady', 'none', 1);
    server.hang();
    expect(await askAll()).toEqual(Array.from({ length: 4 }, () => expect.any(StoreUnavailable)));
    server.resume();
    await vi.waitFor(() => append('after', 'none', 1), patient);
    await vi.waitFor(async () => expect(positions(got)).toEqual(await everything()), patient);
  });

  it('opens without a server, and says StoreUnavailable until there is one', async () => {
    await server.stop();
    const early = await open(server.url);
    await expect(early.lastPosition()).rejects.toThrow(StoreUnavailable);
    await server.start();
    await vi.waitFor(async () => expect(await early.lastPosition()).toBe(0), patient);
    await early.close();
  });

  it.each(['request', 'answer'] as const)(
    'appends once where the connection breaks with the %s under way',
    async (what) => {
      await append('counted', 'none', 1);
      server.loseNext(what);
      const result = await append('counted', 0, 2);
      const events = await store.readStream('counted');
      expect(events.map(({ revision }) => revision)).toEqual([0, 1, 2]);
      expect(result).toEqual({ outcome: 'appended', revision: 2, position: events[2]?.position });
      expect(server.log.stream('counted')).toHaveLength(3);
    },
  );

  it('answers as appended what a lost answer left and others wrote on', async () => {
    const events = newEvents(2);
    server.loseNext('answer');
    const [first] = await Promise.all([
      store.append('shared', 'none', events),
      vi.waitFor(() => append('shared', 1, 1), patient),
    ]);
    expect(await store.append('shared', 'none', events)).toEqual(first);
    expect(first).toMatchObject({ outcome: 'appended', revision: 1 });
    expect(server.log.stream('shared')).toHaveLength(3);
  });

  it('leaves one event of an append whose answer came too late, however often it was tried', async () => {
    server.delayAppends(700);
    await expect(append('late', 'none', 1)).rejects.toThrow(StoreUnavailable);
    server.delayAppends(0);
    await vi.waitFor(() => expect(server.log.stream('late')).toHaveLength(1), patient);
  });

  it('loses and doubles nothing that was acknowledged, whatever fails while many write', async () => {
    const seed = Math.trunc(Math.random() * 2 ** 31);
    const chance = seeded(seed);
    const { got, failures } = follow();
    const writing = { on: true };
    const write = async (stream: string): Promise<string[]> => {
      const acknowledged: string[] = [];
      for (let expected = -1; writing.on; ) {
        const events = newEvents(1 + Math.trunc(chance() * 3));
        const result = await persistently(() => store.append(stream, expected === -1 ? 'none' : expected, events));
        expect(result, `seed ${seed}`).toMatchObject({ outcome: 'appended', revision: expected + events.length });
        acknowledged.push(...events.map(({ id }) => id));
        expected += events.length;
      }
      return acknowledged;
    };
    const streams = Array.from({ length: 6 }, newStream);
    onTestFinished(() => {
      writing.on = false;
    });
    const writers = Promise.all(streams.map(write));
    writers.catch(() => {});
    for (let i = 0; i < 25; i += 1) {
      await failOnce(server, chance());
      await pause(chance() * 60);
    }
    writing.on = false;
    const acknowledged = await writers;
    const kept = streams.map((stream) => server.log.stream(stream)?.map(({ id }) => id));
    expect(kept, `seed ${seed}`).toEqual(acknowledged);
    await vi.waitFor(async () => expect(positions(got), `seed ${seed}`).toEqual(await everything()), patient);
    expect(failures).toEqual([]);
  });

  describe('under a subscription', () => {
    it('loses and doubles nothing over restarts, and calls for no help', async () => {
      const { got, failures } = follow();
      for (let i = 0; i < 4; i += 1) {
        await append(`run-${i}`, 'none', 20);
        await server.stop();
        server.log.append(`meanwhile-${i}`, 'any', [systemEvent('Happened')]);
        await server.start();
        await vi.waitFor(() => append(`again-${i}`, 'none', 1), patient);
      }
      await vi.waitFor(() => expect(got).toHaveLength(88), patient);
      expect(positions(got)).toEqual(await everything());
      expect(failures).toEqual([]);
      expect(trouble.length).toBeGreaterThan(0);
    });

    it('gives a consumer that was too slow everything once and in order', async () => {
      const gate = Promise.withResolvers<void>();
      const { got, failures } = follow(() => gate.promise);
      await append('big', 'none', 1);
      for (let i = 0; i < 60; i += 1) await store.append('big', i * 50, bigEvents(50));
      await vi.waitFor(() => expect(server.aborted()).toBeGreaterThan(0), patient);
      gate.resolve();
      await vi.waitFor(() => expect(got).toHaveLength(3_001), patient);
      expect(got.map(({ revision }) => revision)).toEqual(Array.from({ length: 3_001 }, (_, i) => i));
      expect(failures).toEqual([]);
    });

    it('takes up again what was aborted, over and over', async () => {
      const { got } = follow();
      for (let i = 0; i < 10; i += 1) {
        await append(`aborted-${i}`, 'none', 10);
        server.abortSubscriptions();
      }
      await vi.waitFor(() => expect(got).toHaveLength(100), patient);
      expect(positions(got)).toEqual(await everything());
    });

    it('ends where positions are beyond what a number can tell, with that failure', async () => {
      const far = await startEventStoreDbServer({ log: createServerLog(2n ** 53n) });
      const lost = await open(far.url);
      const failures: unknown[] = [];
      lost.subscribe(0, { onEvents: async () => {}, onFailure: (failure) => failures.push(failure) });
      await expect(lost.append('far', 'none', newEvents(1))).rejects.toThrow(RangeError);
      await expect(lost.readAll(0, 10)).rejects.toThrow(RangeError);
      await vi.waitFor(() => expect(failures).toEqual([expect.any(RangeError)]), patient);
      await lost.close();
      await far.close();
    });
  });

  describe('with much of its own in the log', () => {
    it('shows a full page beyond any number of system events, and where ours end', async () => {
      await store.close();
      store = await open(server.url, 8_000);
      const first = await append('ours', 'none', 1);
      server.writeSystemEvents(2_500);
      expect(await store.lastPosition()).toBe(first.position);
      await append('ours', 0, 1);
      server.writeSystemEvents(2_100);
      const page = await store.readAll(first.position, 1);
      expect(page.map(({ stream, revision }) => ({ stream, revision }))).toEqual([{ stream: 'ours', revision: 1 }]);
      expect(await store.readAll(page[0]?.position ?? 0, 1)).toEqual([]);
      expect(await store.lastPosition()).toBe(page[0]?.position);
      expect(await everything()).toEqual([first.position, page[0]?.position]);
    });

    it('keeps it from subscribers', async () => {
      const { got } = follow();
      server.writeSystemEvents(100);
      server.log.append('ours', 'any', [systemEvent('$streamDeleted'), systemEvent('Happened')]);
      await vi.waitFor(() => expect(got.map(({ type }) => type)).toEqual(['Happened']), patient);
    });
  });

  it('refuses what it could not hold before it is sent, and what is named like the server’s own', async () => {
    const [event] = bigEvents(1, 1_100_000);
    const calls: Parameters<EventStore['append']>[] = [
      ['large', 'none', event === undefined ? [] : [event]],
      ['large', 'none', bigEvents(20, 60_000)],
      ['$large', 'none', newEvents(1)],
      ['large', 'none', newEvents(1, '$Happened')],
      ['large', -1, newEvents(1)],
      ['large', 'none', newEvents(1).map((each) => ({ ...each, id: 'seven' }))],
    ];
    await server.stop();
    for (const call of calls) await expect(store.append(...call)).rejects.toThrow(RangeError);
    await server.start();
    expect((await store.append('large', 'none', bigEvents(17, 60_000))).outcome).toBe('appended');
  });

  it('waits on close for what was asked before, and refuses what comes after', async () => {
    server.delayAppends(100);
    const asked = Array.from({ length: 20 }, () => store.append(newStream(), 'none', newEvents(1)));
    const closed = store.close();
    await expect(store.lastPosition()).rejects.toThrow(StoreUnavailable);
    expect(() => store.subscribe(0, { onEvents: async () => {}, onFailure: () => {} })).toThrow(StoreUnavailable);
    await closed;
    expect((await Promise.all(asked)).every(({ outcome }) => outcome === 'appended')).toBe(true);
  });

  it('closes with a subscription under way on a server that hangs', async () => {
    follow();
    await append('seen', 'none', 1);
    server.hang();
    await store.close();
    server.resume();
  });
});

const bigEvents = (count: number, bytes = 2_000) =>
  newEvents(count).map((event) => ({ ...event, data: { text: 'x'.repeat(bytes) } }));

/** Asks again, as a caller does that was told to come back. */
const persistently = async <T>(work: () => Promise<T>): Promise<T> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (fault) {
      if (!(fault instanceof StoreUnavailable) || tries === 50) throw fault;
      await pause(20);
    }
  }
};

const failOnce = async (server: EventStoreDbServer, chance: number): Promise<void> => {
  if (chance < 0.3) server.loseNext('answer');
  else if (chance < 0.5) server.loseNext('request');
  else if (chance < 0.65) server.abortSubscriptions();
  else if (chance < 0.75) server.writeSystemEvents(10);
  else if (chance < 0.9) {
    await server.stop();
    await pause(chance * 100);
    await server.start();
  } else {
    server.hang();
    await pause(chance * 900);
    server.resume();
  }
};

const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
};
