import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Deps } from '#application/deps.ts';
import { StoreUnavailable } from '#application/ports.ts';
import { createServices } from '#application/services.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { httpPopulationSystem } from '#infrastructure/population/httpPopulationSystem.ts';
import { type Sandbox, startSandbox } from '#infrastructure/population/sandbox.ts';
import type { CountersRow } from '#projections/counters.ts';
import { projections } from '#projections/index.ts';
import { seed } from '../../src/demo/seed.ts';
import { demoStaffOf } from '../../src/demo/staff.ts';
import { type Story, seedStories } from '../../src/demo/stories.ts';
import { type Running, startApplication } from '../support/application.ts';
import { demoStaff } from '../support/staffDirectory.ts';

const open = ['submitted', 'received', 'accepted'] as const;
const endings = [...open, 'registered', 'rejected', 'declined', 'withdrawn', 'revoked'] as const;

const demoDeps = (app: Running, sandbox: Sandbox): Deps => ({
  ...app.services.deps,
  staff: demoStaff(app.services.deps.offices),
  population: httpPopulationSystem({ ...sandbox, timeoutMs: 10_000 }),
});

const playing = async (app: Running): Promise<Sandbox> => {
  const { stories, last } = seedStories(app.services.deps.divisions);
  return startSandbox({ couples: [...stories, last] });
};

const viewed = async ({ services: { deps } }: Running) =>
  deps.awaitViews(
    projections.map(({ name }) => name),
    await deps.eventStore.lastPosition(),
  );

/** What the stories say that each office, and the province, ends up with. */
const expected = (stories: readonly Story[]) => {
  const ends = stories.flatMap(({ ending, steps }) =>
    steps.some(({ act }) => act === 'resubmit') ? [ending, 'registered'] : [ending],
  );
  return Object.fromEntries(endings.map((ending) => [ending, ends.filter((one) => one === ending).length]));
};

const officesUnder = (deps: Deps, code: string): readonly string[] => [
  code,
  ...deps.offices.children(code).flatMap((office) => officesUnder(deps, office.code)),
];

const counted = async ({ services: { deps } }: Running) => {
  const offices = officesUnder(deps, '52');
  const rows = (await deps.viewStore.get('counters', offices)) as readonly CountersRow[];
  return Object.fromEntries(endings.map((ending) => [ending, rows.reduce((sum, row) => sum + row[ending], 0)]));
};

describe('the seed of the demo province', () => {
  let app: Running;
  let sandbox: Sandbox;

  beforeAll(async () => {
    app = await startApplication('2026-11-24T02:00:00Z');
    sandbox = await playing(app);
    await seed({ deps: demoDeps(app, sandbox) });
    await viewed(app);
  });
  afterAll(async () => {
    await sandbox.close();
    await app.stop();
  });

  test('tells every story to its end', async () => {
    const { stories, last } = seedStories(app.services.deps.divisions);
    expect(await counted(app)).toEqual(expected([...stories, last]));
  });

  test('fills the workbench of 贵筑街道 over more than one page, with overdue, due and finished ones', async () => {
    const services = createServices(demoDeps(app, sandbox));
    const yang = demoStaffOf('guizhu-yang', services.deps.offices);
    if (yang === undefined) throw new Error('No featured account.');
    const page = await services.staff.inbox(yang, { status: 'submitted' });
    expect(page.next).toBeDefined();
    expect(page.overdue).toBeGreaterThan(0);
    const dues = await Promise.all(
      open.map(async (status) => (await services.staff.inbox(yang, { status })).lines.map((line) => line.due?.state)),
    );
    expect([...new Set(dues.flat())].sort()).toEqual(['later', 'overdue', 'soon', 'today']);
    for (const status of endings)
      expect((await services.staff.inbox(yang, { status })).lines.length).toBeGreaterThan(0);
  });

  test('lets two people of 贵筑街道 have tasks in hand, shown by name', async () => {
    const services = createServices(demoDeps(app, sandbox));
    const yang = demoStaffOf('guizhu-yang', services.deps.offices);
    if (yang === undefined) throw new Error('No featured account.');
    const page = await services.staff.inbox(yang, { status: 'received' });
    expect(new Set(page.lines.map((line) => line.handlerName))).toEqual(new Set(['杨秀兰', '吴建国']));
  });

  test('adds nothing at the next start', async () => {
    const before = await app.stores.eventStore.lastPosition();
    expect(await seed({ deps: demoDeps(app, sandbox) })).toEqual({ outcome: 'alreadySeeded', registrations: 0 });
    expect(await app.stores.eventStore.lastPosition()).toBe(before);
  });

  test('happened in the past, on working days of the application’s clock', async () => {
    const events = await app.stores.eventStore.readAll(0, 5000);
    const times = events.map((event) => Date.parse(String(event.meta['at'])));
    expect(Math.max(...times)).toBeLessThanOrEqual(app.clock.now);
    const days = [...new Set(times.map(dayInShanghai))].sort();
    expect(days.length).toBeGreaterThan(20);
    expect(days[0]).toBe('2026-10-14');
  });
});

/** The log as it is to a program that is killed after so many appends. */
const dyingAfter = (deps: Deps, appends: number): Deps => {
  let left = appends;
  const append: Deps['eventStore']['append'] = async (...to) => {
    left -= 1;
    if (left < 0) throw new StoreUnavailable('killed');
    return deps.eventStore.append(...to);
  };
  return { ...deps, eventStore: { ...deps.eventStore, append } };
};

describe('a seed under misfortune', () => {
  let app: Running;
  let sandbox: Sandbox;
  const start = async (at: string) => {
    app = await startApplication(at);
    sandbox = await playing(app);
    return demoDeps(app, sandbox);
  };
  afterEach(async () => {
    await sandbox.close();
    await app.stop();
  });

  test('killed again and again, it goes on to the same end, also on another day', async () => {
    const deps = await start('2026-11-20T02:00:00Z');
    for (const appends of [3, 150, 400]) {
      await expect(seed({ deps: dyingAfter(deps, appends) })).rejects.toThrow(StoreUnavailable);
      app.clock.now += 26 * 3_600_000;
    }
    await seed({ deps });
    await viewed(app);
    const { stories, last } = seedStories(deps.divisions);
    expect(await counted(app)).toEqual(expected([...stories, last]));
  });

  test.each(['2026-12-31T06:00:00Z', '2027-03-02T06:00:00Z', '2026-10-03T17:30:00Z', '2026-11-23T16:00:00Z'])(
    'never fails the start at %s, and is complete for the next one',
    async (at) => {
      const deps = await start(at);
      const { registrations } = await seed({ deps });
      expect(registrations).toBeGreaterThan(150);
      expect(await seed({ deps })).toMatchObject({ outcome: 'alreadySeeded' });
    },
  );
});
