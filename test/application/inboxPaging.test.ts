import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidCursor } from '#application/cursor.ts';
import { type InboxFilter, pageSize } from '#application/staffQueries.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { coupleOf, forSecondChild } from '../support/couples.ts';

const offices = ['520111004', '520111005', '520103019', '520382001', '522601001'] as const;
const villages = ['520111004001', '520111005001', '520103019001', '520382001001', '522601001001'] as const;
let app: Running;
let couples = 0;
let nextOffice = -1;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.stop());

/** An inbox of its own for one test. */
const freshOffice = () => {
  nextOffice += 1;
  const [office, village] = [offices[nextOffice], villages[nextOffice]];
  if (office === undefined || village === undefined) throw new Error('name one more office above');
  const submit = async (count: number, second = false): Promise<readonly string[]> => {
    const { applicant, deps } = app.services;
    return Promise.all(
      Array.from({ length: count }, async () => {
        couples += 1;
        const couple = coupleOf(couples, village);
        const id = deps.ids();
        await applicant.submit(id, second ? forSecondChild(couple) : couple, { commandId: deps.ids() });
        return id;
      }),
    );
  };
  return { office, submit };
};

/** Walks a tab to its end; `between` is told the ids seen so far before each next page. */
const walk = async (office: string, filter: InboxFilter, between: (seen: readonly string[]) => Promise<unknown>) => {
  const seen: string[] = [];
  const sizes: number[] = [];
  for (let after: string | undefined; ; ) {
    const page = await app.services.staff.inbox(operator(office), {
      ...filter,
      ...(after === undefined ? {} : { after }),
    });
    seen.push(...page.lines.map(({ row }) => row.id));
    sizes.push(page.lines.length);
    if (page.next === undefined) return { seen, sizes };
    after = page.next;
    await between(seen);
  }
};

const nothing = async () => undefined;
const act = (office: string, account = 'czy') => ({
  staff: operator(office, account),
  commandId: app.services.deps.ids(),
  basedOn: 0,
});
const withdraw = (id: string) => app.services.applicant.withdraw(id, { commandId: app.services.deps.ids() });

describe('walking an inbox page by page', () => {
  it('shows every row once, and pages that are full but the last', async () => {
    const { office, submit } = freshOffice();
    const ids = await submit(2 * pageSize + 7);
    const { seen, sizes } = await walk(office, { status: 'submitted' }, nothing);
    expect(sizes).toEqual([pageSize, pageSize, 7]);
    expect(seen.toSorted()).toEqual(ids.toSorted());
  });

  it('neither loses nor doubles a row that stays, while others leave, come and are passed on', async () => {
    const { office, submit } = freshOffice();
    const ids = new Set(await submit(3 * pageSize));
    const moved = new Set<string>();
    const move = async (id: string | undefined, away: (id: string) => Promise<unknown>) => {
      if (id === undefined || moved.has(id)) return;
      moved.add(id);
      await away(id);
    };
    const { seen } = await walk(office, { status: 'submitted' }, async (before) => {
      const [seenOne, seenOther] = before.filter((id) => !moved.has(id)).slice(-2);
      const [unseenOne, unseenOther] = [...ids].filter((id) => !before.includes(id) && !moved.has(id));
      await move(seenOne, withdraw);
      await move(seenOther, (id) => app.services.staff.receiveTask(id, act(office)));
      await move(unseenOne, (id) => app.services.staff.reject(id, act(office), ['other'], '原因'));
      await move(unseenOther, (id) => app.services.staff.redirect(id, act(office), '522701001', '就近便民'));
      app.clock.now += 60_000;
      for (const id of await submit(1)) ids.add(id);
    });
    expect(moved.size).toBeGreaterThanOrEqual(8);
    expect(new Set(seen).size).toBe(seen.length);
    expect([...ids].filter((id) => !moved.has(id) && !seen.includes(id))).toEqual([]);
  });

  it('by a filter that no index knows finds them all on one page, however sparse', async () => {
    const { office, submit } = freshOffice();
    await submit(pageSize);
    const rare = await submit(3, true);
    await submit(2 * pageSize);
    const last = await submit(1, true);
    const { seen, sizes } = await walk(office, { status: 'submitted', parity: 2 }, nothing);
    expect(sizes).toEqual([4]);
    expect(seen.toSorted()).toEqual([...rare, ...last].toSorted());
  });

  it('by who has the task keeps to theirs', async () => {
    const { office, submit } = freshOffice();
    const mine = await submit(pageSize + 2);
    const [theirs = ''] = await submit(1);
    for (const id of mine) await app.services.staff.receiveTask(id, act(office, 'me'));
    await app.services.staff.receiveTask(theirs, act(office, 'colleague'));
    const { seen } = await walk(office, { status: 'received', handler: 'me' }, nothing);
    expect(seen.toSorted()).toEqual([...mine].toSorted());
    expect((await walk(office, { status: 'received', handler: 'colleague' }, nothing)).seen).toEqual([theirs]);
  });

  it('of what has ended shows the newest first', async () => {
    const { office, submit } = freshOffice();
    const ids = await submit(3);
    app.clock.now += 60_000;
    const [newest = ''] = await submit(1);
    for (const id of [newest, ...ids]) await withdraw(id);
    const { seen } = await walk(office, { status: 'withdrawn' }, nothing);
    expect(seen[0]).toBe(newest);
    expect(seen.toSorted()).toEqual([...ids, newest].toSorted());
  });
});

describe('a cursor', () => {
  it.each(['', 'x', 'bm90IGpzb24', 'W10', '🙂', 'A'.repeat(10_000)])('%j is refused as none', async (after) => {
    const paging = app.services.staff.inbox(operator('520111004'), { status: 'submitted', after });
    await expect(paging).rejects.toThrow(InvalidCursor);
  });
});
