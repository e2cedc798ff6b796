import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Staff } from '#application/actor.ts';
import { authorise, entersFor } from '#application/authorise.ts';
import { officesBelow } from '#application/offices.ts';
import type { Services } from '#application/services.ts';
import type { OpenSession } from '#application/signInSessions.ts';
import type { Due, Stage } from '#domain/account/signInStage.ts';
import { cookieName, cookieOptions, signedCookie } from '../../cookies.ts';
import { originOf } from '../../origin.ts';
import { Problem, type ProblemKey } from '../../problems.ts';
import { formPage } from './formPage.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The session on the management site that a request belongs to, whatever it still lacks. */
    session: OpenSession | undefined;
    /** Who is signed in there, with nothing lacking. */
    staff: Staff | undefined;
  }
}

/** The style sheets of this site's pages. */
const styles = [
  'list',
  'table',
  'case',
  'correction',
  'decision',
  'audit',
  'security',
  'organisation',
  'roster',
  'people',
  'stock',
  'scans',
  'institution',
  'on-site',
].map((part) => `management-${part}.css`);
const sessionCookie = 'management-session';

/** The session's token in a request's signed cookie, where it has one. */
export const tokenOf = (request: FastifyRequest): string | undefined =>
  signedCookie(request, cookieName(request, sessionCookie));

const options = { ...cookieOptions, signed: true, sameSite: 'strict' } as const;

/** Gives the browser a session, or takes it away. */
export const setToken = (reply: FastifyReply, token: string | undefined): FastifyReply => {
  const name = cookieName(reply.request, sessionCookie);
  return token === undefined ? reply.clearCookie(name, options) : reply.setCookie(name, token, options);
};

/** Whether staff have a workbench of their own: who decides there, and who reads where decisions are made with none below. */
export const hasWorkbench = ({ deps }: Services, staff: Staff): boolean => {
  const decides =
    staff.verified &&
    staff.role === 'operator' &&
    staff.authorisations.some((one) => one === 'review' || one === 'register');
  const { offices } = deps;
  return decides || (mayRead({ deps }, staff) && offices.registers(staff.office) && !hasBelow({ deps }, staff));
};

/** Whether staff have offices below their own, of whose work they can see the numbers. */
export const hasBelow = ({ deps }: Pick<Services, 'deps'>, { office }: Staff): boolean =>
  officesBelow(deps.offices, office).length > 0;

/** Whether staff may read registrations of an office (their own where none is named). */
export const mayRead = ({ deps }: Pick<Services, 'deps'>, staff: Staff, office = staff.office): boolean =>
  authorise(staff, { act: 'listInbox', office }, deps.offices).outcome === 'allowed';

/** Whether staff may see the stock of certificates at their own office. */
export const seesStock = ({ deps }: Services, staff: Staff): boolean =>
  staff.verified && authorise(staff, { act: 'seeStock', office: staff.office }, deps.offices).outcome === 'allowed';

/** Whether staff may issue ordinary certificates at their own counter. */
export const mayIssueOrdinary = ({ deps }: Pick<Services, 'deps'>, staff: Staff): boolean => {
  const office = deps.offices.current(staff.office);
  return authorise(staff, { act: 'issueOrdinary', office, people: [] }, deps.offices).outcome === 'allowed';
};

/** Whether staff may enter registrations in a couple's presence, at their office or for the township above their committee. */
export const mayEnterOnSite = ({ deps }: Pick<Services, 'deps'>, staff: Staff): boolean => {
  const asked = { act: 'enterOnSite', office: entersFor(staff, deps.offices), people: [] } as const;
  return staff.verified && authorise(staff, asked, deps.offices).outcome === 'allowed';
};

const navOf = (services: Services, staff: Staff, path: string) => {
  const reads = mayRead(services, staff);
  const below = reads && hasBelow(services, staff);
  const entries = [
    { href: '/', label: 'workbench.nav', shown: hasWorkbench(services, staff) },
    { href: '/on-site', label: 'onSite.nav', shown: mayEnterOnSite(services, staff) },
    { href: '/institution', label: 'institution.nav', shown: services.institutions.mayCheck(staff) },
    { href: '/offices', label: 'offices.nav', shown: below },
    { href: '/search', label: 'search.nav', shown: reads },
    { href: '/ordinary', label: 'ordinary.nav', shown: mayIssueOrdinary(services, staff) },
    { href: '/stock', label: 'stock.nav', shown: seesStock(services, staff) },
    { href: '/people', label: 'people.nav', shown: services.accounts.maySee(staff) },
    { href: '/organisations', label: 'organisations.nav', shown: staff.role === 'admin' && staff.verified },
    { href: '/audit', label: 'audit.nav', shown: services.audit.mayReadTrail(staff) },
    { href: '/me', label: 'people.own.nav', shown: true },
  ];
  const at = path.startsWith('/shipments/') ? '/stock' : path;
  const current = (href: string) => (href === '/' ? at === '/' : at.startsWith(href));
  return entries.filter(({ shown }) => shown).map(({ href, label }) => ({ href, label, current: current(href) }));
};

/** Where an admin fills in their organisation's record, as long as it is incomplete (O2). */
const recordDue = ({ deps }: Services, staff: Staff): string | undefined => {
  const office = deps.offices.find(staff.office);
  if (office === undefined || office.complete) return undefined;
  const allowed = authorise(staff, { act: 'completeRecord', office: office.code }, deps.offices);
  return allowed.outcome === 'allowed' ? `/organisations/${office.code}/record` : undefined;
};

/** Pages refresh themselves without that counting as use of the session. */
const isBackground = (request: FastifyRequest) => request.headers['x-background'] === '1';

/** In how many seconds the session of a request ends if nothing more is done in it. */
export const secondsLeft = ({ deps }: Services, { session }: FastifyRequest): number =>
  session === undefined ? 0 : Math.max(0, Math.floor((session.endsAt - deps.clock()) / 1000));

/** Finds out for every request who is signed in, and shows them in the head of every page. */
export const recogniseStaff = (app: FastifyInstance, services: Services): void => {
  app.decorateRequest('session', undefined);
  app.decorateRequest('staff', undefined);
  app.addHook('onRequest', async (request) => {
    request.common = { ...request.common, styles };
    const token = request.url.startsWith('/assets/') ? undefined : tokenOf(request);
    if (token === undefined) return;
    const session = await services.signIn.sessions.open(token, 'browser', { background: isBackground(request) });
    if (session === undefined) return;
    const staff = { ...session.staff, from: originOf(request, 'management') };
    request.session = { ...session, staff };
    if (session.stage !== 'full') return;
    const [path = '/'] = request.url.split('?');
    request.staff = staff;
    request.common = {
      ...request.common,
      staff: { name: staff.name, officeName: services.deps.offices.find(staff.office)?.name ?? staff.office },
      nav: navOf(services, staff, path),
      mayAudit: services.audit.mayReadTrail(staff),
      sessionEndsIn: secondsLeft(services, request),
      recordDue: recordDue(services, staff),
    };
  });
};

/** Whether a browser asks for a page, and can be led to another one. */
export const wantsPage = ({ headers }: FastifyRequest) =>
  headers['x-fragment'] === undefined && /text\/html|^\*\/\*$|^$/.test(headers.accept ?? '');

/** What a session lacks: the page where it is made good, and the problem that programs are told. */
export const dueSteps = {
  secondFactor: { path: '/sign-in/code', problem: 'secondFactorDue' },
  newPassword: { path: '/sign-in/new-password', problem: 'passwordChangeDue' },
  enrolment: { path: '/security/app', problem: 'enrolmentDue' },
} as const satisfies Record<Due, { path: string; problem: ProblemKey }>;

/** Where to go from a stage of signing in: to what is still due, then to the page that was asked for. */
export const nextPath = (stage: Stage, to: string): string =>
  stage === 'full' ? to : `${dueSteps[stage].path}?${new URLSearchParams({ to })}`;

const dueOf = ({ session }: FastifyRequest): Due | undefined =>
  session === undefined || session.stage === 'full' ? undefined : session.stage;

/** Leads to the sign-in, or to what it still lacks, and from there on; `ended`: what became of a form that was sent. */
export const askToSignIn = (
  request: FastifyRequest,
  reply: FastifyReply,
  to: string,
  ended?: '1' | 'kept',
): FastifyReply => {
  const due = dueOf(request);
  if (due !== undefined) return reply.redirect(nextPath(due, to), 303);
  return reply.redirect(`/sign-in?${new URLSearchParams({ to, ...(ended && { ended }) })}`, 303);
};

/** Sends who is not signed in to the sign-in page and back later; programs get a problem, a form is left to `keepForms`. */
export const requireStaff = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
  if (request.staff !== undefined) return undefined;
  const due = dueOf(request);
  if (!wantsPage(request)) throw new Problem(due === undefined ? 'unauthenticated' : dueSteps[due].problem);
  if (formPage(request) !== undefined) return undefined;
  const reading = request.method === 'GET' || request.method === 'HEAD';
  return askToSignIn(request, reply, request.url, reading ? undefined : '1');
};

/** Asks again who sits there, and leads on to a page. */
export const askForProof = (reply: FastifyReply, to: string): FastifyReply =>
  reply.redirect(`/sign-in/again?${new URLSearchParams({ to })}`, 303);

/** The session of a request; only for routes behind a hook that demands one. */
export const sessionIn = (request: FastifyRequest): OpenSession => {
  if (request.session === undefined) throw new Problem('unauthenticated');
  return request.session;
};

/** The registration that an address names. */
export const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;

/** Who is signed in; only for routes behind `requireStaff`. */
export const staffOf = (request: FastifyRequest): Staff => {
  if (request.staff === undefined) throw new Problem('unauthenticated');
  return request.staff;
};
