import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedAccounts } from '../../src/demo/seedAccounts.ts';
import { demoAccounts, demoPassword } from '../../src/demo/staff.ts';
import { type AccountScene, admin, personNumbered, startAccounts } from '../support/accountScene.ts';
import { formOf, textOf, type Visitor, visitor } from '../support/managementBrowser.ts';
import { buildSites, type Sites } from '../support/sites.ts';

const township = '520111004';
const codes = ['52', '520111', township, '520111-H01', '520111005'].map((code) => ({ code }));

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

const signedIn = async (account: string, password = demoPassword): Promise<Visitor> => {
  const someone = visitor(sites.managementSite);
  await someone.signIn(account, password);
  return someone;
};

/** Sends the form of a page to its address, with what was typed. */
const send = async (someone: Visitor, page: string, action: string, typed: Record<string, string> = {}) => {
  const form = formOf(await someone.get(page), action);
  return someone.post(action, { ...form, ...typed });
};

const { name, idNumber, mobile } = personNumbered(7);
const typedPerson = { name, idNumber, mobile, workUnit: '', qq: '', note: '大寨社区', account: '', until: '' };

describe('an admin', () => {
  test('registers an operator, confirms who they are, and hands over a one-time password', async () => {
    const gly = await signedIn('guizhu-gly');
    const where = `operator.${township}`;
    const form = await gly.get(`/people/new?where=${where}`);
    expect(textOf(form)).toContain('留空则为 czy-520111004-2');
    const grants = { 'grant-review': '1', 'grant-register': '1' };
    const made = await gly.post('/people/new', { ...formOf(form, '/people/new'), ...typedPerson, ...grants });
    expect(made.headers.location).toBe('/people/czy-520111004-2?done=registered');
    const page = await gly.get('/people/czy-520111004-2?done=registered');
    expect(textOf(page)).toMatch(/已登记 王芳，账号 czy-520111004-2。.*核对一致.*查验身份证原件，确认无误.*还没有密码/);
    await send(gly, '/people/czy-520111004-2', '/people/czy-520111004-2/confirm', { basis: 'document' });
    expect(textOf(await gly.get('/people/czy-520111004-2'))).toContain('已实名');
    const slip = await send(gly, '/people/czy-520111004-2/password', '/people/czy-520111004-2/password');
    const password = /id="one-time-password">([^<]+)</.exec(slip.body)?.[1] ?? '';
    expect(password).not.toBe('');
    expect(textOf(slip)).toMatch(/王芳 .*贵筑街道办事处 .*czy-520111004-2/);
    expect(slip.body).toContain('href="/assets/management.css"');
    expect(slip.headers['cache-control']).toBe('no-store');
    const someone = visitor(sites.managementSite);
    const entered = await someone.signIn('czy-520111004-2', password);
    expect(entered.statusCode).toBe(303);
    expect(await scene.staff.find('czy-520111004-2')).toMatchObject({
      verified: true,
      authorisations: ['review', 'register'],
    });
  });

  test('changes nothing by a form that does not say what it is based on', async () => {
    const gly = await signedIn('guizhu-gly');
    const address = '/people/guizhu-xinren/disable';
    const { basedOn: _, ...form } = formOf(await gly.get(address), address);
    const sent = await gly.post(address, { ...form, reason: '借调' });
    expect(sent.statusCode).toBe(400);
    expect(await scene.staff.account('guizhu-xinren')).toMatchObject({ status: 'active' });
  });

  test('sees the slip once: the same form again tells no password', async () => {
    const gly = await signedIn('guizhu-gly');
    const address = '/people/guizhu-xinren/password';
    const form = formOf(await gly.get(address), address);
    expect((await gly.post(address, form)).body).toContain('one-time-password');
    const again = await gly.post(address, form);
    expect(again.body).not.toContain('one-time-password');
    expect(textOf(again)).toContain('请重新签发');
  });

  test('is told at each field what cannot be kept, and what was typed stays', async () => {
    const gly = await signedIn('guizhu-gly');
    const form = formOf(await gly.get(`/people/new?where=operator.${township}`), '/people/new');
    const wrong = { ...typedPerson, idNumber: '520111199001010011', mobile: '12', account: 'A B', until: '2026-02-30' };
    const malformed = await gly.post('/people/new', { ...form, ...wrong, 'grant-review': '1' });
    expect(malformed.statusCode).toBe(400);
    const told = /身份证号码的最后一位不对.*手机号码应为 11 位.*账号只用小写字母.*请按 2026-12-31 的格式填写存在的日期/;
    expect(textOf(malformed)).toMatch(told);
    const past = await gly.post('/people/new', { ...form, ...wrong, until: '2026-11-23', 'grant-review': '1' });
    expect(textOf(past)).toMatch(/手机号码应为 11 位.*有效期不能早于今天/);
    expect(past.body).toContain('value="大寨社区"');
  });

  test('learns which office has registered a person already', async () => {
    const other = await signedIn('gly-520111005');
    const form = formOf(await other.get('/people/new?where=operator.520111005'), '/people/new');
    const answer = await other.post('/people/new', { ...form, ...typedPerson });
    expect(answer.statusCode).toBe(409);
    expect(textOf(answer)).toContain('此人已由 贵阳市花溪区贵筑街道办事处 登记');
  });

  test('changes authorisations of one person in one form, with their ends', async () => {
    const gly = await signedIn('guizhu-gly');
    const page = '/people/guizhu-wu/grants';
    const typed = { 'grant-review': '1', 'until-review': '2026-12-31', 'grant-enterOnSite': '1' };
    const answer = await send(gly, page, page, typed);
    expect(answer.headers.location).toBe('/people/guizhu-wu?done=grants');
    expect((await scene.staff.account('guizhu-wu'))?.grants).toEqual([
      { authorisation: 'enterOnSite' },
      { authorisation: 'review', until: '2026-12-31' },
    ]);
    expect(textOf(await gly.get('/people/guizhu-wu'))).toMatch(/初审 有效期至 2026/);
  });

  test('does only what they changed where another admin was faster, and is shown what holds now', async () => {
    const [one, other] = [await signedIn('guizhu-gly'), await signedIn('gly-520111004')];
    const page = '/people/guizhu-xinren/grants';
    const held = async () => (await scene.staff.account('guizhu-xinren'))?.grants;
    const everything = { 'grant-review': '1', 'grant-register': '1', 'grant-issueOrdinaryCertificates': '1' };
    await send(one, page, page, { ...everything, 'grant-enterOnSite': '1' });
    const before = formOf(await one.get(page), page);
    const extended = { 'grant-enterOnSite': '1', 'grant-viewStatistics': '1', 'until-viewStatistics': '2026-12-30' };
    await send(other, page, page, { ...everything, ...extended });
    const late = await one.post(page, { ...before, ...everything });
    expect(late.statusCode).toBe(409);
    expect(textOf(late)).toMatch(/刚被他人更改。 现在：已授权，有效期至 2026/);
    expect(late.body).toMatch(/name="grant-viewStatistics" value="1" checked/);
    expect(late.body).toMatch(/id="until-viewStatistics" name="until-viewStatistics" value="2026-12-30"/);
    expect(late.body).not.toMatch(/name="grant-enterOnSite" value="1" checked/);
    const again = {
      ...formOf(late, page),
      ...everything,
      'grant-viewStatistics': '1',
      'until-viewStatistics': '2026-12-30',
    };
    expect((await one.post(page, again)).headers.location).toBe('/people/guizhu-xinren?done=grants');
    expect((await held())?.map(({ authorisation }) => authorisation)).not.toContain('enterOnSite');
    expect(await held()).toContainEqual({ authorisation: 'viewStatistics', until: '2026-12-30' });
  });

  test('is told where someone else was faster', async () => {
    const [one, other] = [await signedIn('guizhu-gly'), await signedIn('gly-520111004')];
    const page = '/people/guizhu-linshi/change';
    const first = formOf(await one.get(page), page);
    await send(other, '/people/guizhu-linshi/disable', '/people/guizhu-linshi/disable', { reason: '借调' });
    const late = await one.post(page, { ...first, ...typedPerson, ...personNumbered(9) });
    expect(late.statusCode).toBe(409);
    expect(textOf(late)).toContain('刚才有人更改了这个账号');
  });

  test('disables someone, who is out with the next click, and enables them again', async () => {
    const [gly, yang] = [await signedIn('guizhu-gly'), await signedIn('guizhu-yang')];
    expect((await yang.get('/')).statusCode).toBe(200);
    const empty = await send(gly, '/people/guizhu-yang/disable', '/people/guizhu-yang/disable', { reason: '' });
    expect(textOf(empty)).toContain('请写明原因');
    await send(gly, '/people/guizhu-yang/disable', '/people/guizhu-yang/disable', { reason: '借调' });
    expect((await yang.get('/')).headers.location).toMatch(/^\/sign-in/);
    expect(textOf(await gly.get('/people/guizhu-yang'))).toMatch(/账号已于.*停用，不能登录。原因：借调/);
    await send(gly, '/people/guizhu-yang', '/people/guizhu-yang/enable');
    expect(await scene.staff.find('guizhu-yang')).toBeDefined();
    expect(textOf(await gly.get('/people/guizhu-yang/history'))).toMatch(/停用账号.*原因 借调/);
  });

  test('lets someone out everywhere by one press', async () => {
    const gly = await signedIn('guizhu-gly');
    const desks = [await signedIn('guizhu-wu'), await signedIn('guizhu-wu')];
    await send(gly, '/people/guizhu-wu', '/people/guizhu-wu/sign-out');
    expect(textOf(await gly.get('/people/guizhu-wu?done=signedOut'))).toContain('所有登录已退出');
    for (const desk of desks) expect((await desk.get('/')).headers.location).toMatch(/^\/sign-in/);
    const yang = await signedIn('guizhu-yang');
    await yang.get('/');
    expect((await yang.post('/people/guizhu-gly/sign-out')).statusCode).toBe(403);
    expect((await gly.get('/people')).statusCode).toBe(200);
  });

  test('finds people by name without the name in the address, filters and counts them', async () => {
    const gly = await signedIn('guizhu-gly');
    const answer = await gly.post('/people/search', { text: '杨秀兰' });
    expect(answer.headers.location).toBe('/people/search');
    expect(textOf(await gly.get('/people/search'))).toContain('guizhu-yang');
    const unverified = textOf(await gly.get(`/people?office=${township}&standing=unverified`));
    expect(unverified).toContain('guizhu-hedui');
    expect(unverified).not.toContain('guizhu-yang');
    expect(textOf(await gly.get('/people/numbers'))).toContain('各单位人员');
    const sheet = await gly.get('/people/numbers.xlsx');
    expect(sheet.headers['content-type']).toContain('spreadsheetml');
    expect(sheet.rawPayload.subarray(0, 2).toString()).toBe('PK');
  });

  test('sees those of others below in part and does not act on them', async () => {
    const county = await signedIn('gly-520111');
    const page = textOf(await county.get('/people/guizhu-yang'));
    expect(page).toContain('520111********');
    expect(page).not.toContain('停用账号');
    expect((await county.get('/people/guizhu-yang/disable')).statusCode).toBe(403);
    const form = formOf(await county.get('/people/gly-520111004/disable'), '/people/gly-520111004/disable');
    expect((await county.post('/people/guizhu-yang/disable', { ...form, reason: '借调' })).statusCode).toBe(403);
    expect((await county.get('/people/guiyang')).statusCode).toBe(403);
    expect((await county.get('/people/nobody')).statusCode).toBe(404);
    expect((await county.get('/people?office=52')).statusCode).toBe(403);
  });

  test('does nothing with their own account but complete their data (two-person rule)', async () => {
    const gly = await signedIn('guizhu-gly');
    expect((await gly.get('/people/guizhu-gly')).headers.location).toBe('/me');
    const form = formOf(await gly.get('/people/guizhu-wu/disable'), '/people/guizhu-wu/disable');
    for (const act of ['check', 'enable', 'disable', 'close', 'password', 'grants', 'change']) {
      const { statusCode } = await gly.post(`/people/guizhu-gly/${act}`, { ...form, reason: '借调', ...typedPerson });
      expect([act, statusCode]).toEqual([act, 403]);
    }
    expect((await scene.staff.account('guizhu-gly'))?.status).toBe('active');
  });
});

describe('an operator', () => {
  test('has no pages of people, and their own data', async () => {
    const wu = await signedIn('guizhu-wu');
    for (const path of ['/people', '/people/numbers', '/people/new', '/people/search', '/people/guizhu-yang']) {
      expect([path, (await wu.get(path)).statusCode]).toEqual([path, 403]);
    }
    expect(textOf(await wu.get('/me'))).toMatch(/您的身份已经核对并确认.*吴建国/);
  });
});

describe('who is not verified', () => {
  test('is led to their own data from everywhere, completes them, and is told what to do', async () => {
    const new_ = await signedIn('guizhu-hedui');
    for (const path of [
      '/',
      '/search',
      '/people',
      '/organisations',
      '/registrations/019f0000-0000-7000-8000-000000000100',
    ]) {
      expect([path, (await new_.get(path)).headers.location]).toEqual([path, '/me']);
    }
    const page = await new_.get('/me');
    expect(textOf(page)).toMatch(
      /还没有完成实名认证.*请携带身份证原件找本单位系统管理员更正.*可以为您办理的管理员：.*龙再平/,
    );
    expect(page.body).not.toContain('href="/search"');
    const saved = await send(new_, '/me', '/me', { mobile: '13900000011', workUnit: '贵筑街道', qq: '' });
    expect(saved.headers.location).toBe('/me?done=own');
    expect((await scene.staff.account('guizhu-hedui'))?.details).toMatchObject({
      name: '莫春林',
      mobile: '13900000011',
    });
    expect((await new_.post('/search', { text: '王芳' })).statusCode).toBe(403);
  });
});

describe('an admin who holds something for a time', () => {
  test('is told on the form until when they can hand it on', async () => {
    const above = admin('520111');
    const grant = [{ authorisation: 'register', until: '2026-12-24' }] as const;
    await scene.services.accounts.changeGrants('guizhu-gly', scene.act(above), { grant, withdraw: [] });
    const gly = await signedIn('guizhu-gly');
    const address = '/people/guizhu-xinren/grants';
    const page = await gly.get(address);
    expect(textOf(page)).toContain('最晚 2026-12-24');
    const typed = { 'grant-register': '1', 'until-register': '2026-12-25' };
    const refused = await gly.post(address, { ...formOf(page, address), ...typed });
    expect(refused.statusCode).toBe(403);
    expect(textOf(refused)).toContain('不能晚于该日期');
    const shorter = { ...typed, 'until-register': '2026-12-24' };
    const done = await send(gly, address, address, shorter);
    expect(done.headers.location).toBe('/people/guizhu-xinren?done=grants');
  });
});
