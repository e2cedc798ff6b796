import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Staff } from '#application/actor.ts';
import type { Services } from '#application/services.ts';
import type { SignInOutcome } from '#application/signIn.ts';
import type { OpenSession } from '#application/signInSessions.ts';
import { callerOf } from '../caller.ts';
import { originOf } from '../origin.ts';
import { Problem } from '../problems.ts';
import { limitByAddress, limitFiles, limits } from '../rateLimit.ts';
import { dueSteps } from '../routes/management/access.ts';
import { statedReason } from './accessReason.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { bearerOf } from './holder.ts';
import { problems, staffSchema } from './schemas.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The session of a request's bearer token, on routes that say that they take one. */
    bearer: OpenSession | undefined;
  }
}

const url = '/api/v1/session';

/** All that there is for whoever is not verified yet: who they are, and their own account (O4). */
const open: ReadonlySet<string> = new Set([url, '/api/v1/accounts/:account', '/api/v1/accounts/:account/history']);

/**
 * Lets nobody in without a bearer token on routes that take one, before anything else of a request is looked at. Throws
 * `unauthenticated`, what the session still lacks, or `forbidden` for who is not verified.
 */
export const requireBearer = (app: FastifyInstance, services: Services): void => {
  app.decorateRequest('bearer', undefined);
  app.addHook('onRequest', async (request) => {
    const { schema, url: route = '' } = request.routeOptions;
    if (schema?.security === undefined) return;
    const session = await services.signIn.sessions.open(bearerOf(request), 'program');
    if (session === undefined) throw new Problem('unauthenticated');
    if (session.stage !== 'full') throw new Problem(dueSteps[session.stage].problem);
    if (!session.staff.verified && !open.has(route)) throw new Problem('forbidden');
    await limitFiles(services, request, session.account);
    request.bearer = session;
  });
};

const bearerSession = ({ bearer }: FastifyRequest): OpenSession => {
  if (bearer === undefined) throw new Problem('unauthenticated');
  return bearer;
};

/** Who is signed in under a request's bearer token. Throws `unauthenticated` on a route that does not say it takes one. */
export const bearerStaff = (request: FastifyRequest): Staff => {
  const { staff } = bearerSession(request);
  const stated = statedReason(request);
  return { ...staff, from: originOf(request, 'management'), ...(stated && { stated }) };
};

const shown = ({ person: _, from: __, stated: ___, authorisations, ...staff }: Staff) => ({
  ...staff,
  authorisations: [...authorisations],
});

const signedIn = (signed: SignInOutcome) => {
  if (signed.outcome === 'refused') throw new Problem('unauthenticated');
  if (signed.outcome === 'locked') throw new Problem('tooMany', { more: { minutes: signed.minutes } });
  return signed;
};

const tokenSchema = z.object({ token: z.string(), staff: staffSchema });

const beginning = (api: Api, services: Services): void => {
  const schema = {
    summary: '登录 · Sign in',
    body: z.object({
      account: z.string().min(1).max(100),
      password: z.string().min(1).max(1024),
      totp: z.string().max(100).optional(),
    }),
    response: { 201: tokenSchema, ...problems(400, 401, 403, 429) },
  };
  api.post(url, { schema }, async (request, reply) => {
    const { account, password, totp } = request.body;
    const caller = callerOf(services, request, 'program');
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

const proving = (api: Api, services: Services): void => {
  const schema = {
    summary:
      '再次验证身份 · Prove again who you are, before what is delicate; another token takes the place of this one',
    security: withBearer,
    body: z.object({
      proof: z.string().min(1).max(1024).meta({ description: 'the app’s code; without an app the password' }),
    }),
    response: { 201: tokenSchema, ...problems(400, 401, 429) },
  };
  api.post(`${url}/proof`, { schema }, async (request, reply) => {
    const session = bearerSession(request);
    await limitByAddress(services, limits.signIns, request);
    const caller = callerOf(services, request, 'program');
    const signed = signedIn(await services.signIn.again(session, request.body.proof, caller));
    reply.code(201);
    return { token: signed.token, staff: shown(signed.session.staff) };
  });
};

const ending = (api: Api, services: Services): void => {
  const response = { 204: z.null(), ...problems(401) };
  const schema = { summary: '退出 · Sign out', security: withBearer, response };
  api.delete(url, { schema }, async (request, reply) => {
    await services.signIn.out(bearerSession(request), callerOf(services, request, 'program'));
    return reply.code(204).send(null);
  });
};

/** Signing in and out for programs: the same sessions as the pages', as bearer tokens. */
export const sessionApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  beginning(api, services);
  proving(api, services);
  ending(api, services);
  const response = { 200: staffSchema, ...problems(401) };
  const schema = { summary: '当前用户 · Who is signed in', security: withBearer, response };
  api.get(url, { schema }, async (request) => shown(bearerStaff(request)));
};
