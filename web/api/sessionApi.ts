import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Staff } from '#application/actor.ts';
import type { Services } from '#application/services.ts';
import { originOf } from '../origin.ts';
import { Problem } from '../problems.ts';
import { sessionStaff, signIn, signOut } from '../sessions.ts';
import { statedReason } from './accessReason.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { bearerOf } from './holder.ts';
import { problems, staffSchema } from './schemas.ts';

/** Who is signed in under a request's bearer token. Throws `unauthenticated`. */
export const bearerStaff = async (services: Services, request: FastifyRequest): Promise<Staff> => {
  const staff = await sessionStaff(services, bearerOf(request));
  if (staff === undefined) throw new Problem('unauthenticated');
  const stated = statedReason(request);
  return { ...staff, from: originOf(request, 'management'), ...(stated && { stated }) };
};

const shown = ({ person: _, from: __, stated: ___, authorisations, ...staff }: Staff) => ({
  ...staff,
  authorisations: [...authorisations],
});

const url = '/api/v1/session';

const beginning = (api: Api, services: Services): void => {
  const schema = {
    summary: '登录 · Sign in',
    body: z.object({ account: z.string().min(1).max(100), password: z.string().min(1).max(1024) }),
    response: { 201: z.object({ token: z.string(), staff: staffSchema }), ...problems(400, 401, 429) },
  };
  api.post(url, { schema }, async (request, reply) => {
    const signed = await signIn(services, request.body.account, request.body.password, request);
    if (signed.outcome === 'refused') throw new Problem('unauthenticated');
    if (signed.outcome === 'locked') throw new Problem('tooMany', { more: { minutes: signed.minutes } });
    reply.code(201);
    return { token: signed.token, staff: shown(signed.staff) };
  });
};

const ending = (api: Api, services: Services): void => {
  const response = { 204: z.null(), ...problems(401) };
  const schema = { summary: '退出 · Sign out', security: withBearer, response };
  api.delete(url, { schema }, async (request, reply) => {
    await bearerStaff(services, request);
    await signOut(services, bearerOf(request));
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
