import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Staff } from '#application/actor.ts';
import { authorise } from '#application/authorise.ts';
import { officesBelow } from '#application/offices.ts';
import type { Services } from '#application/services.ts';
import { cookieOptions, signedCookie } from '../../cookies.ts';
import { originOf } from '../../origin.ts';
import { Problem } from '../../problems.ts';
import { sessionStaff } from '../../sessions.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in on the management site. */
    staff: Staff | undefined;
  }
}

/** The style sheets of this site's pages. */
export const styles = ['list', 'table', 'case', 'decision'].map((part) => `management-${part}.css`);
const cookieName = 'management-session';

/** The session's token in a request's signed cookie, where it has one. */
export const tokenOf = (request: FastifyRequest): string | undefined => signedCookie(request, cookieName);

const options = { ...cookieOptions, signed: true, sameSite: 'strict' } as const;

/** Gives the browser a session, or takes it away. */
export const setToken = (reply: FastifyReply, token: string | undefined): FastifyReply =>
  token === undefined ? reply.clearCookie(cookieName, options) : reply.setCookie(cookieName, token, options);

/** Whether staff have a workbench of their own: who decides there, and who reads at an office with none below it. */
export const hasWorkbench = ({ deps }: Services, staff: Staff): boolean => {
  const decides = staff.authorisations.some((one) => one === 'review' || one === 'register');
  return decides || (mayRead({ deps }, staff) && officesBelow(deps.offices, staff.office).length === 0);
};

/** Whether staff may read registrations of an office (their own where none is named). */
export const mayRead = ({ deps }: Pick<Services, 'deps'>, staff: Staff, office = staff.office): boolean =>
  authorise(staff, { act: 'listInbox', office }, deps.offices).outcome === 'allowed';

const navOf = (services: Services, staff: Staff, path: string) => {
  const reads = mayRead(services, staff);
  const below = reads && officesBelow(services.deps.offices, staff.office).length > 0;
  const entries = [
    { href: '/', label: 'workbench.nav', shown: hasWorkbench(services, staff) },
    { href: '/offices', label: 'offices.nav', shown: below },
    { href: '/search', label: 'search.nav', shown: reads },
  ];
  const current = (href: string) => (href === '/' ? path === '/' : path.startsWith(href));
  return entries.filter(({ shown }) => shown).map(({ href, label }) => ({ href, label, current: current(href) }));
};

/** Pages refresh themselves without that counting as use of the session. */
const isBackground = (request: FastifyRequest) => request.headers['x-background'] === '1';

/** Finds out for every request who is signed in, and shows them in the head of every page. */
export const recogniseStaff = (app: FastifyInstance, services: Services): void => {
  app.decorateRequest('staff', undefined);
  app.addHook('onRequest', async (request) => {
    request.common = { ...request.common, styles };
    const token = request.url.startsWith('/assets/') ? undefined : tokenOf(request);
    if (token === undefined) return;
    const staff = await sessionStaff(services, token, { background: isBackground(request) });
    if (staff === undefined) return;
    const [path = '/'] = request.url.split('?');
    request.staff = { ...staff, from: originOf(request, 'management') };
    request.common = {
      ...request.common,
      staff: { name: staff.name, officeName: services.deps.offices.find(staff.office)?.name ?? staff.office },
      nav: navOf(services, staff, path),
    };
  });
};

const wantsPage = ({ headers }: FastifyRequest) =>
  headers['x-fragment'] === undefined && /text\/html|^\*\/\*$|^$/.test(headers.accept ?? '');

/** Sends who is not signed in to the sign-in page and back later; streams, fragments and programs get 401. */
export const requireStaff = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
  if (request.staff !== undefined) return undefined;
  if (!wantsPage(request)) throw new Problem('unauthenticated');
  const reading = request.method === 'GET' || request.method === 'HEAD';
  const to = reading ? request.url : request.url.replace(/^(\/registrations\/[^/?]+).*$/, '$1');
  const asked = new URLSearchParams({ to, ...(reading ? {} : { ended: '1' }) });
  return reply.redirect(`/sign-in?${asked}`, 303);
};

/** The registration that an address names. */
export const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;

/** Who is signed in; only for routes behind `requireStaff`. */
export const staffOf = (request: FastifyRequest): Staff => {
  if (request.staff === undefined) throw new Problem('unauthenticated');
  return request.staff;
};
