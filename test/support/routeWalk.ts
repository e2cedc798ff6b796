import type { FastifyInstance } from 'fastify';
import { accountDirectory } from '#application/accountDirectory.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { seedAccounts } from '../../src/demo/seedAccounts.ts';
import { demoAccounts, demoPassword } from '../../src/demo/staff.ts';
import { startApplication } from './application.ts';
import { declarationOf } from './declarations.ts';
import { type Visitor, visitor } from './managementBrowser.ts';
import { bodyFor, formFor, neverSeen, queryFor } from './routeSamples.ts';
import type { Route } from './routes.ts';
import type { Asking } from './routeTable.ts';
import { buildSites } from './sites.ts';

/** Who comes to the management site, by the account they sign in with: none for a stranger; half in: a code is still due. */
export const roles = {
  stranger: undefined,
  unverified: 'guizhu-xinren',
  operator: 'guizhu-yang',
  neighbour: 'czy-520111005',
  admin: 'guizhu-gly',
  'admin next door': 'gly-520111005',
  'county operator': 'huaxi',
  'county admin': 'gly-520111',
  hospital: 'huaxi-yiyuan',
  'half in': 'huaxi-gly',
} as const;
type Role = keyof typeof roles;

const organisations = ['52', '5201', '520111', '520111004', '520111005', '520111-H01'];
const nobody = '018f0000-0000-7000-8000-000000000000';

/** Both sites over real organisations and accounts, with one registration, account and office to ask for. */
export const openProvince = async () => {
  const app = await startApplication(
    undefined,
    demoOrganisations(loadDivisions()).filter(({ code }) => organisations.includes(code)),
  );
  const { deps } = app.services;
  // Hashing is slow on purpose, and not what is asked about here.
  deps.signIn = { ...deps.signIn, hashPassword: async (password) => `hash of ${password}` };
  deps.staff = accountDirectory({ ...deps, verify: async (password, hash) => hash === `hash of ${password}` });
  await seedAccounts(deps, undefined, demoAccounts(organisations.map((code) => ({ code }))));
  const sites = await buildSites(app);
  const id = deps.ids();
  await app.services.applicant.submit(id, declarationOf('520111004005', 1), { commandId: deps.ids() });
  return { app, sites, id };
};

/** A route's address with what stands in it named: the registration, the account and the office that are asked for. */
export const addressOf = ({ method, path }: Route, registration: string): string => {
  const address = path
    .replace(/(?<=\/(?:registrations|ordinary)\/):id|(?<=\/records\/):kind\/:id/, (named) =>
      named === ':id' ? registration : `registration/${registration}`,
    )
    .replace(':id', nobody)
    .replace(':scan', nobody)
    .replace(/:account(?=\.|\/|$)/, 'czy-520111004')
    .replace(/:(code|office)/, '520111004')
    .replace(':locale', 'en')
    .replace(':step', 'wife')
    .replace(/:(number|certificate|parity)/, '1')
    .replace('docs/static/*', 'docs/static/swagger-ui.css')
    .replace('*', 'base.css');
  return method === 'GET' ? address + queryFor(path) : address;
};

/** What programs send with everything that changes something. */
export const programHeaders = (token: string | undefined, n: number) => ({
  'if-match': `"${neverSeen}"`,
  'idempotency-key': `a key for route ${n}`.replaceAll(' ', '-'),
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
});

type Caller = { browser: Visitor; remoteAddress: string; bearer: string | undefined };

/** Someone of a role with a device of their own, signed in on pages and for programs. */
const arrive = async (site: FastifyInstance, role: Role): Promise<Caller> => {
  const remoteAddress = `10.0.0.${Object.keys(roles).indexOf(role) + 1}`;
  const browser = visitor(site, remoteAddress);
  const account = roles[role];
  if (account === undefined) {
    await browser.get('/sign-in');
    return { browser, remoteAddress, bearer: undefined };
  }
  await browser.signIn(account, demoPassword);
  const payload = { account, password: demoPassword };
  const answer = await site.inject({ method: 'POST', url: '/api/v1/session', payload, remoteAddress });
  return { browser, remoteAddress, bearer: answer.json<{ token?: string }>().token };
};

/** What is answered: its status, or `in` where someone is sent to sign in first. */
const told = ({ statusCode, headers }: { statusCode: number; headers: Record<string, unknown> }): string =>
  statusCode === 303 && String(headers['location']).startsWith('/sign-in') ? 'in' : String(statusCode);

const ends: ReadonlySet<string> = new Set(['/api/v1/session', '/sign-out', '/sign-in/again']);

/** Asks routes in roles, with forms and bodies of which nothing comes where someone may. */
export const asking = (site: FastifyInstance, registration: string): Asking => {
  const callers = new Map<string, Caller>();
  let sent = 0;
  const answerTo = async ({ browser, remoteAddress, bearer }: Caller, route: Route) => {
    const { method, path } = route;
    const url = addressOf(route, registration);
    sent += 1;
    if (!path.startsWith('/api/v1/'))
      return method === 'GET' ? browser.get(url) : browser.post(url, formFor(path, sent));
    const headers = programHeaders(bearer, sent);
    const payload = method === 'POST' ? { payload: bodyFor(path) } : {};
    return site.inject({ method: method as 'GET', url, headers, remoteAddress, ...payload });
  };
  return {
    ready: async (role) => {
      if (!callers.has(role)) callers.set(role, await arrive(site, role as Role));
    },
    ask: async (role, route) => {
      const caller = callers.get(role);
      if (caller === undefined) throw new Error(`${role} did not come.`);
      const answer = told(await answerTo(caller, route));
      if (route.method !== 'GET' && ends.has(route.path)) callers.delete(role);
      return answer;
    },
  };
};

/** Sends a form in a session, but without the token of a page. */
export const tokenless = async (site: FastifyInstance) => {
  const { browser } = await arrive(site, 'operator');
  return async (url: string): Promise<number> => (await browser.post(url, {}, true)).statusCode;
};
