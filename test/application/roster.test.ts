import { afterAll, describe, expect, test } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { load } from '#application/handleCommand.ts';
import { type EventStore, StoreUnavailable } from '#application/ports.ts';
import { goOnWithImports } from '#application/roster/goOn.ts';
import type { RosterPreview } from '#application/roster/kept.ts';
import { createServices } from '#application/services.ts';
import { accountDecider } from '#domain/account/decide.ts';
import { verifyPassword } from '#infrastructure/passwords.ts';
import { admin, personNumbered, someone, startAccounts } from '../support/accountScene.ts';
import { printedRows, type Written, written } from '../support/rosters.ts';
import { workbookOf } from '../support/workbooks.ts';

const scene = await startAccounts();
afterAll(scene.stop);
const { rosters, deps } = scene.services;
const silent = { warn: () => undefined, error: () => undefined };
const county = admin('520111');

let people = 1000;
/** Someone new, an operator of 花溪区 unless said otherwise. */
const newcomer = (differing: Partial<Written> = {}): Written => {
  people += 1;
  return { ...written, ...personNumbered(people), township: '', workUnit: '花溪区卫生健康局', ...differing };
};
const township = { township: '贵筑街道', role: '1' };

const fileOf = (all: readonly Written[]) => ({ name: '名单.xlsx', bytes: workbookOf({ rows: printedRows(all) }) });

const uploaded = async (
  all: readonly Written[],
  staff: Staff = county,
): Promise<{ id: string; preview: RosterPreview }> => {
  const upload = await rosters.upload(staff, fileOf(all));
  if (upload.outcome !== 'previewed' || upload.id === undefined) throw new Error(JSON.stringify(upload));
  return { id: upload.id, preview: upload.preview };
};

const imported = async (all: readonly Written[], staff: Staff = county) => {
  const { id } = await uploaded(all, staff);
  expect(await rosters.confirm(staff, id)).toEqual({ outcome: 'started' });
  await rosters.settled(id);
  return { id, job: await rosters.job(staff, id) };
};

const accountOf = async ({ idNumber }: Written) => {
  const account = await scene.staff.identify(idNumber);
  return account === undefined ? undefined : scene.staff.account(account);
};

test('an import registers nobody at an office that moved away since the preview', async () => {
  const one = newcomer(township);
  const { id } = await uploaded([one]);
  const { offices } = deps;
  const find: typeof offices.find = (code) => {
    const found = offices.find(code);
    return found && code === '520111004' ? { ...found, parent: '520103' } : found;
  };
  const moved = createServices({ ...deps, offices: { ...offices, find } }).rosters;
  await moved.confirm(county, id);
  await moved.settled(id);
  expect(await moved.job(county, id)).toMatchObject({
    status: 'refused',
    problems: [{ faults: [{ column: 'role', fault: 'notYours', by: '520103' }] }],
  });
  expect(await accountOf(one)).toBeUndefined();
});

describe('an upload', () => {
  test('tells how many are new, there already and faulty, row by row', async () => {
    const there = newcomer();
    await imported([there]);
    const all = [there, newcomer(), newcomer(township), newcomer({ name: '' }), newcomer({ township: '贵筑街道' })];
    const { preview } = await uploaded(all);
    expect(preview).toMatchObject({ rows: 5, present: 1, entries: [{ row: 5 }, { row: 6 }] });
    expect(preview.faulty).toEqual([
      { row: 7, faults: [{ column: 'name', fault: 'missing' }] },
      { row: 8, faults: [{ column: 'role', fault: 'notYours', by: '520111004' }] },
    ]);
    expect(preview.lines.map(({ row }) => row)).toEqual([7, 8]);
  });

  test('is for admins; nobody else sees it, and it cannot be confirmed while a row is faulty', async () => {
    const { id } = await uploaded([newcomer({ name: '' })]);
    expect(await rosters.upload({ ...county, role: 'operator' }, fileOf([written]))).toMatchObject({
      outcome: 'forbidden',
    });
    expect(await rosters.preview(admin('520103'), id)).toBeUndefined();
    expect(await rosters.confirm(admin('520103'), id)).toEqual({ outcome: 'absent' });
    expect(await rosters.confirm(county, id)).toEqual({ outcome: 'faulty' });
  });

  test('that is no roster is refused with its reason', async () => {
    const refused = await rosters.upload(county, { name: 'x', bytes: Buffer.from('%PDF-1.7\0') });
    expect(refused).toEqual({ outcome: 'refused', reason: 'notSpreadsheet' });
    const empty = await rosters.upload(county, fileOf([]));
    expect(empty).toEqual({ outcome: 'unreadable', why: { outcome: 'noPeople' } });
  });

  test('lies sealed in the store', async () => {
    const person = newcomer({ name: '欧阳秀英' });
    const { id } = await uploaded([person]);
    const kept = JSON.stringify(await deps.transientStore.get('roster', id, deps.clock()));
    expect(kept).toContain('sealed');
    for (const text of [person.name, person.idNumber, person.mobile]) expect(kept).not.toContain(text);
  });
});

describe('an import', () => {
  test('registers everybody with a one-time password that is theirs', async () => {
    const all = [newcomer(), newcomer(), newcomer(township)];
    const { id, job } = await imported(all);
    expect(job).toMatchObject({ status: 'done', registered: 3, present: 0, problems: [], done: 6, total: 6 });
    const slips = (await rosters.slips(county, id)) ?? [];
    expect(slips.map(({ row }) => row)).toEqual([4, 5, 6]);
    for (const [index, slip] of slips.entries()) {
      const account = await scene.staff.account(slip.account);
      expect(account).toMatchObject({
        office: slip.office,
        role: slip.role,
        details: { idNumber: all[index]?.idNumber },
      });
      expect(account?.password?.mustChange).toBe(true);
      expect(await verifyPassword(slip.password, account?.password?.hash)).toBe(true);
    }
    expect(slips[2]).toMatchObject({ office: '520111004', role: 'admin' });
    expect(new Set(slips.map(({ account }) => account)).size).toBe(3);
  });

  test('shows its passwords to its importer alone, until they are taken or hours have passed', async () => {
    const { id } = await imported([newcomer()]);
    expect(await rosters.slips(admin('520111', 'another'), id)).toBeUndefined();
    await rosters.takeSlips(admin('520111', 'another'), id);
    expect(await rosters.hasSlips(county, id)).toBe(true);
    await rosters.takeSlips(county, id);
    expect(await rosters.slips(county, id)).toBeUndefined();
    const later = await imported([newcomer()]);
    scene.clock.now += 5 * 3_600_000;
    expect(await rosters.slips(county, later.id)).toBeUndefined();
  });

  test('of the same file again is nothing new', async () => {
    const all = [newcomer(), newcomer()];
    await imported(all);
    const { id, preview } = await uploaded(all);
    expect(preview).toMatchObject({ present: 2, entries: [], faulty: [] });
    expect(await rosters.confirm(county, id)).toEqual({ outcome: 'nothingNew' });
  });

  test('that is confirmed several times at once happens once', async () => {
    const { id } = await uploaded([newcomer(), newcomer()]);
    const before = await deps.eventStore.lastPosition();
    await Promise.all([1, 2, 3].map(() => rosters.confirm(county, id)));
    await rosters.settled(id);
    const events = await deps.eventStore.readAll(before, 100);
    expect(events.filter(({ type }) => type === 'AccountRegistered.v1')).toHaveLength(2);
    expect(await rosters.job(county, id)).toMatchObject({ status: 'done', registered: 2 });
  });

  test('registers nobody where one of them got another account meanwhile, and tells whose row that is', async () => {
    const [one, taken, other] = [newcomer(), newcomer(), newcomer()];
    const { id } = await uploaded([one, taken, other]);
    const details = { name: taken.name, idNumber: taken.idNumber, mobile: taken.mobile };
    await scene.registered(admin('520103'), someone('520103', 0, { details }));
    await rosters.confirm(county, id);
    await rosters.settled(id);
    expect(await rosters.job(county, id)).toMatchObject({
      status: 'refused',
      registered: 0,
      problems: [{ row: 5, faults: [{ column: 'idNumber', fault: 'elsewhere', office: '520103', role: 'operator' }] }],
    });
    expect([await accountOf(one), await accountOf(other)]).toEqual([undefined, undefined]);
    expect(await rosters.slips(county, id)).toBeUndefined();
    expect(await imported([one, other])).toMatchObject({ job: { status: 'done', registered: 2 } });
  });

  test('takes the next account name where one was taken meanwhile', async () => {
    const person = newcomer();
    const { id } = await uploaded([person]);
    const original = deps.eventStore;
    let raced = false;
    deps.eventStore = {
      ...original,
      append: async (stream, expected, events) => {
        if (stream.startsWith('account-') && !raced) {
          raced = true;
          await scene.registered(county, someone('520111', ++people, { account: stream.slice('account-'.length) }));
        }
        return original.append(stream, expected, events);
      },
    };
    await rosters.confirm(county, id);
    await rosters.settled(id);
    deps.eventStore = original;
    expect(await rosters.job(county, id)).toMatchObject({ status: 'done', registered: 1 });
    const [slip] = (await rosters.slips(county, id)) ?? [];
    expect(await scene.staff.account(slip?.account ?? '')).toMatchObject({ details: { idNumber: person.idNumber } });
  });
});

describe('an import whose process breaks off', () => {
  /** The store is gone after so many appends, until it is given back. */
  const breaking = (appends: number): { original: EventStore; store: EventStore } => {
    const original = deps.eventStore;
    let left = appends;
    const append: EventStore['append'] = async (...asked) => {
      left -= 1;
      if (left < 0) throw new StoreUnavailable('gone');
      return original.append(...asked);
    };
    return { original, store: { ...original, append } };
  };

  test.each([0, 1, 4, 6, 9])(
    'after %i appends goes on where its state is asked for, without doubles',
    async (appends) => {
      const all = Array.from({ length: 5 }, () => newcomer());
      const { id } = await uploaded(all);
      const { original, store } = breaking(appends);
      const before = await original.lastPosition();
      deps.eventStore = store;
      await rosters.confirm(county, id);
      await rosters.settled(id);
      expect(await rosters.job(county, id)).toMatchObject({ status: 'running' });
      await rosters.settled(id);
      deps.eventStore = original;
      await rosters.job(county, id);
      await rosters.settled(id);
      expect(await rosters.job(county, id)).toMatchObject({ status: 'done', registered: 5 });
      const events = await original.readAll(before, 1000);
      expect(events.filter(({ type }) => type === 'AccountRegistered.v1')).toHaveLength(5);
      expect(events.filter(({ type }) => type === 'PasswordIssued.v1')).toHaveLength(5);
      for (const { account, password } of (await rosters.slips(county, id)) ?? []) {
        const { state } = await load(deps, accountDecider, account);
        if (state.status === 'absent') throw new Error('absent');
        expect(await verifyPassword(password, state.password?.hash)).toBe(true);
      }
    },
  );

  test('and never comes back is succeeded after its lease; one that comes back late changes nothing', async () => {
    const all = [newcomer(), newcomer()];
    const { id } = await uploaded(all);
    const original = deps.eventStore;
    const paused = Promise.withResolvers<void>();
    const before = await original.lastPosition();
    deps.eventStore = {
      ...original,
      append: async (...asked) => {
        await paused.promise;
        return original.append(...asked);
      },
    };
    await rosters.confirm(county, id);
    const successor = createServices({ ...deps, eventStore: original }).rosters;
    await successor.job(county, id);
    await successor.settled(id);
    expect(await successor.job(county, id)).toMatchObject({ status: 'running' });
    scene.clock.now += 6000;
    await successor.job(county, id);
    await successor.settled(id);
    expect(await successor.job(county, id)).toMatchObject({ status: 'done', registered: 2 });
    await successor.takeSlips(county, id);
    paused.resolve();
    await rosters.settled(id);
    deps.eventStore = original;
    expect(await rosters.hasSlips(county, id)).toBe(false);
    const events = await original.readAll(before, 1000);
    expect(events.filter(({ type }) => type === 'AccountRegistered.v1')).toHaveLength(2);
  });

  test('goes on by itself in a process that looks for what was left behind, as its owner and from where they were', async () => {
    const origin = { site: 'management', entry: 'page', network: '10.52.0.0/16', address: '10.52.11.4' } as const;
    const owner = { ...county, from: origin };
    const { id } = await uploaded([newcomer(), newcomer()], owner);
    const { original, store } = breaking(1);
    const before = await original.lastPosition();
    deps.eventStore = store;
    await rosters.confirm(owner, id);
    await rosters.settled(id);
    deps.eventStore = original;
    expect(JSON.stringify(await deps.transientStore.get('rosterOpen', '0', deps.clock()))).not.toContain('10.52');
    const found = (staff: Staff | undefined) => ({ ...deps.staff, find: async () => staff });
    for (const gone of [undefined, { ...county, verified: false }]) {
      await createServices({ ...deps, staff: found(gone) }).rosters.goOn();
      expect((await original.readAll(before, 100)).filter(({ type }) => type === 'AccountRegistered.v1')).toEqual([]);
    }
    const successor = createServices({ ...deps, staff: found(county) }).rosters;
    const watching = goOnWithImports({ goOn: successor.goOn, wait: deps.wait, log: silent, everyMs: 5 });
    for (let tries = 0; (await deps.transientStore.get('rosterOpen', '0', deps.clock())) !== undefined; tries += 1) {
      if (tries > 1000) throw new Error('The import never ended.');
      await deps.wait(5);
    }
    await watching.stop();
    expect(await rosters.job(county, id)).toMatchObject({ status: 'done', registered: 2 });
    const registered = (await original.readAll(before, 100)).filter(({ type }) => type === 'AccountRegistered.v1');
    expect(registered).toHaveLength(2);
    for (const { meta } of registered) {
      expect(meta).toMatchObject({ actor: { account: county.account }, from: { network: '10.52.0.0/16' } });
    }
  });

  test('of which nothing is kept any more is given up, and not told as done', async () => {
    const { id } = await uploaded([newcomer()]);
    const { original, store } = breaking(0);
    deps.eventStore = store;
    await rosters.confirm(county, id);
    await rosters.settled(id);
    deps.eventStore = original;
    scene.clock.now += 5 * 3_600_000;
    const successor = createServices({ ...deps, staff: { ...deps.staff, find: async () => county } }).rosters;
    for (let tries = 0; tries < 3; tries += 1) {
      await successor.goOn();
      await successor.settled(id);
    }
    expect(await successor.job(county, id)).toMatchObject({ status: 'failed', registered: 0 });
  });

  test('is given up after several faults, and says so', async () => {
    const { id } = await uploaded([newcomer()]);
    const original = deps.eventStore;
    deps.eventStore = {
      ...original,
      append: async () => {
        throw new Error('a fault');
      },
    };
    await rosters.confirm(county, id);
    for (let tries = 0; tries < 3; tries += 1) {
      await rosters.settled(id);
      await rosters.job(county, id);
    }
    deps.eventStore = original;
    expect(await rosters.job(county, id)).toMatchObject({ status: 'failed' });
  });
});
