import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eraseAccount } from '#application/eraseAccount.ts';
import type { StaffCopy } from '#application/staffCopy.ts';
import { projections } from '#projections/index.ts';
import { seedAccounts } from '../../src/demo/seedAccounts.ts';
import { demoAccounts, demoPassword } from '../../src/demo/staff.ts';
import { type AccountScene, admin, someone, startAccounts } from '../support/accountScene.ts';
import { textOf, type Visitor, visitor } from '../support/managementBrowser.ts';
import { buildSites, type Sites } from '../support/sites.ts';

const township = '520111004';
const codes = ['52', '520111', township].map((code) => ({ code }));
let scene: AccountScene;
let sites: Sites;

beforeAll(async () => {
  scene = await startAccounts('2026-11-24T02:00:00Z');
  await seedAccounts(scene.services.deps, undefined, demoAccounts(codes));
  sites = await buildSites(scene);
});
afterAll(async () => {
  await sites.close();
  await scene.stop();
});

const signedIn = async (account: string): Promise<Visitor> => {
  const visiting = visitor(sites.managementSite);
  await visiting.signIn(account, demoPassword);
  return visiting;
};
const shown = async () => {
  const { deps } = scene.services;
  const names = projections.map(({ name }) => name);
  expect(await deps.awaitViews(names, await deps.eventStore.lastPosition())).toBe(true);
};

describe('what is kept about a member of staff', () => {
  test('is told on their own page, with what they correct themselves, for how long, and the way to all of it', async () => {
    const yang = await signedIn('guizhu-yang');
    const own = await yang.get('/me');
    expect(textOf(own)).toMatch(/手机号码、工作单位和 QQ 可以在本页自己更正；.*再保存 5 年.*可以为您办理的管理员：\S+/);
    expect(own.body).toContain('href="/me/copy"');
  });

  test('can be read whole and taken away; each time it is recorded as exported', async () => {
    const yang = await signedIn('guizhu-yang');
    await shown();
    const page = await yang.get('/me/copy');
    const read = textOf(page);
    expect(page.statusCode).toBe(200);
    const file = await yang.get('/me/copy.json');
    expect(file.headers['content-disposition']).toBe('attachment; filename="staff-account.json"');
    const copy = file.json() as StaffCopy;
    for (const told of [copy.details.name, copy.details.idNumber, copy.details.mobile, copy.account.office.name]) {
      expect(told).not.toBe('');
      expect(read).toContain(told);
    }
    expect(copy.authorisations.map(({ authorisation }) => authorisation)).toContain('review');
    expect(copy.steps.map(({ what }) => what)).toEqual(
      expect.arrayContaining(['AccountRegistered', 'IdentityConfirmed', 'AuthorisationGranted', 'PasswordChanged']),
    );
    expect(copy.signIns[0]).toMatchObject({ what: 'SignedIn', address: '127.0.0.1' });
    expect(copy.sessions.length).toBeGreaterThan(0);
    expect(copy.looks.made).toBeGreaterThan(0);
    expect(read).toMatch(/账号注销后 5 年（个人信息保护法 §19 §47 §56）/);
    expect(file.body).not.toMatch(/lookup|passwordHash|hash of|argon2/);
    await shown();
    const looks = await scene.services.audit.record(
      { ...admin('52'), stated: { code: 'supervision', text: '' } },
      { kind: 'account', id: 'guizhu-yang' },
    );
    if (looks.outcome !== 'found') throw new Error(looks.outcome);
    expect(looks.looks.lines.filter(({ row }) => row.what === 'exported')).toHaveLength(2);
  });

  test('is open to who is not verified yet, and to nobody who is not signed in', async () => {
    const waiting = await signedIn('guizhu-hedui');
    expect((await waiting.get('/me/copy')).statusCode).toBe(200);
    expect((await visitor(sites.managementSite).get('/me/copy.json')).statusCode).toBe(303);
  });
});

describe('an account whose person was erased', () => {
  let account: string;
  let gly: Visitor;
  const { details } = someone(township, 51);

  beforeAll(async () => {
    const by = admin(township);
    account = await scene.registered(by, someone(township, 51), true);
    await scene.services.accounts.close(account, scene.act(by), '调离');
    const before = scene.clock.now;
    scene.clock.now = Date.parse('2031-11-25T02:00:00Z');
    const { deps } = scene.services;
    const system = { commandId: deps.ids(), actor: { kind: 'system', name: 'retention' } } as const;
    expect(await eraseAccount(deps, account, system)).toMatchObject({ outcome: 'done' });
    scene.clock.now = before;
    await shown();
    gly = await signedIn('guizhu-gly');
  });

  test('stands among the closed ones by its account, and says that it was erased', async () => {
    const list = await gly.get(`/people?office=${township}&standing=closed`);
    expect(textOf(list)).toMatch(new RegExp(`（已按规定删除） ${account}`));
    expect(list.body).not.toContain(details.mobile);
  });

  test('leads to its history, which names nobody', async () => {
    const led = await gly.get(`/people/${account}`);
    expect([led.statusCode, led.headers.location]).toEqual([303, `/people/${account}/history`]);
    const history = await gly.get(`/people/${account}/history`);
    expect(textOf(history)).toMatch(/个人信息已于2031年11月25日按规定删除.*登记.*注销账号.*按规定删除账号的个人信息/);
    expect(textOf(history)).toMatch(/事由 保存期限届满 依据 个人信息保护法/);
    expect(history.body).not.toMatch(new RegExp(`${details.idNumber}|${details.mobile}`));
    expect((await gly.get(`/people/${account}/change`)).statusCode).toBe(410);
  });
});
