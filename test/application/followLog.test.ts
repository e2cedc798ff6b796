import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Follower, followLog, haltedAt } from '#application/followLog.ts';
import type { RecordedEvent } from '#application/ports.ts';
import { briefly, type Followed, keptLog, openFollowed, standsAt, times } from '../support/following.ts';

let followed: Followed;
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  followed = await openFollowed();
  stops = [];
});
afterEach(async () => {
  for (const stop of stops) await stop();
  await followed.close();
});

type Overrides = Partial<Parameters<typeof followLog>[0]>;

const start = (followers: readonly Follower[], overrides: Overrides = {}) => {
  const { eventStore } = followed;
  const following = followLog({ eventStore, followers, pace: 'slowest', wait: briefly, log: keptLog(), ...overrides });
  stops.push(following.stop);
  return following;
};

/** A follower that keeps what it took; `before` may throw, or take its time. */
const keeping = (name: string, from = 0, before: (events: readonly RecordedEvent[]) => unknown = () => undefined) => {
  const taken: number[] = [];
  const follower: Follower = {
    name,
    open: async () => taken.at(-1) ?? from,
    take: async (events, reached) => {
      await before(events);
      taken.push(...events.map(({ position }) => position));
      reached(events.at(-1)?.position ?? 0);
    },
  };
  return { ...follower, taken };
};

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, n) => from + n);

test('followers that stand at different places each take every event once, in order', async () => {
  await followed.append(times(6000));
  const [early, late, done] = [keeping('early'), keeping('late', 5990), keeping('done', 6000)];
  const { standing } = start([early, late, done]);
  await standsAt(standing, 'late', { state: 'running', position: 6000 });
  await followed.append(times(50));
  for (const name of ['early', 'late', 'done']) await standsAt(standing, name, { state: 'running', position: 6050 });
  expect(early.taken).toEqual(range(1, 6050));
  expect(late.taken).toEqual(range(5991, 6050));
  expect(done.taken).toEqual(range(6001, 6050));
});

test('a slow one does not hold up the others where the fastest sets the pace', async () => {
  const release = Promise.withResolvers<void>();
  const slow = keeping('slow', 0, () => release.promise);
  const fast = keeping('fast');
  const { standing } = start([slow, fast], { pace: 'fastest' });
  for (let n = 0; n < 6; n += 1) await followed.append(times(2500));
  await standsAt(standing, 'fast', { position: 15_000 });
  expect(slow.taken).toEqual([]);
  release.resolve();
  await standsAt(standing, 'slow', { position: 15_000 });
  expect(slow.taken).toEqual(range(1, 15_000));
});

test('a subscription that is lost is made again', async () => {
  let lose: (fault: unknown) => void = () => undefined;
  const eventStore = {
    ...followed.eventStore,
    subscribe: (...[after, subscriber]: Parameters<Followed['eventStore']['subscribe']>) => {
      const stop = followed.eventStore.subscribe(after, subscriber);
      lose = (fault) => void stop().then(() => subscriber.onFailure(fault));
      return stop;
    },
  };
  const log = keptLog();
  const kept = keeping('kept');
  const { standing } = start([kept], { eventStore, log });
  await followed.append(times(5));
  await standsAt(standing, 'kept', { position: 5 });
  lose(new Error('the connection broke'));
  await followed.append(times(5));
  await standsAt(standing, 'kept', { position: 10 });
  expect(kept.taken).toEqual(range(1, 10));
  expect(log.told).toEqual([expect.objectContaining({ level: 'warn', error: 'the connection broke' })]);
});

test('one that halts stops alone', async () => {
  await followed.append(times(3));
  const broken = keeping('broken', 0, ([first]) => {
    if (first !== undefined) throw haltedAt(first, 'it cannot');
  });
  const sound = keeping('sound');
  const { standing } = start([broken, sound]);
  await standsAt(standing, 'broken', { state: 'stopped' });
  await followed.append(times(3));
  await standsAt(standing, 'sound', { state: 'running', position: 6 });
  expect(standing()['broken']?.failure).toMatchObject({ position: 1, type: 'Happened', message: 'it cannot' });
});

test('stopping waits for what is under way and takes nothing more', async () => {
  const [begun, release] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const kept = keeping('kept', 0, () => {
    begun.resolve();
    return release.promise;
  });
  const { stop } = start([kept]);
  const last = await followed.append(times(3));
  await begun.promise;
  const stopped = stop();
  release.resolve();
  await stopped;
  expect(kept.taken).toEqual(range(1, last));
  await followed.append(times(3));
  expect(kept.taken).toEqual(range(1, last));
});

test('stopping ends a long pause', async () => {
  await followed.append(times(1));
  const paused = Promise.withResolvers<void>();
  const failing = keeping('failing', 0, () => {
    throw new Error('not now');
  });
  const wait = () => {
    paused.resolve();
    return new Promise<void>(() => undefined);
  };
  const { stop } = start([failing], { wait });
  await paused.promise;
  await stop();
  expect(failing.taken).toEqual([]);
});

test('whatever faults come, whoever stands where: every follower takes every event once, in order', async () => {
  const member = fc.record({ from: fc.nat({ max: 40 }), faultEvery: fc.integer({ min: 2, max: 6 }) });
  const runs = fc.record({
    members: fc.array(member, { minLength: 1, maxLength: 4 }),
    appends: fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }),
    pace: fc.constantFrom('slowest' as const, 'fastest' as const),
  });
  await followed.append(times(40));
  await fc.assert(
    fc.asyncProperty(runs, async ({ members, appends, pace }) => {
      const head = await followed.eventStore.lastPosition();
      const followers = members.map(({ from, faultEvery }, n) => {
        let calls = 0;
        return keeping(`m${n}`, head - from, () => {
          calls += 1;
          if (calls % faultEvery === 0) throw new Error('a passing fault');
        });
      });
      const { standing, stop } = start(followers, { pace });
      let last = head;
      for (const count of appends) last = await followed.append(times(count));
      for (const { name } of followers) await standsAt(standing, name, { position: last });
      await stop();
      for (const [n, { taken }] of followers.entries()) {
        expect(taken).toEqual(range(head - (members[n]?.from ?? 0) + 1, last));
      }
    }),
    { numRuns: 25 },
  );
});
