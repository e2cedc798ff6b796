import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Running, startApplication } from '../support/application.ts';
import { textOf, type Visitor, visitor } from '../support/managementBrowser.ts';
import { buildSites, type Sites } from '../support/sites.ts';
import { testDirectory } from '../support/staffDirectory.ts';

const password = 'a password';
const minute = 60_000;
let app: Running;
let sites: Sites;
let directory: ReturnType<typeof testDirectory>;
let someone: Visitor;

beforeAll(async () => {
  app = await startApplication();
  directory = testDirectory(password);
  app.services.deps.staff = directory;
  sites = await buildSites(app);
});
beforeEach(() => {
  app.clock.now += 13 * 60 * minute;
  someone = visitor(sites.managementSite);
});
afterAll(async () => {
  await sites.close();
  await app.stop();
});

describe('signing in to the management site', () => {
  test('sends who is not signed in there, and back to the page that was asked for', async () => {
    const asked = await someone.get('/?tab=accepted');
    expect([asked.statusCode, asked.headers.location]).toEqual([303, '/sign-in?to=%2F%3Ftab%3Daccepted']);
    const signed = await someone.signIn('guizhu-yang', password, '/?tab=accepted');
    expect([signed.statusCode, signed.headers.location]).toEqual([303, '/?tab=accepted']);
    const page = await someone.get('/?tab=accepted');
    expect(textOf(page)).toContain('杨秀兰');
  });

  test.each(['//evil.test', '/\\evil.test', 'https://evil.test', 'javascript:alert(1)', ''])(
    'never leads away from the site to %j',
    async (to) => {
      const signed = await someone.signIn('guizhu-yang', password, to);
      expect(signed.headers.location).toBe('/');
    },
  );

  test('keeps the session in a cookie that scripts and other sites cannot use, under a new value each time', async () => {
    const [first, second] = [
      await someone.signIn('guizhu-yang', password),
      await someone.signIn('guizhu-yang', password),
    ];
    const cookie = (response: typeof first) => response.cookies.find(({ name }) => name === 'management-session');
    expect(cookie(first)).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
    expect(cookie(second)?.value).not.toBe(cookie(first)?.value);
    const old = visitor(sites.managementSite);
    old.cookies.set('management-session', cookie(first)?.value ?? '');
    expect((await old.get('/')).statusCode).toBe(303);
  });

  test('says that a session has ended to the browser that was in alone, and of strangers to nobody', async () => {
    expect(textOf(await someone.get('/sign-in'))).not.toContain('已经结束');
    await someone.signIn('guizhu-yang', password);
    app.clock.now += 31 * minute;
    expect((await someone.get('/')).statusCode).toBe(303);
    expect(textOf(await someone.get('/sign-in'))).toMatch(/您在这个浏览器里的登录已经结束.*账号可能已停用/);
    const forger = visitor(sites.managementSite);
    forger.cookies.set('management-session', 'guizhu-yang');
    expect(textOf(await forger.get('/sign-in'))).not.toContain('已经结束');
  });

  test('answers a wrong account and a wrong password alike, after the same work', async () => {
    const wrongPassword = await someone.signIn('guizhu-wu', 'wrong');
    const wrongAccount = await visitor(sites.managementSite).signIn('nobody-at-all', 'wrong');
    expect(wrongPassword.statusCode).toBe(401);
    expect(wrongAccount.statusCode).toBe(401);
    const told = (response: typeof wrongAccount) => textOf(response).replace(/nobody-at-all|guizhu-wu/g, '');
    expect(told(wrongAccount)).toBe(told(wrongPassword));
    expect(directory.verified.slice(-2)).toEqual([`hash of ${password}`, 'absent']);
  });

  test.each(['guizhu-wu', 'nobody'])(
    'locks %s after repeated tries, longer each time, until the lock ends by itself',
    async (account) => {
      const fail = async () => (await someone.signIn(account, 'wrong')).statusCode;
      for (let tries = 0; tries < 4; tries += 1) expect(await fail()).toBe(401);
      const locked = await someone.signIn(account, 'wrong');
      expect(locked.statusCode).toBe(429);
      expect(textOf(locked)).toContain('请过 1 分钟再试');
      const before = directory.verified.length;
      expect((await someone.signIn(account, password)).statusCode).toBe(429);
      expect(directory.verified.length).toBe(before);
      app.clock.now += minute;
      expect(textOf(await someone.signIn(account, 'wrong'))).toContain('请过 2 分钟再试');
      app.clock.now += 2 * minute;
      const after = await someone.signIn(account, password);
      expect(after.statusCode).toBe(account === 'nobody' ? 429 : 303);
    },
  );

  test('checks one password only when many come at once for an account that may be tried once', async () => {
    for (let tries = 0; tries < 4; tries += 1) await someone.signIn('huaxi', 'wrong');
    const before = directory.verified.length;
    const many = await Promise.all(
      Array.from({ length: 10 }, () => visitor(sites.managementSite).signIn('huaxi', 'wrong')),
    );
    expect(many.map(({ statusCode }) => statusCode)).toEqual(Array.from({ length: 10 }, () => 429));
    expect(directory.verified.length).toBe(before + 1);
  });

  test('limits the tries of one address whatever the account', async () => {
    const many = Array.from({ length: 101 }, (_, n) => n);
    let last = 0;
    for (const n of many) last = (await someone.signIn(`account-${n}`, 'wrong')).statusCode;
    expect(last).toBe(429);
    expect((await someone.signIn('guizhu-yang', password)).statusCode).toBe(429);
  });

  test('refuses a form without its token, and one that is malformed', async () => {
    await someone.get('/sign-in');
    const forged = await someone.post('/sign-in', { account: 'guizhu-yang', password }, true);
    expect(forged.statusCode).toBe(403);
    expect((await someone.post('/sign-in', { account: 'guizhu-yang' })).statusCode).toBe(400);
  });

  test('fills in a demo account on one click', async () => {
    const page = await someone.get('/sign-in?account=guizhu-wu');
    expect(page.body).toContain('value="guizhu-wu"');
    expect(page.body).toContain('type="password" value="Demo-2026-gz"');
    expect(textOf(page)).toContain('czy-单位代码是操作员，gly-单位代码是系统管理员');
    expect((await someone.get('/sign-in?account=czy-520302001')).body).not.toContain('value="Demo');
  });
});

describe('a session', () => {
  test('ends after half an hour without use, and twelve hours in any case', async () => {
    await someone.signIn('guizhu-yang', password);
    app.clock.now += 29 * minute;
    expect((await someone.get('/')).statusCode).toBe(200);
    app.clock.now += 29 * minute;
    expect((await someone.get('/')).statusCode).toBe(200);
    app.clock.now += 31 * minute;
    expect((await someone.get('/')).statusCode).toBe(303);
    await someone.signIn('guizhu-yang', password);
    for (let passed = 0; passed < 12 * 60 - 20; passed += 20) {
      app.clock.now += 20 * minute;
      expect((await someone.get('/')).statusCode).toBe(200);
    }
    app.clock.now += 20 * minute;
    expect((await someone.get('/')).statusCode).toBe(303);
  });

  test('is not kept alive by pages that refresh themselves, but by someone who types', async () => {
    await someone.signIn('guizhu-yang', password);
    app.clock.now += 20 * minute;
    expect((await someone.get('/', { 'x-background': '1' })).statusCode).toBe(200);
    expect((await someone.get('/session')).statusCode).toBe(204);
    app.clock.now += 20 * minute;
    expect((await someone.get('/', { 'x-background': '1' })).statusCode).toBe(200);
    app.clock.now += 11 * minute;
    expect((await someone.get('/')).statusCode).toBe(303);
  });

  test('ends at once for an account that is disabled', async () => {
    await someone.signIn('guizhu-gly', password);
    expect((await someone.get('/')).statusCode).toBe(200);
    directory.disabled.add('guizhu-gly');
    expect((await someone.get('/')).statusCode).toBe(303);
    directory.disabled.delete('guizhu-gly');
    expect((await someone.get('/')).statusCode).toBe(303);
  });

  test('is destroyed by signing out, which takes a form', async () => {
    await someone.signIn('guizhu-yang', password);
    const session = someone.cookies.get('management-session') ?? '';
    await someone.get('/');
    expect((await someone.post('/sign-out', {}, true)).statusCode).toBe(403);
    expect((await someone.post('/sign-out')).headers.location).toBe('/sign-in');
    someone.cookies.set('management-session', session);
    expect((await someone.get('/')).statusCode).toBe(303);
  });

  test('stays ended when it is signed out while another request of it is under way', async () => {
    await someone.signIn('guizhu-yang', password);
    const session = someone.cookies.get('management-session') ?? '';
    await someone.get('/');
    app.clock.now += 2 * minute;
    const { find } = directory;
    const [arrived, signedOut] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    directory.find = async (account) => {
      directory.find = find;
      arrived.resolve();
      await signedOut.promise;
      return find(account);
    };
    const slow = someone.get('/search');
    await arrived.promise;
    await someone.post('/sign-out');
    signedOut.resolve();
    await slow;
    someone.cookies.set('management-session', session);
    expect((await someone.get('/')).statusCode).toBe(303);
  });

  test("that is no one's, altered or unsigned opens nothing; streams and fragments are told 401", async () => {
    await someone.signIn('guizhu-yang', password);
    const signed = someone.cookies.get('management-session') ?? '';
    for (const value of ['', 'x', signed.slice(0, -2), signed.split('.')[0] ?? '']) {
      someone.cookies.set('management-session', value);
      expect((await someone.get('/')).statusCode).toBe(303);
      expect((await someone.get('/inbox/events', { accept: 'text/event-stream' })).statusCode).toBe(401);
      expect((await someone.get('/', { accept: 'application/json' })).statusCode).toBe(401);
      expect((await someone.get('/', { 'x-fragment': '1' })).statusCode).toBe(401);
    }
  });

  test('leaves no account, name or password in the log', () => {
    const log = JSON.stringify(sites.lines);
    expect(sites.lines.length).toBeGreaterThan(50);
    expect(log).not.toMatch(/guizhu|杨秀兰|password"|nobody-at-all|tab=accepted/);
  });
});
