import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Following } from '#application/followLog.ts';
import { type Leased, underLease } from '#application/lease.ts';
import { StoreUnavailable, type TransientStore } from '#application/ports.ts';
import { openTransientStore } from '#infrastructure/sqlite/transientStore.ts';

const ttlMs = 90;
const silent = { warn: () => undefined, error: () => undefined };

let directory: string;
let store: TransientStore;
let started: Leased[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'lease-'));
  store = await openTransientStore({ directory });
  started = [];
});
afterEach(async () => {
  await Promise.all(started.map((leased) => leased.stop()));
  await store.close();
  rmSync(directory, { recursive: true, force: true });
});

type Work = Following & { running: boolean; starts: number };

type Over = Partial<Pick<Parameters<typeof underLease>[0], 'transientStore' | 'wait' | 'gone'>>;

/** A worker that only notes whether it works. */
const worker = (holder: string, over: Over = {}) => {
  const work: Work = {
    running: false,
    starts: 0,
    standing: () => ({ [holder]: { state: 'running', position: 1 } }),
    stop: async () => {
      work.running = false;
    },
  };
  const leasing = {
    transientStore: store,
    clock: Date.now,
    wait: (ms: number) => wait(ms),
    log: silent,
    name: 'projections',
    holder,
    ttlMs,
  };
  const start = () => {
    work.running = true;
    work.starts += 1;
    return work;
  };
  const leased = underLease({ ...leasing, ...over }, { names: ['a view', 'a reaction'], start });
  started.push(leased);
  return { leased, work };
};

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 400 && !holds(); tries += 1) await wait(5);
  expect(holds()).toBe(true);
};

describe('a lease', () => {
  test('given two who ask, lets one work, says where only that one stands, and names on both what the work is', async () => {
    const [a, b] = [worker('a'), worker('b')];
    await until(() => a.leased.held() || b.leased.held());
    await wait(2 * ttlMs);
    expect([a.work.running, b.work.running].filter(Boolean)).toHaveLength(1);
    const [holding, other] = a.leased.held() ? [a, b] : [b, a];
    expect(Object.keys(holding.leased.standing())).toHaveLength(1);
    expect(other.leased.standing()).toEqual({});
    expect([a, b].map(({ leased }) => leased.names)).toEqual(Array(2).fill(['a view', 'a reaction']));
  });

  test('given a holder that stops, the next one works at once', async () => {
    const a = worker('a');
    await until(a.leased.held);
    const b = worker('b');
    await a.leased.stop();
    expect(a.work.running).toBe(false);
    await until(b.leased.held);
  });

  test('given a holder that is paused, its successor works, and it stops when it wakes', async () => {
    let paused = false;
    const { promise, resolve: wake } = Promise.withResolvers<void>();
    const a = worker('a', { wait: (ms) => (paused ? promise : wait(ms)) });
    await until(a.leased.held);
    paused = true;
    const b = worker('b');
    await until(b.leased.held);
    paused = false;
    wake();
    await until(() => !a.work.running);
    expect(b.work.running).toBe(true);
    expect(b.work.starts).toBe(1);
  });

  test('given a holder known to be dead, does not wait for its lease to end', async () => {
    const aLongTime = 60_000;
    await store.putIfAbsent('lease', 'projections', { holder: 'dead' }, Date.now(), Date.now() + aLongTime);
    const a = worker('a', { gone: (holder) => holder === 'dead' });
    await until(a.leased.held);
  });

  test('given a store that no longer answers, the holder stops once its lease would have ended, and goes on later', async () => {
    let away = false;
    const unlessAway =
      <A extends unknown[], R>(call: (...asked: A) => Promise<R>) =>
      async (...asked: A): Promise<R> => {
        if (away) throw new StoreUnavailable('away');
        return call(...asked);
      };
    const transientStore = { ...store, get: unlessAway(store.get), putIfAbsent: unlessAway(store.putIfAbsent) };
    const a = worker('a', { transientStore });
    await until(a.leased.held);
    away = true;
    await until(() => !a.work.running);
    away = false;
    await until(a.leased.held);
  });
});
