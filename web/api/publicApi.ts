import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import { normaliseQueryCode } from '#domain/registration/queryCode.ts';
import { Problem } from '../problems.ts';
import { limitByAddress, limitByKey, limits } from '../rateLimit.ts';
import { withBearer } from './document.ts';
import { heldBy, holderToken } from './holder.ts';
import { doneOrProblem } from './outcomes.ts';
import { basedOnOf, etagOf, idempotencyKeyOf, idFromKey } from './preconditions.ts';
import { declarationSchema, heldSchema, problems, receiptSchema } from './schemas.ts';
import { heldOf, officeOf } from './shown.ts';

const idempotent = z.object({ 'idempotency-key': z.string().optional() });
const conditional = z.object({ 'if-match': z.string().optional() });

/** `POST /registrations` and `POST /registrations/open`: how a registration begins, and how its couple comes back to it. */
const beginning = (app: FastifyInstance, services: Services): void => {
  const api = app.withTypeProvider<ZodTypeProvider>();
  api.post(
    '/api/v1/registrations',
    {
      schema: {
        summary: '提交登记 · Submit a registration (R1–R5)',
        headers: idempotent,
        body: declarationSchema,
        response: { 201: receiptSchema, ...problems(400, 409, 413, 422, 429, 503) },
      },
    },
    async (request, reply) => {
      await limitByAddress(services, limits.submissions, request);
      const key = idempotencyKeyOf(request);
      const id = idFromKey(services, key, 'registration');
      const act = { commandId: idFromKey(services, key, 'submission') };
      const done = doneOrProblem(services, await services.applicant.submit(id, request.body, act), 'couple');
      const { state } = done;
      if (state.status === 'absent' || state.status === 'abandoned') throw new Problem('untimely');
      const { submittedOn, reviewDueOn, outcomeDueOn } = state;
      const office = officeOf(services, state.office);
      const queryCode = services.applicant.queryCode(id);
      return reply
        .code(201)
        .header('ETag', etagOf(done.revision))
        .send({ queryCode, submittedOn, reviewDueOn, outcomeDueOn, office });
    },
  );
  api.post(
    '/api/v1/registrations/open',
    {
      schema: {
        summary: '凭查询码和姓名打开 · Open by query code and one spouse’s name (R4)',
        body: z.object({ queryCode: z.string().max(100), name: z.string().max(100) }),
        response: {
          200: z.object({ token: z.string(), expiresAt: z.string(), registration: heldSchema }),
          ...problems(400, 404, 429),
        },
      },
    },
    async (request, reply) => {
      await limitByAddress(services, limits.openings, request);
      const { queryCode, name } = request.body;
      await limitByKey(services, limits.openingsOfOneCode, normaliseQueryCode(queryCode) ?? queryCode);
      const id = await services.applicant.open(queryCode, name);
      const view = id === undefined ? undefined : await services.applicant.view(id);
      if (view === undefined) throw new Problem('absent');
      const registration = heldOf(services, view);
      return reply
        .header('ETag', etagOf(view.row.revision))
        .send({ ...holderToken(services, view.row.id), registration });
    },
  );
};

/** What the couple of a registration may do with the token they were given. */
const holding = (app: FastifyInstance, services: Services): void => {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const url = '/api/v1/registration';
  const response = { 200: heldSchema, ...problems(400, 401, 409, 412, 428) };
  api.get(url, { schema: { summary: '查看登记 · Read', security: withBearer, response } }, async (request, reply) => {
    const view = await heldBy(services, request);
    return reply.header('ETag', etagOf(view.row.revision)).send(heldOf(services, view));
  });
  const answer = async (request: Parameters<typeof heldBy>[1]) => heldOf(services, await heldBy(services, request));
  api.put(
    url,
    {
      schema: {
        summary: '补充、完善 · Amend until the review (R4)',
        security: withBearer,
        headers: conditional,
        body: declarationSchema,
        response,
      },
    },
    async (request, reply) => {
      const { row } = await heldBy(services, request);
      const act = { commandId: services.deps.ids(), basedOn: basedOnOf(request) };
      const done = doneOrProblem(services, await services.applicant.amend(row.id, request.body, act), 'couple');
      return reply.header('ETag', etagOf(done.revision)).send(await answer(request));
    },
  );
  api.post(
    `${url}/withdraw`,
    {
      schema: {
        summary: '撤回 · Withdraw before acceptance (R10)',
        security: withBearer,
        headers: conditional,
        response,
      },
    },
    async (request, reply) => {
      const { row } = await heldBy(services, request);
      const act = { commandId: services.deps.ids(), basedOn: basedOnOf(request) };
      const done = doneOrProblem(services, await services.applicant.withdraw(row.id, act), 'couple');
      return reply.header('ETag', etagOf(done.revision)).send(await answer(request));
    },
  );
};

/** The JSON API for couples (E1, R1–R4, R9, R10). */
export const publicApi = (app: FastifyInstance, services: Services): void => {
  beginning(app, services);
  holding(app, services);
};
