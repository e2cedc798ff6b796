import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedAccounts } from '../../src/demo/seedAccounts.ts';
import { demoAccounts, demoPassword } from '../../src/demo/staff.ts';
import { type AccountScene, personNumbered, startAccounts } from '../support/accountScene.ts';
import { apiCaller } from '../support/apiCaller.ts';
import { buildSites, type Sites } from '../support/sites.ts';

const township = '520111004';

let scene: AccountScene;
let sites: Sites;
beforeAll(async () => {
  scene = await startAccounts('2026-11-24T02:00:00Z');
  await seedAccounts(scene.services.deps, undefined, demoAccounts([{ code: '520111' }, { code: township }]));
  sites = await buildSites(scene);
});
afterAll(async () => {
  await sites.close();
  await scene.stop();
});

const { call, signedIn: signIn } = apiCaller(() => sites.managementSite, '/api/v1/accounts');
const signedIn = (account: string) => signIn(account, demoPassword);

const someone = (number: number) => ({ office: township, role: 'operator', details: personNumbered(number) });

describe('accounts for programs', () => {
  test('register someone once per key, checked, and carry them to where they can work', async () => {
    const token = await signedIn('guizhu-gly');
    const key = randomUUID();
    const payload = { ...someone(1), grants: [{ authorisation: 'review', until: '2026-12-31' }] };
    const made = await call('POST', '', { token, payload, key });
    expect(made.statusCode).toBe(201);
    const account = made.json<{ account: string }>().account;
    expect(made.headers.location).toBe(`/api/v1/accounts/${account}`);
    expect(made.json()).toMatchObject({ standing: 'unverified', identity: { matches: true }, password: 'none' });
    const again = await call('POST', '', { token, payload, key });
    expect(again.json()).toMatchObject({ account });
    const act = async (name: string, body: object) => {
      const { etag } = (await call('GET', `/${account}`, { token })).headers;
      return call('POST', `/${account}/${name}`, { token, payload: body, match: etag });
    };
    expect((await act('confirm', { basis: 'inPerson' })).json()).toMatchObject({
      standing: 'verified',
      inForce: ['review'],
    });
    const issued = await act('password', {});
    expect(issued.json<{ password: string }>().password).toMatch(/^[\dA-Z-]{16,}$/);
    await act('grants', { grant: [{ authorisation: 'register' }], withdraw: ['review'] });
    expect(await scene.staff.find(account)).toMatchObject({ verified: true, authorisations: ['register'] });
    expect((await act('disable', { reason: '借调' })).json()).toMatchObject({ standing: 'disabled' });
    expect((await act('enable', {})).json()).toMatchObject({ standing: 'verified' });
    expect((await act('close', { reason: '调离' })).json()).toMatchObject({ standing: 'closed', grants: [] });
    const history = (await call('GET', `/${account}/history`, { token })).json<{ events: { type: string }[] }>();
    expect(history.events.map(({ type }) => type)).toEqual([
      'AccountRegistered',
      'AuthorisationGranted',
      'IdentityChecked',
      'IdentityConfirmed',
      'PasswordIssued',
      'AuthorisationGranted',
      'AuthorisationWithdrawn',
      'AccountDisabled',
      'AccountEnabled',
      'AccountClosed',
    ]);
    expect(JSON.stringify(history)).not.toContain('hash of');
  });

  test('say what is wrong with which field, who has the person, and what was changed since', async () => {
    const token = await signedIn('guizhu-gly');
    const garbled = { ...someone(2), details: { ...personNumbered(2), mobile: '12' } };
    const invalid = await call('POST', '', { token, payload: garbled, key: randomUUID() });
    expect([invalid.statusCode, invalid.json()]).toMatchObject([
      400,
      { errors: [{ field: 'mobile', code: 'garbled', message: '手机号码应为 11 位，请核对' }] },
    ]);
    await call('POST', '', { token, payload: someone(3), key: randomUUID() });
    const county = await signedIn('gly-520111');
    const held = { ...someone(3), office: '520111' };
    const answer = await call('POST', '', { token: county, payload: held, key: randomUUID() });
    expect([answer.statusCode, answer.json()]).toMatchObject([409, { office: { code: township } }]);
    const old = await call('POST', '/guizhu-wu/disable', { token, payload: { reason: '借调' }, match: '"0"' });
    expect(old.statusCode).toBe(412);
    expect((await call('POST', '/guizhu-wu/disable', { token, payload: { reason: '借调' } })).statusCode).toBe(428);
    expect((await call('POST', '', { token, payload: someone(4) })).statusCode).toBe(400);
  });

  test('list and find people for admins, and no one else', async () => {
    const [gly, yang] = [await signedIn('guizhu-gly'), await signedIn('guizhu-yang')];
    const page = (await call('GET', '?limit=2', { token: gly })).json<{ accounts: object[]; next: string }>();
    expect(page.accounts.length).toBe(2);
    const rest = await call('GET', `?after=${encodeURIComponent(page.next)}`, { token: gly });
    expect(rest.json<{ accounts: object[] }>().accounts.length).toBeGreaterThan(4);
    const found = await call('POST', '/search', { token: gly, payload: { text: '杨秀兰' } });
    expect(found.json()).toMatchObject({ accounts: [{ account: 'guizhu-yang' }] });
    expect((await call('GET', '', { token: yang })).statusCode).toBe(403);
    expect((await call('GET', '/guizhu-wu', { token: yang })).statusCode).toBe(403);
    expect((await call('GET', '/guizhu-yang', { token: yang })).statusCode).toBe(200);
  });

  test('serve nobody themselves, and nobody who is not verified', async () => {
    const gly = await signedIn('guizhu-gly');
    const { etag } = (await call('GET', '/guizhu-gly', { token: gly })).headers;
    const own = { token: gly, payload: { grant: [{ authorisation: 'review' }] }, match: etag };
    expect((await call('POST', '/guizhu-gly/grants', own)).statusCode).toBe(403);
    const token = await signedIn('guizhu-xinren');
    expect((await call('GET', '/guizhu-xinren', { token })).json()).toMatchObject({ standing: 'unverified' });
    expect((await call('GET', '', { token })).statusCode).toBe(403);
  });
});
