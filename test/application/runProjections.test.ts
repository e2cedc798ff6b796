import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { project, runProjections } from '#application/runProjections.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
import type { Projection, Row } from '#projections/projection.ts';
import {
  asStored,
  briefly,
  type Followed,
  keptLog,
  openFollowed,
  sometimesAway,
  standsAt,
  tallied,
  tally,
  times,
} from '../support/following.ts';

let followed: Followed;
let log: ReturnType<typeof keptLog>;
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  followed = await openFollowed();
  log = keptLog();
  stops = [];
});
afterEach(async () => {
  for (const stop of stops) await stop();
  await followed.close();
});

type Overrides = Partial<Parameters<typeof runProjections>[0]>;

const start = async (projections: readonly Projection[], overrides: Overrides = {}) => {
  await followed.viewStore.prepare(projections);
  const { eventStore, viewStore } = followed;
  const running = { eventStore, viewStore, projections, upcast: asStored, wait: briefly, log, ...overrides };
  const following = runProjections(running);
  stops.push(following.stop);
  return following;
};

/** Folds as `tally` does, but throws on one type. */
const breaking = (name: string): Projection => ({
  ...tally(name),
  on: {
    ...tally(name).on,
    Poison: () => {
      throw new Error('a number was expected');
    },
  },
});

describe('projections', () => {
  test('catch up with the log, then follow it', async () => {
    await followed.append(times(5000));
    const { standing } = await start([tally('one'), tally('other')]);
    await standsAt(standing, 'other', { position: 5000 });
    const last = await followed.append(times(10));
    await standsAt(standing, 'one', { state: 'running', position: last });
    await standsAt(standing, 'other', { state: 'running', position: last });
    expect(await tallied(followed.viewStore, 'one')).toBe(5010);
    expect(await tallied(followed.viewStore, 'other')).toBe(5010);
    expect(log.told).toEqual([]);
  });

  test('go on at their checkpoints when started again', async () => {
    const position = await followed.append(times(30));
    const first = await start([tally('one')]);
    await standsAt(first.standing, 'one', { position });
    await first.stop();
    const last = await followed.append(times(3));
    let folded = 0;
    const count = (row: Row | undefined) => {
      folded += 1;
      return row;
    };
    const counting: Projection = { ...tally('one'), on: { Happened: count } };
    const second = await start([counting]);
    await standsAt(second.standing, 'one', { position: last });
    expect(folded).toBe(3);
  });

  test('do not wait for checkpoints where no row changes, yet carry them along', async () => {
    const open = Promise.withResolvers<void>();
    const viewStore = {
      ...followed.viewStore,
      commit: async (...args: Parameters<typeof followed.viewStore.commit>) => {
        if (args[1].length === 0) await open.promise;
        return followed.viewStore.commit(...args);
      },
    };
    const { standing } = await start([tally('one')], { viewStore });
    for (let n = 0; n < 5; n += 1) {
      await standsAt(standing, 'one', { state: 'running', position: await followed.append(times(10, 'Other')) });
    }
    expect(await followed.viewStore.checkpoint({ view: 'one' })).toBe(0);
    open.resolve();
    await expect.poll(() => followed.viewStore.checkpoint({ view: 'one' })).toBe(50);
  });

  describe('of which one throws', () => {
    test('stop that one alone, with everything before committed, and say at which event and why', async () => {
      const position = (await followed.append([...times(4), 'Poison', ...times(5)])) - 5;
      const { standing } = await start([breaking('broken'), tally('sound')]);
      const stopped = await standsAt(standing, 'broken', { state: 'stopped' });
      const failure = { position, type: 'Poison', message: 'a number was expected' };
      expect(stopped?.failure).toMatchObject({ ...failure, stream: expect.stringMatching(/^thing-/) });
      expect(log.told).toEqual([expect.objectContaining({ level: 'error', follower: 'broken', ...failure })]);
      expect(await tallied(followed.viewStore, 'broken')).toBe(4);
      expect(await followed.viewStore.checkpoint({ view: 'broken' })).toBe(position - 1);

      const last = await followed.append(times(7));
      await standsAt(standing, 'sound', { state: 'running', position: last });
      expect(await tallied(followed.viewStore, 'sound')).toBe(16);
      expect(standing()['broken']).toEqual(stopped);
    });

    test('go on from that event once it is repaired', async () => {
      const last = await followed.append([...times(4), 'Poison', ...times(5)]);
      const broken = await start([breaking('repaired')]);
      await standsAt(broken.standing, 'repaired', { state: 'stopped' });
      await broken.stop();
      const { standing } = await start([tally('repaired')]);
      await standsAt(standing, 'repaired', { state: 'running', position: last });
      expect(await tallied(followed.viewStore, 'repaired')).toBe(9);
    });

    test('say so of an event whose version this program does not know', async () => {
      const position = (await followed.append([...times(4), 'Happened.v9', 'Happened'])) - 1;
      const upcast = (event: { type: string }) => {
        if (event.type === 'Happened.v9') throw new Error('unknown version');
        return asStored(event);
      };
      const { standing } = await start([tally('one')], { upcast });
      const stopped = await standsAt(standing, 'one', { state: 'stopped' });
      expect(stopped?.failure).toMatchObject({ position, type: 'Happened.v9', message: 'unknown version' });
      expect(await tallied(followed.viewStore, 'one')).toBe(4);
    });
  });

  test('wait for a view store that is away, and lose nothing', async () => {
    const view = sometimesAway(followed.viewStore);
    const { standing } = await start([tally('one'), tally('other')], { viewStore: view.store });
    await standsAt(standing, 'one', { position: await followed.append(times(10)) });
    view.away = true;
    const last = await followed.append(times(10));
    await expect.poll(() => log.told.length).toBeGreaterThan(4);
    view.away = false;
    await standsAt(standing, 'one', { state: 'running', position: last });
    await standsAt(standing, 'other', { state: 'running', position: last });
    expect(await tallied(followed.viewStore, 'one')).toBe(20);
    expect(log.told.every(({ level }) => level === 'warn')).toBe(true);
  });

  test('start although the view store is away at first', async () => {
    const view = sometimesAway(followed.viewStore);
    const last = await followed.append(times(10));
    await followed.viewStore.prepare([tally('one')]);
    view.away = true;
    const { standing } = await start([tally('one')], { viewStore: view.store });
    await expect.poll(() => log.told.length).toBeGreaterThan(2);
    expect(standing()['one']).toEqual({ state: 'catchingUp', position: 0 });
    view.away = false;
    await standsAt(standing, 'one', { state: 'running', position: last });
  });

  test('refuse a log that ends before what they were folded from, and say what to do', async () => {
    await followed.append(times(3));
    await followed.viewStore.prepare([tally('ahead')]);
    await followed.viewStore.commit({ view: 'ahead' }, [], 8);
    const { standing } = await start([tally('ahead'), tally('sound')]);
    const stopped = await standsAt(standing, 'ahead', { state: 'stopped' });
    expect(stopped?.failure?.message).toMatch(/stands at 8, but the log ends at 3.*start again/);
    await standsAt(standing, 'sound', { state: 'running', position: 3 });
  });

  test('never write under a rebuilt generation what they read under the one it replaced', async () => {
    await followed.append(times(7));
    const gate = { waiting: Promise.withResolvers<void>(), open: Promise.withResolvers<void>(), closed: false };
    const viewStore = {
      ...followed.viewStore,
      commit: async (...args: Parameters<typeof followed.viewStore.commit>) => {
        gate.waiting.resolve();
        if (gate.closed) await gate.open.promise;
        return followed.viewStore.commit(...args);
      },
    };
    const { standing } = await start([tally('view')], { viewStore });
    await standsAt(standing, 'view', { position: 7 });

    const other = await openViewStore(followed);
    await other.prepare([tally('view')]);
    const generation = await other.beginRebuild('view');
    const upTo7 = await followed.eventStore.readAll(0, 7);
    await project({ viewStore: other, projection: tally('view', 10), generation, upcast: asStored }, upTo7);
    gate.closed = true;
    gate.waiting = Promise.withResolvers();
    const last = await followed.append(times(7));
    await gate.waiting.promise;
    expect(await other.finishRebuild('view', generation)).toBe(true);
    await other.close();
    gate.open.resolve();

    await standsAt(standing, 'view', { state: 'running', position: last });
    expect(await tallied(followed.viewStore, 'view')).toBe(77);
    expect(log.told).toEqual([]);
  });
});
