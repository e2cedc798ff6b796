import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type EventStore, StoreUnavailable } from '#application/ports.ts';
import { appending } from '#infrastructure/eventStoreDb/appending.ts';
import { bigEvents, patient, positions, withFailingServer } from '../support/eventStoreDbServer/failingServer.ts';
import type { EventStoreDbServer } from '../support/eventStoreDbServer/server.ts';
import { newEvents, newStream } from './eventStore.contract.ts';

const options = { credentials: { username: 'nobody', password: 'nothing' }, requiresLeader: true } as const;

// Every fault here is made on command by the stand-in, however EVENT_STORE_URL is set.
describe('EventStoreDB that fails', { timeout: 30_000 }, () => {
  const { server, store, open, append, follow, everything } = withFailingServer();

  /** Every way to ask, with what came of it. */
  const askAll = (): Promise<unknown[]> =>
    Promise.all(
      [
        store().append(newStream(), 'none', newEvents(1)),
        store().readStream('any'),
        store().readAll(0, 10),
        store().lastPosition(),
      ].map((asked) =>
        asked.then(
          () => 'answered',
          (fault: unknown) => fault,
        ),
      ),
    );

  it('rejects each call in bounded time while it is stopped, and answers again once it runs', async () => {
    await append('before', 'none', 2);
    await server().stop();
    expect(await askAll()).toEqual(Array.from({ length: 4 }, () => expect.any(StoreUnavailable)));
    await server().start();
    await vi.waitFor(async () => expect(await askAll()).toEqual(Array(4).fill('answered')), patient);
    expect((await store().readStream('before')).map(({ revision }) => revision)).toEqual([0, 1]);
  });

  it('rejects each call in bounded time while it hangs, and goes on where it stopped', async () => {
    const { got } = follow();
    await append('steady', 'none', 1);
    server().hang();
    expect(await askAll()).toEqual(Array.from({ length: 4 }, () => expect.any(StoreUnavailable)));
    server().resume();
    await vi.waitFor(() => append('after', 'none', 1), patient);
    await vi.waitFor(async () => expect(positions(got)).toEqual(await everything()), patient);
  });

  it('opens without a server, and says StoreUnavailable until there is one', async () => {
    await server().stop();
    const early = await open(server().url);
    await expect(early.lastPosition()).rejects.toThrow(StoreUnavailable);
    await server().start();
    await vi.waitFor(async () => expect(await early.lastPosition()).toBe(0), patient);
    await early.close();
  });

  it.each(['request', 'answer'] as const)(
    'appends once where the connection breaks with the %s under way',
    async (what) => {
      await append('counted', 'none', 1);
      server().loseNext(what);
      const result = await append('counted', 0, 2);
      const events = await store().readStream('counted');
      expect(events.map(({ revision }) => revision)).toEqual([0, 1, 2]);
      expect(result).toEqual({ outcome: 'appended', revision: 2, position: events[2]?.position });
      expect(server().log.stream('counted')).toHaveLength(3);
    },
  );

  it('answers as appended what a lost answer left and others wrote on', async () => {
    const events = newEvents(2);
    server().loseNext('answer');
    const [first] = await Promise.all([
      store().append('shared', 'none', events),
      vi.waitFor(() => append('shared', 1, 1), patient),
    ]);
    expect(await store().append('shared', 'none', events)).toEqual(first);
    expect(first).toMatchObject({ outcome: 'appended', revision: 1 });
    expect(server().log.stream('shared')).toHaveLength(3);
  });

  it('takes a conflict with its own events for the success it was, and one with others for a conflict', async () => {
    const events = newEvents(2);
    await store().append('own', 'none', events);
    const conflicting = appending(async () => ({ actual: 1 }) as never, options, store().readStream);
    const [, last] = await store().readStream('own');
    expect(await conflicting('own', 'none', events)).toEqual({
      outcome: 'appended',
      revision: 1,
      position: last?.position,
    });
    const others = { outcome: 'conflict', actual: 1 };
    expect(await conflicting('own', 'none', events.toReversed())).toEqual(others);
    expect(await conflicting('own', 'none', [...events, ...newEvents(1)])).toEqual(others);
    expect(await conflicting('own', 1, events)).toEqual(others);
  });

  it('leaves one event of an append whose answer came too late, however often it was tried', async () => {
    server().delayAppends(700);
    await expect(append('late', 'none', 1)).rejects.toThrow(StoreUnavailable);
    server().delayAppends(0);
    await vi.waitFor(() => expect(server().log.stream('late')).toHaveLength(1), patient);
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
        const result = await persistently(() => store().append(stream, expected === -1 ? 'none' : expected, events));
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
      await failOnce(server(), chance());
      await pause(chance() * 60);
    }
    writing.on = false;
    const acknowledged = await writers;
    const kept = streams.map((stream) =>
      server()
        .log.stream(stream)
        ?.map(({ id }) => id),
    );
    expect(kept, `seed ${seed}`).toEqual(acknowledged);
    await vi.waitFor(async () => expect(positions(got), `seed ${seed}`).toEqual(await everything()), patient);
    expect(failures).toEqual([]);
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
    await server().stop();
    for (const call of calls) await expect(store().append(...call)).rejects.toThrow(RangeError);
    await server().start();
    expect((await store().append('large', 'none', bigEvents(17, 60_000))).outcome).toBe('appended');
  });

  it('waits on close for what was asked before, and refuses what comes after', async () => {
    server().delayAppends(100);
    const asked = Array.from({ length: 20 }, () => store().append(newStream(), 'none', newEvents(1)));
    const closed = store().close();
    await expect(store().lastPosition()).rejects.toThrow(StoreUnavailable);
    expect(() => store().subscribe(0, { onEvents: async () => {}, onFailure: () => {} })).toThrow(StoreUnavailable);
    await closed;
    expect((await Promise.all(asked)).every(({ outcome }) => outcome === 'appended')).toBe(true);
  });
});

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
