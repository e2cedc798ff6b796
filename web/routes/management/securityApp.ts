import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import type { Stage } from '#domain/account/signInStage.ts';
import { callerOf } from '../../caller.ts';
import { qrCode } from '../../certificate/qrCode.ts';
import { localOnly } from '../../localPath.ts';
import { Problem } from '../../problems.ts';
import { limitByAddress, limits } from '../../rateLimit.ts';
import { sessionIn, setToken } from './access.ts';
import { refusal } from './signIn.ts';

const form = z.object({ code: z.string().max(100), to: z.string().max(2000).optional() });
const removeForm = z.object({ proof: z.string().max(100) });
const keptForm = z.object({ to: z.string().max(2000).optional() });

const grouped = (secret: string): string => secret.replace(/(.{4})(?=.)/g, '$1 ');
const askedTo = (request: FastifyRequest): string => localOnly((request.query as { to?: unknown }).to);
const withTo = (path: string, to: string): string => (to === '/' ? path : `${path}?${new URLSearchParams({ to })}`);

type Trouble = 'wrong' | 'expired' | 'gone';

/** The app's secret as a picture and as text; the same until it is confirmed or a quarter of an hour has passed. */
const enrolmentPage = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { to, trouble }: { to: string; trouble?: Trouble },
) => {
  const open = sessionIn(request);
  const { secret, uri } = await services.signIn.beginEnrolment(open);
  const model = {
    title: request.text('security.appTitle'),
    demanded: open.stage === 'enrolment',
    qr: qrCode(uri, request.text('security.appQr')).markup,
    uri,
    secret: grouped(secret),
    to,
    ...(trouble && { trouble: request.text(`security.appFaults.${trouble}`), problemCount: 1 }),
  };
  return reply.page('management/enrolApp', model, trouble === undefined ? 200 : 400);
};

/** Who was asked for it goes on to their work; who came by themselves sees that it is done. */
const afterwards = (stage: Stage, to: string): string =>
  stage !== 'enrolment' && to === '/' ? '/security?done=app' : to;

const enrol = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const typed = form.safeParse(request.body);
  if (!typed.success) throw new Problem('invalid');
  const open = sessionIn(request);
  const to = afterwards(open.stage, localOnly(typed.data.to));
  const changed = await services.signIn.enrol(open, typed.data.code, callerOf(services, request));
  if (changed.outcome === 'refused') return enrolmentPage(services, request, reply, { to, trouble: changed.reason });
  return setToken(reply, changed.token).redirect(withTo('/security/codes', to), 303);
};

/** The new recovery codes, to be printed or written down; gone once that is done. */
const codesPage = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const codes = await services.signIn.codesToShow(sessionIn(request));
  if (codes === undefined) return reply.redirect('/security', 303);
  const { account } = sessionIn(request);
  return reply.page('management/recoveryCodes', {
    title: request.text('security.codesTitle'),
    codes,
    account,
    to: askedTo(request),
  });
};

const codesKept = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  await services.signIn.codesKept(sessionIn(request));
  const to = localOnly(keptForm.safeParse(request.body).data?.to);
  return reply.redirect(to, 303);
};

const renew = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const renewed = await services.signIn.renewCodes(sessionIn(request));
  return reply.redirect(renewed ? withTo('/security/codes', '/security') : '/security?done=gone', 303);
};

const hasApp = async ({ deps }: Services, request: FastifyRequest): Promise<boolean> =>
  (await deps.staff.account(sessionIn(request).account))?.totp !== undefined;

const removePage = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { model, status }: { model: object; status: number } = { model: {}, status: 200 },
) => {
  if (!(await hasApp(services, request))) return reply.redirect('/security?done=gone', 303);
  const title = request.text('security.appRemoveTitle');
  return reply.page('management/removeApp', { title, ...model }, status);
};

/** Whoever sits at a computer left open lacks the phone: the app is given up by a code of it, however fresh the sign-in is. */
const remove = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  if (!(await hasApp(services, request))) return removePage(services, request, reply);
  const typed = removeForm.safeParse(request.body);
  if (!typed.success) throw new Problem('invalid');
  await limitByAddress(services, limits.signIns, request);
  const proven = await services.signIn.again(sessionIn(request), typed.data.proof, callerOf(services, request));
  if (proven.outcome !== 'signedIn') return removePage(services, request, reply, refusal(proven));
  const { outcome } = await services.signIn.removeTotp(proven.session);
  return setToken(reply, proven.token).redirect(`/security?done=${outcome === 'done' ? 'appRemoved' : outcome}`, 303);
};

/** Setting up the authenticator app, its recovery codes, and giving it up. */
export const appRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/security/app', (request, reply) => enrolmentPage(services, request, reply, { to: askedTo(request) }));
  app.post('/security/app', (request, reply) => enrol(services, request, reply));
  app.get('/security/codes', (request, reply) => codesPage(services, request, reply));
  app.post('/security/codes/kept', (request, reply) => codesKept(services, request, reply));
  app.post('/security/codes/new', (request, reply) => renew(services, request, reply));
  app.get('/security/app/remove', (request, reply) => removePage(services, request, reply));
  app.post('/security/app/remove', (request, reply) => remove(services, request, reply));
};
