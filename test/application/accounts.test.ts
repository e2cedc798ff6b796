import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountDirectory } from '#application/accountDirectory.ts';
import type { Staff } from '#application/actor.ts';
import { decode } from '#application/eventCodec.ts';
import { type AccountScene, admin, personNumbered, someone, startAccounts } from '../support/accountScene.ts';
import { operator } from '../support/application.ts';

const township = '520111004';
const county = '520111';

let scene: AccountScene;
beforeAll(async () => {
  scene = await startAccounts('2026-11-24T02:00:00Z');
});
afterAll(() => scene.stop());

const accounts = () => scene.services.accounts;
const lastPosition = () => scene.stores.eventStore.lastPosition();

describe('registering (O3)', () => {
  test('gives the next name of the office, to operators and admins each', async () => {
    const by = admin('520103');
    expect(await scene.registered(by, someone('520103', 1))).toBe('czy-520103');
    expect(await scene.registered(by, someone('520103', 2))).toBe('czy-520103-2');
    expect(await scene.registered(by, someone('520103019', 3, { role: 'admin' }))).toBe('gly-520103019');
    expect(await scene.registered(by, someone('520103', 4, { account: 'yunyan-wang' }))).toBe('yunyan-wang');
    expect((await accounts().opening(by, '520103', 'operator'))?.account).toBe('czy-520103-3');
  });

  test('the same person in the same place again is nothing new, also under another act', async () => {
    const by = admin('520102');
    const account = await scene.registered(by, someone('520102', 11));
    const before = await lastPosition();
    expect(await accounts().register(scene.act(by), someone('520102', 11))).toMatchObject({
      outcome: 'registered',
      account,
      repeated: true,
    });
    expect(await lastPosition()).toBe(before);
  });

  test('one person has one account, until it is closed', async () => {
    const [here, there] = [admin('520112'), admin('520113')];
    const account = await scene.registered(here, someone('520112', 21));
    const other = someone('520113', 21);
    expect(await accounts().register(scene.act(there), other)).toEqual({
      outcome: 'held',
      office: '520112',
      role: 'operator',
    });
    await accounts().close(account, scene.act(here), '调往白云区');
    expect(await accounts().register(scene.act(there), other)).toMatchObject({
      outcome: 'registered',
      account: 'czy-520113',
    });
    expect(await scene.staff.nameOf(account)).toBe('王芳');
  });

  test('what is sent again under its command id is done already for who did it, and forbidden to everybody else', async () => {
    const by = admin('520123');
    const account = await scene.registered(by, someone('520123', 991));
    const act = scene.act(by);
    expect(await accounts().disable(account, act, '借调')).toMatchObject({ outcome: 'done', repeated: false });
    expect(await accounts().disable(account, act, '借调')).toMatchObject({ outcome: 'done', repeated: true });
    const stranger = admin('520102');
    expect(await accounts().disable(account, { ...act, staff: stranger }, '借调')).toMatchObject({
      outcome: 'forbidden',
    });
  });

  test('many at once for one person make one account; many people of one office make as many', async () => {
    const by = admin('520115');
    const same = Array.from({ length: 6 }, () => accounts().register(scene.act(by), someone('520115', 31)));
    const made = new Set((await Promise.all(same)).map((one) => (one.outcome === 'registered' ? one.account : one)));
    expect([...made]).toEqual(['czy-520115']);
    const others = Array.from({ length: 6 }, (_, n) => scene.registered(by, someone('520115', 40 + n)));
    expect(new Set(await Promise.all(others)).size).toBe(6);
  });

  test('whose process died after the reservation is completed by whoever comes next', async () => {
    const by = admin('520121');
    const { deps } = scene.services;
    const append = deps.eventStore.append;
    const dying: typeof append = async (stream, ...rest) => {
      if (stream.startsWith('account-')) throw new Error('killed');
      return append(stream, ...rest);
    };
    deps.eventStore = { ...deps.eventStore, append: dying };
    await expect(accounts().register(scene.act(by), someone('520121', 51))).rejects.toThrow('killed');
    deps.eventStore = { ...deps.eventStore, append };
    expect(await scene.registered(by, someone('520121', 51))).toBe('czy-520121');
  });

  test('brings what was typed to one spelling, and tells what cannot be kept', async () => {
    const { name, idNumber, mobile } = personNumbered(61);
    const typed = { name: ' 王 芳 ', idNumber: ` ${idNumber.toLowerCase()}`, mobile: `+86 ${mobile}`, workUnit: '  ' };
    const account = await scene.registered(admin('520122'), someone('520122', 61, { details: typed }));
    const found = await accounts().account(admin('520122'), account);
    expect(found).toMatchObject({ view: { details: { name, idNumber, mobile } } });
    const garbled = someone('520122', 62, { details: { ...personNumbered(62), mobile: '12' } });
    expect(await accounts().register(scene.act(admin('520122')), garbled)).toEqual({
      outcome: 'rejected',
      rejection: { type: 'invalid', faults: [{ field: 'mobile', fault: 'garbled' }] },
    });
  });

  test.each<[string, Staff, ReturnType<typeof someone>, string]>([
    ['an operator', operator(township), someone(township, 71), 'role'],
    ['an admin elsewhere', admin('520103'), someone(township, 71), 'office'],
    ['an admin two levels above', admin('5201'), someone(township, 71, { role: 'admin' }), 'office'],
    ['the county’s admin for the township’s operators', admin(county), someone(township, 71), 'office'],
    ['an admin who is not verified', { ...admin(township), verified: false }, someone(township, 71), 'unverified'],
    [
      'an admin without the authorisation',
      { ...admin(township), authorisations: ['review'] },
      someone(township, 71, { grants: [{ authorisation: 'register' }] }),
      'authorisation',
    ],
  ])('is not for %s', async (_, by, made, reason) => {
    const before = await lastPosition();
    expect(await accounts().register(scene.act(by), made)).toEqual({ outcome: 'forbidden', reason });
    expect(await lastPosition()).toBe(before);
  });
});

describe('real-name verification (O4)', () => {
  test('makes people staff who may work, step by step', async () => {
    const by = admin(township);
    const account = await scene.registered(by, someone(township, 81, { grants: [{ authorisation: 'review' }] }));
    const verified = async () => (await scene.staff.find(account))?.verified;
    expect(await verified()).toBe(false);
    expect(await accounts().confirmIdentity(account, scene.act(by), 'document')).toMatchObject({
      rejection: { type: 'unchecked' },
    });
    scene.identity.outcome = 'unreachable';
    await accounts().checkIdentity(account, scene.act(by));
    expect(await verified()).toBe(false);
    scene.identity.outcome = 'matches';
    await accounts().checkIdentity(account, scene.act(by));
    expect(await verified()).toBe(false);
    await accounts().confirmIdentity(account, scene.act(by), 'document');
    expect(await verified()).toBe(true);
    await accounts().change(account, scene.act(by), { ...personNumbered(81), name: '王方' });
    expect(await verified()).toBe(false);
  });

  test('is nobody’s own matter', async () => {
    const by = admin(county);
    const account = await scene.registered(by, someone('520111005', 82, { role: 'admin' }));
    const themselves = { ...admin('520111005', account), verified: true };
    for (const outcome of [
      await accounts().confirmIdentity(account, scene.act(themselves), 'inPerson'),
      await accounts().checkIdentity(account, scene.act(themselves)),
      await accounts().changeGrants(account, scene.act(themselves), {
        grant: [{ authorisation: 'review' }],
        withdraw: [],
      }),
      await accounts().resetPassword(account, scene.act(themselves), false),
      await accounts().enable(account, scene.act(themselves)),
    ]) {
      expect(outcome).toEqual({ outcome: 'forbidden', reason: 'self' });
    }
  });

  test('another ID number may not be that of someone who has an account', async () => {
    const by = admin('520111006');
    await scene.registered(by, someone('520111006', 91));
    const account = await scene.registered(by, someone('520111006', 92));
    expect(await accounts().change(account, scene.act(by), personNumbered(91))).toEqual({
      outcome: 'held',
      office: '520111006',
    });
    expect(await accounts().change(account, scene.act(by), personNumbered(93))).toMatchObject({ outcome: 'done' });
    expect(await scene.registered(by, someone('520111006', 92))).toBe('czy-520111006-3');
  });

  test('people complete their own data before it, and their name and ID number never', async () => {
    const by = admin('520111007');
    const details = { ...personNumbered(95), mobile: '' };
    const account = await scene.registered(by, someone('520111007', 95, { details }));
    const themselves = await scene.staff.find(account);
    if (themselves === undefined) throw new Error('They are gone.');
    const typed = { mobile: '13900000095', workUnit: '花溪区' };
    expect(await accounts().completeOwn(scene.act(themselves), typed)).toMatchObject({ outcome: 'done' });
    expect(await accounts().account(themselves, account)).toMatchObject({
      view: { own: true, details: { ...details, ...typed } },
    });
    expect(await accounts().account(themselves, 'czy-520111006')).toMatchObject({ outcome: 'forbidden' });
    expect(await accounts().list(themselves, { office: '520111007', below: true })).toMatchObject({ lines: [] });
  });
});

describe('authorisations', () => {
  const by = admin('520111008');

  test('are granted and withdrawn in one act, and end by themselves', async () => {
    const account = await scene.registered(
      by,
      someone('520111008', 101, { grants: [{ authorisation: 'review' }] }),
      true,
    );
    const before = await lastPosition();
    await accounts().changeGrants(account, scene.act(by), {
      grant: [{ authorisation: 'register', until: '2026-11-25' }, { authorisation: 'enterOnSite' }],
      withdraw: ['review'],
    });
    expect(await lastPosition()).toBe(before + 3);
    expect((await scene.staff.find(account))?.authorisations).toEqual(['register', 'enterOnSite']);
    scene.clock.now += 2 * 86_400_000;
    expect((await scene.staff.find(account))?.authorisations).toEqual(['enterOnSite']);
    scene.clock.now -= 2 * 86_400_000;
  });

  test('all of an act or none of it', async () => {
    const account = await scene.registered(by, someone('520111008', 102));
    const refused = await accounts().changeGrants(account, scene.act(by), {
      grant: [{ authorisation: 'review' }, { authorisation: 'annotateBirth' }],
      withdraw: [],
    });
    expect(refused).toMatchObject({ rejection: { type: 'unsuitable', authorisation: 'annotateBirth' } });
    expect((await scene.staff.find(account))?.authorisations).toEqual([]);
  });

  test('based on a page that is no longer so, nothing happens', async () => {
    const account = await scene.registered(by, someone('520111008', 103));
    const found = await accounts().account(by, account);
    if (found.outcome !== 'found') throw new Error(found.outcome);
    const { revision } = found.view.row;
    await accounts().disable(account, scene.act(by, revision), '借调');
    const late = await accounts().changeGrants(account, scene.act(by, revision), {
      grant: [{ authorisation: 'review' }],
      withdraw: [],
    });
    expect(late.outcome).toBe('stale');
  });
});

describe('disabling', () => {
  test('holds for the next question of every instance', async () => {
    const by = admin('520111009');
    const account = await scene.registered(by, someone('520111009', 111), true);
    const { deps } = scene.services;
    const elsewhere = accountDirectory({ ...deps, verify: async () => false });
    expect(await elsewhere.find(account)).toMatchObject({ account, verified: true });
    await accounts().disable(account, scene.act(by), '借调');
    expect([await scene.staff.find(account), await elsewhere.find(account)]).toEqual([undefined, undefined]);
    expect(await elsewhere.nameOf(account)).toBe('王芳');
    await accounts().enable(account, scene.act(by));
    expect(await elsewhere.find(account)).toMatchObject({ account });
  });

  test('takes away a lost second factor together with the password, and tells the new one once', async () => {
    const by = admin('520111010');
    const account = await scene.registered(by, someone('520111010', 112));
    const act = scene.act(by);
    const first = await accounts().resetPassword(account, act, false);
    const password = 'password' in first ? first.password : undefined;
    expect(password).toMatch(/^[\dA-Z-]{16,}$/);
    expect(await accounts().resetPassword(account, act, false)).not.toHaveProperty('password');
    expect(await scene.staff.account(account)).toMatchObject({
      password: { hash: `hash of ${password}`, mustChange: true },
    });
    const log = JSON.stringify(await scene.stores.eventStore.readStream(`account-${account}`));
    expect(log).not.toContain(password);
  });
});

describe('finding', () => {
  test('signs people in by account, mobile or ID number, where that is one person’s', async () => {
    const by = admin('520111011');
    const { idNumber, mobile } = personNumbered(121);
    const account = await scene.registered(by, someone('520111011', 121));
    expect(await scene.staff.identify(` ${account.toUpperCase()} `)).toBe(account);
    expect(await scene.staff.identify(idNumber)).toBe(account);
    expect(await scene.staff.identify(`+86 ${mobile}`)).toBe(account);
    await scene.registered(by, someone('520111011', 122, { details: { ...personNumbered(122), mobile } }));
    expect(await scene.staff.identify(mobile)).toBe(account);
    await accounts().close(account, scene.act(by), '调离');
    expect(await scene.staff.identify(idNumber)).toBeUndefined();
    expect(await scene.staff.identify(mobile)).toBe('czy-520111011-2');
  });

  test('a mobile means whoever had it first: nobody locks another out by typing theirs', async () => {
    const by = admin('520111013');
    const [owner, other] = [
      await scene.registered(by, someone('520111013', 126)),
      await scene.registered(by, someone('520111013', 125)),
    ];
    const { mobile } = personNumbered(126);
    const complete = async (account: string, typed: string) => {
      const themselves = await scene.staff.find(account);
      if (themselves === undefined) throw new Error('They are gone.');
      const own = { mobile: typed, workUnit: '花溪区', qq: '' };
      expect(await accounts().completeOwn(scene.act(themselves), own)).toMatchObject({ outcome: 'done' });
    };
    await complete(other, mobile);
    await complete(owner, mobile);
    expect(await scene.staff.identify(mobile)).toBe(owner);
    await complete(owner, '13900000126');
    expect(await scene.staff.identify(mobile)).toBe(other);
    await complete(owner, mobile);
    expect(await scene.staff.identify(mobile)).toBe(other);
  });

  test('lists the people of a subtree, page by page, and counts them', async () => {
    const top = admin('520111');
    const all: string[] = [];
    let after: string | undefined;
    do {
      const filter = { office: '520111', below: true, ...(after === undefined ? {} : { after }) };
      const page = await accounts().list(top, filter, 2);
      all.push(...page.lines.map(({ row }) => row.id));
      after = page.next;
    } while (after !== undefined);
    expect(new Set(all).size).toBe(all.length);
    const whole = await accounts().list(top, { office: '520111', below: true }, 1000);
    expect(whole.lines.map(({ row }) => row.id)).toEqual(all);
    expect(all).not.toContain('czy-520103');
    const numbers = await accounts().numbers(top, '520111');
    const people = numbers.reduce((sum, one) => sum + one.admin + one.operator, 0);
    expect(people).toBe(all.length);
    expect(numbers.find(({ office }) => office === '520111008')).toMatchObject({
      verified: 1,
      unverified: 1,
      disabled: 1,
    });
  });

  test.each([
    [{ standing: 'disabled' as const }, ['czy-520111008-3']],
    [{ ending: true }, ['czy-520111008']],
    [{ role: 'admin' as const }, []],
  ])('narrowed by %j', async (filter, found) => {
    const page = await accounts().list(admin('520111008'), { office: '520111008', below: false, ...filter });
    expect(page.lines.map(({ row }) => row.id)).toEqual(found);
  });

  test('by name, ID number, mobile or account, within the subtree', async () => {
    const { idNumber, mobile } = personNumbered(101);
    for (const text of ['czy-520111008', idNumber, mobile]) {
      expect((await accounts().search(admin('520111'), text)).map(({ row }) => row.id)).toEqual(['czy-520111008']);
      expect(await accounts().search(admin('520103'), text)).toEqual([]);
    }
    expect((await accounts().search(admin('520111'), '王芳')).length).toBeGreaterThan(5);
  });

  test('is written down with what was searched for, sealed, also where nobody is found', async () => {
    const { idNumber } = personNumbered(999);
    const before = await lastPosition();
    expect(await accounts().search(admin('520111'), idNumber)).toEqual([]);
    const [looked] = await scene.stores.eventStore.readAll(before, 2);
    expect(looked?.data).toMatchObject({ what: 'searched', count: 0, subject: { id: '520111' } });
    expect(JSON.stringify(looked)).not.toContain(idNumber);
    const opened = looked && (await decode(looked, scene.services.deps.sealing));
    expect(opened?.data).toMatchObject({ personal: { searched: idNumber } });
  });

  test('shows who does not manage them less', async () => {
    const shown = async (staff: Staff) => {
      const found = await accounts().account(staff, 'czy-520111008');
      return found.outcome === 'found' ? found.view.details.idNumber : found;
    };
    expect(await shown(admin('520111008'))).toBe(personNumbered(101).idNumber);
    expect(await shown(admin('520111'))).toMatch(/^520111\*{8}/);
    expect(await shown(admin('520103'))).toEqual({ outcome: 'forbidden', reason: 'office' });
    expect(await shown(operator('520111008', 'czy-other'))).toEqual({ outcome: 'forbidden', reason: 'role' });
  });

  test('the history names everything that happened and holds no secret', async () => {
    const read = await accounts().history(admin('520111010'), 'czy-520111010');
    if (read.outcome !== 'found') throw new Error(read.outcome);
    expect(read.events.map(({ type }) => type)).toEqual(['AccountRegistered', 'PasswordIssued']);
    expect(JSON.stringify(read.events)).not.toMatch(/hash of|"lookup"/);
  });

  test('the history and the trail tell each change before and after, to others in part', async () => {
    const by = admin('520111011');
    const account = await scene.registered(by, someone('520111011', 141));
    const { mobile } = personNumbered(141);
    const typed = { ...personNumbered(141), name: '李四', mobile: '13811110141' };
    await accounts().change(account, scene.act(by), typed);
    const changesTo = async (staff: Staff) => {
      const read = await accounts().history(staff, account);
      if (read.outcome !== 'found') throw new Error(read.outcome);
      return (read.events.at(-1)?.data as { changes?: unknown } | undefined)?.changes;
    };
    const name = { field: 'name', before: '王芳', after: '李四' };
    expect(await changesTo(by)).toEqual([name, { field: 'mobile', before: mobile, after: typed.mobile }]);
    const seen = (await changesTo(admin('520111'))) as { before: string; after: string }[];
    expect(seen[0]).toEqual(name);
    expect([seen[1]?.before, seen[1]?.after]).toEqual(['1380***0141', '1381***0141']);
    const trail = await scene.services.audit.record(admin('520111'), { kind: 'account', id: account });
    expect(trail).toMatchObject({ outcome: 'found' });
    if (trail.outcome === 'found') expect(trail.events.at(-1)?.data).toMatchObject({ changes: seen });
  });

  test('the log and the view hold nothing that can be read of a person', async () => {
    const log = JSON.stringify(await scene.stores.eventStore.readAll(0, 5000));
    const rows = JSON.stringify(await scene.stores.viewStore.scan({ view: 'account' }, '', 1000));
    for (const text of ['王芳', '王方', personNumbered(101).idNumber, personNumbered(101).mobile, '借调']) {
      expect(log).not.toContain(text);
      expect(rows).not.toContain(text);
    }
  });
});

describe('who holds something for a time', () => {
  const until = '2026-11-27';
  const passing = (): Staff => ({ ...admin('520111012'), ends: { review: until } });
  const given = (end?: string) => ({ authorisation: 'review', ...(end === undefined ? {} : { until: end }) }) as const;

  test('hands it on for as long at most, at registering and later', async () => {
    const account = await scene.registered(passing(), someone('520111012', 131, { grants: [given(until)] }));
    const before = await lastPosition();
    for (const end of [undefined, '2026-11-28']) {
      expect(
        await accounts().changeGrants(account, scene.act(passing()), { grant: [given(end)], withdraw: [] }),
      ).toEqual({ outcome: 'forbidden', reason: 'longer' });
      expect(
        await accounts().register(scene.act(passing()), someone('520111012', 132, { grants: [given(end)] })),
      ).toEqual({ outcome: 'forbidden', reason: 'longer' });
    }
    expect(await lastPosition()).toBe(before);
    const shorter = { grant: [given('2026-11-26')], withdraw: [] } as const;
    expect(await accounts().changeGrants(account, scene.act(passing()), shorter)).toMatchObject({ outcome: 'done' });
    const found = await accounts().account(passing(), account);
    expect(found).toMatchObject({ view: { grantable: expect.arrayContaining(['review']) } });
  });

  test('is known by the end of it', async () => {
    const above = admin('520111');
    const grants = [{ authorisation: 'review', until }, { authorisation: 'register' }] as const;
    const account = await scene.registered(above, someone('520111012', 133, { role: 'admin', grants }), true);
    expect((await scene.staff.find(account))?.ends).toEqual({ review: until });
  });
});
