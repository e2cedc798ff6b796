import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { applicantFrom } from '#application/access.ts';
import type { Services } from '#application/services.ts';
import { originOf } from '../origin.ts';
import { Problem } from '../problems.ts';
import { limitByAddress, limits, openLimited } from '../rateLimit.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { heldBy, holderToken } from './holder.ts';
import { type Done, doneOrProblem } from './outcomes.ts';
import { basedOnOf, etagOf, idempotencyKeyOf, idFromKey } from './preconditions.ts';
import { declarationSchema, heldSchema, problems, receiptSchema } from './schemas.ts';
import { heldOf, officeOf } from './shown.ts';

const idempotent = z.object({ 'idempotency-key': z.string().optional() });
const conditional = z.object({ 'if-match': z.string().optional() });

/** How a registration begins. */
const submitting = (api: Api, services: Services): void => {
  const schema = {
    summary: '提交登记 · Submit a registration (R1–R5)',
    headers: idempotent,
    body: declarationSchema,
    response: { 201: receiptSchema, ...problems(400, 409, 413, 422, 429, 503) },
  };
  api.post('/api/v1/registrations', { schema }, async (request, reply) => {
    await limitByAddress(services, limits.submissions, request);
    const key = idempotencyKeyOf(request);
    const id = idFromKey(services, key, 'registration');
    const act = { commandId: idFromKey(services, key, 'submission'), from: originOf(request, 'public') };
    const done = doneOrProblem(services, await services.applicant.submit(id, request.body, act), 'couple');
    const { state } = done;
    if (state.status === 'absent' || state.status === 'abandoned') throw new Problem('untimely');
    const { submittedOn, reviewDueOn, outcomeDueOn } = state;
    const office = officeOf(services, state.office);
    const queryCode = services.applicant.queryCode(id);
    reply.code(201).header('ETag', etagOf(done.revision));
    return { queryCode, submittedOn, reviewDueOn, outcomeDueOn, office };
  });
};

/** How its couple comes back to it. */
const opening = (api: Api, services: Services): void => {
  const opened = z.object({ token: z.string(), expiresAt: z.string(), registration: heldSchema });
  const schema = {
    summary: '凭查询码和姓名打开 · Open by query code and one spouse’s name (R4)',
    body: z.object({ queryCode: z.string().max(100), name: z.string().max(100) }),
    response: { 200: opened, ...problems(400, 404, 429) },
  };
  api.post('/api/v1/registrations/open', { schema }, async (request, reply) => {
    const { queryCode, name } = request.body;
    const id = await openLimited(services, request, { code: queryCode, name });
    const view = id === undefined ? undefined : await services.applicant.view(id);
    if (view === undefined) throw new Problem('absent');
    reply.header('ETag', etagOf(view.row.revision));
    return { ...holderToken(services, view.row.id), registration: heldOf(services, view) };
  });
};

const url = '/api/v1/registration';
const held = { security: withBearer, response: { 200: heldSchema, ...problems(400, 401, 409, 412, 428) } };

const reading = (api: Api, services: Services): void => {
  const schema = { ...held, summary: '查看登记 · Read' };
  api.get(url, { schema }, async (request, reply) => {
    const view = await heldBy(services, request);
    reply.header('ETag', etagOf(view.row.revision));
    return heldOf(services, view);
  });
};

/** The registration as it stands after an act. */
const afterwards = async (services: Services, request: FastifyRequest, reply: FastifyReply, { revision }: Done) => {
  reply.header('ETag', etagOf(revision));
  return heldOf(services, await heldBy(services, request));
};

const amending = (api: Api, services: Services): void => {
  const schema = {
    ...held,
    summary: '补充、完善 · Amend until the review (R4)',
    headers: conditional,
    body: declarationSchema,
  };
  api.put(url, { schema }, async (request, reply) => {
    const { row } = await heldBy(services, request);
    const act = { commandId: services.deps.ids(), basedOn: basedOnOf(request), from: originOf(request, 'public') };
    const done = doneOrProblem(services, await services.applicant.amend(row.id, request.body, act), 'couple');
    return afterwards(services, request, reply, done);
  });
};

const withdrawing = (api: Api, services: Services): void => {
  const schema = { ...held, summary: '撤回 · Withdraw before acceptance (R10)', headers: conditional };
  api.post(`${url}/withdraw`, { schema }, async (request, reply) => {
    const { row } = await heldBy(services, request);
    const act = { commandId: services.deps.ids(), basedOn: basedOnOf(request), from: originOf(request, 'public') };
    const done = doneOrProblem(services, await services.applicant.withdraw(row.id, act), 'couple');
    return afterwards(services, request, reply, done);
  });
};

const copying = (api: Api, services: Services): void => {
  const schema = {
    summary: '全部资料的副本 · All that is kept, to take away (PIPL art. 45)',
    security: withBearer,
    response: { 200: z.looseObject({ form: z.string() }), ...problems(401) },
  };
  api.get(`${url}/copy`, { schema }, async (request) => {
    const { row } = await heldBy(services, request);
    const copy = await services.applicant.copy(row.id, applicantFrom(originOf(request, 'public')));
    if (copy === undefined) throw new Problem('notOpened');
    return copy;
  });
};

const erasing = (api: Api, services: Services): void => {
  const schema = {
    summary: '撤回后删除个人信息 · Erase what was withdrawn; nothing brings it back (PIPL art. 47)',
    security: withBearer,
    response: { 204: z.null(), ...problems(401, 409) },
  };
  api.post(`${url}/erase`, { schema }, async (request, reply) => {
    const { row } = await heldBy(services, request);
    const act = { commandId: services.deps.ids(), from: originOf(request, 'public') };
    doneOrProblem(services, await services.applicant.erase(row.id, act), 'couple');
    return reply.code(204).send(null);
  });
};

/** The JSON API for couples (E1, R1–R4, R9, R10). */
export const publicApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  submitting(api, services);
  opening(api, services);
  reading(api, services);
  amending(api, services);
  withdrawing(api, services);
  copying(api, services);
  erasing(api, services);
};
