import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Staff } from '#application/actor.ts';
import type { Services } from '#application/services.ts';
import type { SignInOutcome } from '#application/signIn.ts';
import type { OpenSession } from '#application/signInSessions.ts';
import { callerOf } from '../caller.ts';
import { originOf } from '../origin.ts';
import { Problem } from '../problems.ts';
import { limitByAddress, limits } from '../rateLimit.ts';
import { dueSteps } from '../routes/management/access.ts';
import { statedReason } from './accessReason.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { bearerOf } from './holder.ts';
import { problems, staffSchema } from './schemas.ts';

/** The session of a request's bearer token. Throws `unauthenticated`, or what the session still lacks. */
const bearerSession = async (services: Services, request: FastifyRequest): Promise<OpenSession> => {
  const session = await services.signIn.sessions.open(bearerOf(request));
  if (session === undefined) throw new Problem('unauthenticated');
  if (session.stage !== 'full') throw new Problem(dueSteps[session.stage].problem);
  return session;
};

/** Who is signed in under a request's bearer token. Throws as `bearerSession`. */
export const bearerStaff = async (services: Services, request: FastifyRequest): Promise<Staff> => {
  const { staff } = await bearerSession(services, request);
  const stated = statedReason(request);
  return { ...staff, from: originOf(request, 'management'), ...(stated && { stated }) };
};

const shown = ({ person: _, from: __, stated: ___, authorisations, ...staff }: Staff) => ({
  ...staff,
  authorisations: [...authorisations],
});

const url = '/api/v1/session';

const signedIn = (signed: SignInOutcome) => {
  if (signed.outcome === 'refused') throw new Problem('unauthenticated');
  if (signed.outcome === 'locked') throw new Problem('tooMany', { more: { minutes: signed.minutes } });
  return signed;
};

const beginning = (api: Api, services: Services): void => {
  const schema = {
    summary: '登录 · Sign in',
    body: z.object({
      account: z.string().min(1).max(100),
      password: z.string().min(1).max(1024),
      totp: z.string().max(100).optional(),
    }),
    response: { 201: z.object({ token: z.string(), staff: staffSchema }), ...problems(400, 401, 403, 429) },
  };
  api.post(url, { schema }, async (request, reply) => {
    const { account, password, totp } = request.body;
    const caller = callerOf(services, request);
    await limitByAddress(services, limits.signIns, request);
    const meant = (await services.deps.staff.identify(account)) ?? account.trim().toLowerCase();
    const first = signedIn(await services.signIn.byPassword(meant, password, caller));
    const asksCode = first.session.stage === 'secondFactor' && totp !== undefined;
    const { token, session } = asksCode ? signedIn(await services.signIn.byCode(first.session, totp, caller)) : first;
    if (session.stage !== 'full') {
      await services.signIn.out(session, caller);
      throw new Problem(dueSteps[session.stage].problem);
    }
    reply.code(201);
    return { token, staff: shown(session.staff) };
  });
};

const ending = (api: Api, services: Services): void => {
  const response = { 204: z.null(), ...problems(401) };
  const schema = { summary: '退出 · Sign out', security: withBearer, response };
  api.delete(url, { schema }, async (request, reply) => {
    await services.signIn.out(await bearerSession(services, request), callerOf(services, request));
    return reply.code(204).send(null);
  });
};

/** Signing in and out for programs: the same sessions as the pages', as bearer tokens. */
export const sessionApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  beginning(api, services);
  ending(api, services);
  const response = { 200: staffSchema, ...problems(401) };
  const schema = { summary: '当前用户 · Who is signed in', security: withBearer, response };
  api.get(url, { schema }, async (request) => shown(await bearerStaff(services, request)));
};
