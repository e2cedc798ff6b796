import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { agentName } from '#web/agentName.ts';
import { buildManagementSite } from '#web/managementSite.ts';
import { admin } from '../support/accountScene.ts';
import type { Visitor } from '../support/managementBrowser.ts';
import { type SignInScene, startSignIn } from '../support/signInScene.ts';

let scene: SignInScene;

beforeAll(async () => {
  scene = await startSignIn();
});
beforeEach(() => scene.demand('nobody'));
afterAll(() => scene.close());

/** What the log tells of comings and goings since a position. */
const since = async (position: number) => {
  const { eventStore } = scene.services.deps;
  const events = await eventStore.readAll(position, 100);
  return events
    .filter(({ stream }) => stream.startsWith('access-'))
    .map(({ type, data, meta }) => ({ type, data, meta }));
};
const here = () => scene.services.deps.eventStore.lastPosition();

const enrol = async (someone: Visitor) => {
  const page = await someone.get('/security/app');
  const secret = /<code class="secret">([^<]+)</.exec(page.body)?.[1] ?? '';
  await someone.post('/security/app', { code: scene.codeOf(secret) });
  scene.clock.now += 60_000;
  return secret;
};

describe('comings and goings in the log', () => {
  test('tell who came in how and from where, and who went, by one session each', async () => {
    const { account, password } = await scene.settled();
    const someone = scene.computer('192.0.2.77');
    const from = await here();
    await someone.signIn(account, password);
    await someone.get('/');
    await someone.post('/sign-out');
    const [came, went] = await since(from);
    expect(came).toMatchObject({
      type: 'SignedIn.v1',
      data: { account, method: 'password', from: { site: 'management', entry: 'page', network: '192.0.0.0/16' } },
      meta: { actor: { kind: 'staff', account } },
    });
    expect(went).toMatchObject({ type: 'SignedOut.v1', data: { account, session: came?.data['session'] } });
    expect(JSON.stringify([came, went])).not.toContain('192.0.2.77');
  });

  test('tell of the second step, and keep one name for a session whose token changes', async () => {
    const { account, password } = await scene.settled();
    const someone = scene.computer();
    await someone.signIn(account, password);
    const secret = await enrol(someone);
    const from = await here();
    const again = scene.computer();
    await again.signIn(account, password);
    const left = scene.computer();
    await left.signIn(account, password);
    await left.get('/sign-in/code');
    await left.post('/sign-out');
    expect(await since(from)).toEqual([]);
    await again.get('/sign-in/code');
    await again.post('/sign-in/code', { code: '000000' });
    await again.post('/sign-in/code', { code: scene.codeOf(secret) });
    await again.get('/security');
    await again.post('/security/sessions/end', { which: 'others' });
    const [wrong, came, revoked] = await since(from);
    expect(wrong).toMatchObject({ type: 'SignInRefused.v1', data: { account, reason: 'secondWrong' } });
    expect(came).toMatchObject({ type: 'SignedIn.v1', data: { method: 'password', second: 'totp' } });
    expect(revoked).toMatchObject({ type: 'SessionRevoked.v1', data: { account, reason: 'byOwner' } });
    expect(revoked?.data['session']).not.toBe(came?.data['session']);
  });

  test('tell of refusals, of whom only where there is such an account, and of a lock once', async () => {
    const { account } = await scene.settled();
    const from = await here();
    const guesser = scene.computer('198.51.100.77');
    for (let tries = 0; tries < 8; tries += 1) await guesser.signIn(account, 'a wrong guess');
    await scene.computer('198.51.100.78').signIn('a-secret-typed-here', 'a wrong guess');
    const told = (await since(from)).map(({ data }) => [data['account'], data['reason']]);
    const wrong = Array.from({ length: 5 }, () => [account, 'wrong']);
    expect(told).toEqual([...wrong, [account, 'locked'], [undefined, 'wrong']]);
    expect(JSON.stringify(await since(from))).not.toMatch(/a-secret-typed-here|lookup/);
    for (let n = 0; n < 20; n += 1) await scene.computer('198.51.100.78').signIn(`nobody-${n}`, 'a wrong guess');
    expect(await since(from)).toHaveLength(told.length);
  });

  test('tell of sessions that an admin ended, by a new password or as such', async () => {
    const gly = admin('520111004');
    const { account, password } = await scene.settled();
    const someone = scene.computer();
    await someone.signIn(account, password);
    const caller = {
      origin: { site: 'management', entry: 'page', network: '192.0.0.0/16', address: '192.0.2.1' },
    } as const;
    const asked = { ...caller, client: 'browser', line: '192.0.2.1', agent: '', deviceOf: () => undefined } as const;
    expect(await scene.services.signIn.endAllOf(gly, account, asked)).toEqual({ outcome: 'done', ended: 1 });
    expect((await someone.get('/')).statusCode).toBe(303);
    expect(await scene.services.signIn.endAllOf(admin('520112'), account, asked)).toMatchObject({
      outcome: 'forbidden',
    });
    await someone.signIn(account, password);
    const from = await here();
    await scene.services.accounts.resetPassword(account, scene.act(gly), false);
    await expect.poll(async () => (await someone.get('/')).statusCode).toBe(303);
    await expect
      .poll(() => since(from))
      .toMatchObject([{ type: 'SessionRevoked.v1', data: { account, reason: 'byAdmin' } }]);
  });
});

describe('cookies over TLS', () => {
  test('belong to this host alone, are sent to it alone, and are read by no script', async () => {
    const { account, password } = await scene.settled();
    const site = await buildManagementSite({
      services: scene.services,
      cookieSecret: 'a secret for tests, long enough to be taken',
      carried: { names: [], standing: () => ({}) },
      trustedProxies: ['127.0.0.1'],
    });
    const headers = { 'x-forwarded-proto': 'https', accept: 'text/html' };
    const page = await site.inject({ url: '/sign-in', headers });
    const token = /name="_csrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';
    const cookies = Object.fromEntries(page.cookies.map(({ name, value }) => [name, value]));
    const payload = new URLSearchParams({ _csrf: token, account, password }).toString();
    const form = { ...headers, 'content-type': 'application/x-www-form-urlencoded' };
    const signed = await site.inject({ method: 'POST', url: '/sign-in', headers: form, cookies, payload });
    await site.close();
    expect(signed.statusCode).toBe(303);
    expect(signed.cookies.map(({ name }) => name).toSorted()).toEqual([
      '__Host-management-device',
      '__Host-management-session',
    ]);
    for (const cookie of signed.cookies) {
      expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Strict', path: '/' });
      expect(cookie).not.toHaveProperty('domain');
    }
  });
});

describe('signing in as a program', () => {
  const post = (payload: object) =>
    scene.sites.managementSite.inject({ method: 'POST', url: '/api/v1/session', payload });

  test('takes the code in the same request, and says which is missing', async () => {
    const { account, password } = await scene.settled();
    const someone = scene.computer();
    await someone.signIn(account, password);
    const secret = await enrol(someone);
    const missing = await post({ account, password });
    expect([missing.statusCode, missing.json().type]).toEqual([401, '/problems/secondFactorDue']);
    const wrong = await post({ account, password, totp: '000000' });
    expect([wrong.statusCode, wrong.json().type]).toEqual([401, '/problems/unauthenticated']);
    const right = await post({ account, password, totp: scene.codeOf(secret) });
    expect([right.statusCode, right.json().staff.account]).toEqual([201, account]);
    const authorization = `Bearer ${right.json().token}`;
    const get = () => scene.sites.managementSite.inject({ url: '/api/v1/session', headers: { authorization } });
    expect((await get()).statusCode).toBe(200);
    await scene.sites.managementSite.inject({ method: 'DELETE', url: '/api/v1/session', headers: { authorization } });
    expect((await get()).statusCode).toBe(401);
  });

  test('is refused while a password or a second factor is still to be set', async () => {
    const { account, password } = await scene.issued();
    const first = await post({ account, password });
    expect([first.statusCode, first.json().type]).toEqual([403, '/problems/passwordChangeDue']);
    scene.demand('everyone');
    const settled = await scene.settled();
    const second = await post(settled);
    expect([second.statusCode, second.json().type]).toEqual([403, '/problems/enrolmentDue']);
    expect(second.body).not.toContain('token');
  });
});

describe('a browser in few words', () => {
  test.each([
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36',
      'Chrome · Windows',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36 Edg/141.0',
      'Edge · Windows',
    ],
    ['Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 Chrome/86.0 Safari/537.36 360SE', '360 · Windows'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 'Firefox · Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1',
      'Safari · iOS',
    ],
    ['curl/8.5.0', 'curl'],
    ['something else', ''],
    [undefined, ''],
  ])('%s is %j', (given, name) => {
    expect(agentName(given)).toBe(name);
  });
});
