import type { FastifyInstance } from 'fastify';
import type { Running } from './application.ts';
import { declarationOf } from './declarations.ts';
import { bodyFor, formFor } from './routeSamples.ts';
import type { Route } from './routes.ts';
import { type Asking, walkedRoutes } from './routeTable.ts';
import { addressOf, programHeaders } from './routeWalk.ts';
import { type Visitor, visitorOf } from './visitor.ts';

/** Who comes to the public site: anyone, and a couple who opened their registration by query code and name. */
export const visitors = ['stranger', 'couple'] as const;

type Caller = { browser: Visitor; bearer: string | undefined };

// After these nothing is open in the browser.
const closes: ReadonlySet<string> = new Set(['/close', '/registration/withdraw']);

/** Someone with a device of their own; the couple have opened their registration on pages and for programs. */
const arrive = async (site: FastifyInstance, who: string, queryCode: string): Promise<Caller> => {
  const browser = visitorOf(site, who === 'couple' ? '192.0.2.7' : '192.0.2.8');
  await browser.get('/lookup');
  if (who === 'stranger') return { browser, bearer: undefined };
  const { name } = declarationOf('520111004005', 1).wife;
  await browser.post('/lookup', { code: queryCode, name });
  const payload = { queryCode, name };
  const answer = await site.inject({ method: 'POST', url: '/api/v1/registrations/open', payload });
  return { browser, bearer: answer.json<{ token: string }>().token };
};

/** Asks routes of the public site as a stranger and as the couple; what was closed is opened again. */
export const askingInPublic = (site: FastifyInstance, { services }: Running, registration: string): Asking => {
  const callers = new Map<string, Caller>();
  let sent = 0;
  const answerTo = async ({ browser, bearer }: Caller, route: Route) => {
    const { method, path } = route;
    const url = addressOf(route, registration);
    sent += 1;
    if (!path.startsWith('/api/v1/'))
      return method === 'GET' ? browser.get(url) : browser.post(url, formFor(path, sent));
    const payload = method === 'GET' ? {} : { payload: bodyFor(path) };
    return site.inject({ method: method as 'GET', url, headers: programHeaders(bearer, sent), ...payload });
  };
  const queryCode = services.applicant.queryCode(registration);
  return {
    ready: async (who) => {
      if (!callers.has(who)) callers.set(who, await arrive(site, who, queryCode));
    },
    ask: async (who, route) => {
      const caller = callers.get(who);
      if (caller === undefined) throw new Error(`${who} did not come.`);
      const { statusCode, headers } = await answerTo(caller, route);
      if (route.method !== 'GET' && closes.has(route.path)) callers.delete(who);
      const asksToOpen = statusCode === 303 && String(headers.location).startsWith('/lookup?ended');
      return asksToOpen ? 'open' : String(statusCode);
    },
  };
};

/** The routes of a site that take forms of its pages. */
export const formsOf = async (site: FastifyInstance): Promise<readonly Route[]> =>
  (await walkedRoutes(site)).filter(({ method, path }) => method === 'POST' && !path.startsWith('/api/'));
