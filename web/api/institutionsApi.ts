import type { FastifyInstance } from 'fastify';
import { match, P } from 'ts-pattern';
import { z } from 'zod';
import type { ShownCheck } from '#application/institutionChecks.ts';
import type { AnnotationOutcome } from '#application/institutions.ts';
import type { Services } from '#application/services.ts';
import { checkOutcomes } from '#domain/check/events.ts';
import { mostChildren } from '#domain/registration/births.ts';
import { Problem } from '../problems.ts';
import { limitByAccount, limits } from '../rateLimit.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { oncePerKey } from './oncePerKey.ts';
import { idFromKey } from './preconditions.ts';
import { problems } from './schemas.ts';
import { bearerStaff } from './sessionApi.ts';

const day = z.iso.date().meta({ description: 'Asia/Shanghai' });
const person = z.object({ name: z.string(), idNumber: z.string() });
const checkSchema = z
  .object({
    id: z.string(),
    at: z.string(),
    by: z.enum(['number', 'code', 'idNumber']),
    outcome: z.enum(checkOutcomes),
    certificate: z.string().optional(),
    registration: z
      .object({
        id: z.string(),
        office: z.string(),
        parity: z.number(),
        now: z.enum(checkOutcomes),
        wife: person.optional(),
        husband: person.optional(),
      })
      .optional(),
  })
  .meta({ id: 'RegistrationCheck', description: 'Masked; `now` is how it stands when it is read' });

const childSchema = z.object({
  bornOn: day,
  sex: z.enum(['female', 'male']),
  outcome: z.enum(['live', 'stillborn']),
});
const rowSchema = z.object({
  key: z.string().regex(/^[\x21-\x7e]{16,128}$/),
  registration: z.uuid(),
  certificate: z.string().trim().max(40).meta({ description: 'The number that was presented' }),
  children: z.array(childSchema).min(1).max(mostChildren),
});
const answerSchema = z.object({
  key: z.string(),
  outcome: z.enum(['annotated', 'refused']),
  code: z.string().optional().meta({ description: 'Why it was refused' }),
});
const mostRows = 500;

const shownOf = ({ id, at, by, outcome, certificate, found }: ShownCheck) => {
  const registration = found && {
    id: found.id,
    office: found.office,
    parity: found.parity,
    now: found.now,
    ...(found.wife && { wife: found.wife }),
    ...(found.husband && { husband: found.husband }),
  };
  return {
    id,
    at,
    by,
    outcome,
    ...(certificate !== undefined && { certificate }),
    ...(registration && { registration }),
  };
};

const seen = async (services: Services, staff: ReturnType<typeof bearerStaff>, id: string) => {
  const read = await services.institutions.shown(staff, id);
  if (read.outcome !== 'found') throw new Problem(read.outcome);
  return shownOf(read.check);
};

const checking = (api: Api, services: Services): void => {
  const post = {
    summary: '查验登记 · Check a registration by certificate number, scanned code or her ID number; recorded (M1)',
    security: withBearer,
    headers: z.object({ 'idempotency-key': z.string().optional() }),
    body: z.object({ by: z.enum(['number', 'code', 'idNumber']), text: z.string().trim().min(1).max(1000) }),
    response: { 200: checkSchema, ...problems(400, 401, 403, 404, 409, 429) },
  };
  api.post('/api/v1/checks', { schema: post }, async (request) => {
    const staff = bearerStaff(request);
    await limitByAccount(services, limits.searches, staff.account);
    const id = await oncePerKey(services, { request, account: staff.account, purpose: 'check' }, async (commandId) => {
      const checked = await services.institutions.check(staff, { staff, commandId }, request.body);
      if (checked.outcome === 'malformed')
        throw new Problem('invalid', { errors: [{ field: 'text', code: 'malformed' }] });
      if (checked.outcome === 'otherContent') throw new Problem('keyReused');
      if (checked.outcome !== 'checked') throw new Problem(checked.outcome);
      return checked.id;
    });
    return seen(services, staff, id);
  });
  const get = {
    summary: '查验结果 · A check of the own institution, the registration as it stands now (M1)',
    security: withBearer,
    params: z.object({ id: z.uuid() }),
    response: { 200: checkSchema, ...problems(400, 401, 403, 404) },
  };
  api.get('/api/v1/checks/:id', { schema: get }, (request) => seen(services, bearerStaff(request), request.params.id));
};

/** Why a row was refused, in one word; undefined where it was annotated, by this sending or an earlier one. */
const refusalOf = (outcome: AnnotationOutcome): string | undefined =>
  match(outcome)
    .with({ outcome: 'done' }, () => undefined)
    .with({ outcome: 'rejected' }, ({ rejection }) => rejection.type)
    .with({ outcome: P.union('absent', 'forbidden', 'stale') }, ({ outcome: why }) => why)
    .exhaustive();

const annotating = (api: Api, services: Services): void => {
  const schema = {
    summary: '批量标注出生 · Annotate births, each row once per its own key and answered by itself (M2)',
    security: withBearer,
    body: z.object({ rows: z.array(rowSchema).min(1).max(mostRows) }),
    response: { 200: z.object({ rows: z.array(answerSchema) }), ...problems(400, 401, 403, 413) },
  };
  api.post('/api/v1/birth-annotations', { schema }, async (request) => {
    const staff = bearerStaff(request);
    if (!services.institutions.mayAnnotate(staff)) throw new Problem('forbidden');
    const rows: z.infer<typeof answerSchema>[] = [];
    // One after another: a batch must not take the platform from those who wait at counters.
    for (const { key, registration, certificate, children } of request.body.rows) {
      const commandId = idFromKey(
        services,
        key,
        `${staff.account}\n${JSON.stringify([registration, certificate, children])}`,
      );
      const given = { certificate, children };
      const code = refusalOf(await services.institutions.annotate(registration, { staff, commandId }, given));
      rows.push({ key, ...(code === undefined ? { outcome: 'annotated' } : { outcome: 'refused', code }) });
    }
    return { rows };
  });
};

/** Checks and births for the systems of medical institutions (M1, M2, §3.3). */
export const institutionsApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  checking(api, services);
  annotating(api, services);
};
