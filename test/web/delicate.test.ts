import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Visitor } from '../support/managementBrowser.ts';
import type { Route } from '../support/routes.ts';
import { nameOf, walkedRoutes } from '../support/routeTable.ts';
import { type SignInScene, startSignIn } from '../support/signInScene.ts';

const minute = 60_000;
let scene: SignInScene;
let gly: { account: string; password: string };

beforeAll(async () => {
  scene = await startSignIn();
  gly = await scene.settled('admin');
});
beforeEach(() => scene.demand('nobody'));
afterAll(() => scene.close());

const api = (method: 'GET' | 'POST', url: string, token: string, payload?: object) =>
  scene.sites.managementSite.inject({
    method,
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${token}` },
    ...(payload && { payload }),
  });

const program = async (): Promise<string> => (await api('POST', '/session', '', gly)).json<{ token: string }>().token;

const browser = async (): Promise<Visitor> => {
  const someone = scene.computer();
  await someone.signIn(gly.account, gly.password);
  return someone;
};

/** All that asks for a recent proof, apart from one’s own security. */
const delicate = [
  'GET /api/v1/audit/accounts/:account/trail',
  'GET /api/v1/audit/offices/:office/trail',
  'GET /api/v1/audit/records/:kind/:id',
  'GET /api/v1/roster/:id/passwords',
  'GET /api/v1/roster/people',
  'GET /audit/accounts/:account.csv',
  'GET /audit/accounts/:account.xlsx',
  'GET /audit/offices/:code/trail.csv',
  'GET /audit/offices/:code/trail.xlsx',
  'GET /audit/records/:kind/:id/trail.csv',
  'GET /audit/records/:kind/:id/trail.xlsx',
  'GET /organisations/:code/merge',
  'GET /organisations/:code/merge/check',
  'GET /organisations/:code/move',
  'GET /organisations/:code/move/check',
  'GET /people/:account/change',
  'GET /people/:account/close',
  'GET /people/:account/grants',
  'GET /people/:account/password',
  'GET /people/new',
  'GET /people/roster',
  'GET /people/roster/:id/faulty.xlsx',
  'GET /people/roster/:id/passwords',
  'GET /people/roster/:id/passwords.xlsx',
  'GET /people/roster/people.csv',
  'GET /people/roster/people.xlsx',
  'GET /registrations/:id/revoke',
  'GET /registrations/:id/revoke/check',
  'GET /stock/:office/:parity/confirm-disposal',
  'GET /stock/:office/:parity/destroy',
  'GET /stock/:office/:parity/print-run',
  'GET /stock/:office/:parity/write-off',
  'POST /api/v1/accounts',
  'POST /api/v1/accounts/:account/change',
  'POST /api/v1/accounts/:account/close',
  'POST /api/v1/accounts/:account/confirm',
  'POST /api/v1/accounts/:account/enable',
  'POST /api/v1/accounts/:account/grants',
  'POST /api/v1/accounts/:account/password',
  'POST /api/v1/organisations/:code/merge',
  'POST /api/v1/organisations/:code/move',
  'POST /api/v1/registrations/:id/revoke',
  'POST /api/v1/roster',
  'POST /api/v1/roster/:id/confirm',
  'POST /api/v1/stock/:office/:parity/approve-disposal',
  'POST /api/v1/stock/:office/:parity/destroy',
  'POST /api/v1/stock/:office/:parity/print-run',
  'POST /api/v1/stock/:office/:parity/write-off',
  'POST /organisations/:code/merge',
  'POST /organisations/:code/move',
  'POST /people/:account/change',
  'POST /people/:account/close',
  'POST /people/:account/confirm',
  'POST /people/:account/enable',
  'POST /people/:account/grants',
  'POST /people/:account/password',
  'POST /people/new',
  'POST /people/roster',
  'POST /people/roster/:id/confirm',
  'POST /registrations/:id/revoke',
  'POST /stock/:office/:parity/confirm-disposal',
  'POST /stock/:office/:parity/destroy',
  'POST /stock/:office/:parity/print-run',
  'POST /stock/:office/:parity/write-off',
];

const isProofAsked = async (someone: Visitor, token: string, { method, path }: Route): Promise<boolean> => {
  const url = path.replace(/:(\w+)/g, '520111004');
  if (path.startsWith('/api/')) {
    const answer = await api(method as 'GET', url.slice('/api/v1'.length), token);
    return answer.json<{ type?: string }>().type === '/problems/proofDue';
  }
  const answer = await (method === 'GET' ? someone.get(url) : someone.post(url));
  return String(answer.headers.location).startsWith('/sign-in/again');
};

describe('what is delicate', () => {
  test('asks on pages and in the API alike for a proof that is not old, and nothing else does', async () => {
    const [someone, token] = [await browser(), await program()];
    await someone.get('/people');
    scene.clock.now += 29 * minute;
    await someone.get('/people');
    await api('GET', '/session', token);
    scene.clock.now += 2 * minute;
    const asked: string[] = [];
    for (const route of await walkedRoutes(scene.sites.managementSite)) {
      if (/^\/(?:sign-|security)|session/.test(route.path)) continue;
      if (await isProofAsked(someone, token, route)) asked.push(nameOf(route));
    }
    expect(asked.toSorted()).toEqual(delicate);
  });

  test('is there again for a program that proves who it is, under another token', async () => {
    const token = await program();
    scene.clock.now += 11 * minute;
    const late = await api('GET', '/roster/people', token);
    expect(late.statusCode).toBe(403);
    expect((await api('POST', '/session/proof', token, { proof: 'not this one' })).statusCode).toBe(401);
    const proven = await api('POST', '/session/proof', token, { proof: gly.password });
    expect(proven.statusCode).toBe(201);
    expect((await api('GET', '/roster/people', proven.json<{ token: string }>().token)).statusCode).toBe(200);
    expect((await api('GET', '/session', token)).statusCode).toBe(401);
  });
});

describe('the token of a session', () => {
  test('is no bearer token where a browser has it in its cookie', async () => {
    const someone = await browser();
    const token = String(someone.cookies.get('management-session')).split('.').slice(0, 3).join('.');
    expect((await someone.get('/people')).statusCode).toBe(200);
    expect((await api('GET', '/session', token)).statusCode).toBe(401);
  });

  test('opens no page where a program has it', async () => {
    const token = await program();
    const someone = scene.computer();
    someone.cookies.set('management-session', scene.sites.managementSite.signCookie(token));
    expect((await api('GET', '/session', token)).statusCode).toBe(200);
    expect((await someone.get('/people')).headers.location).toMatch(/^\/sign-in\?/);
  });
});
