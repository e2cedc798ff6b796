import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ReasonDue } from '#application/accessBasis.ts';
import { type TrailFilter, type TrailLine, type TrailPage, trailKinds } from '#application/auditLines.ts';
import { oddities } from '#application/auditNumbers.ts';
import type { AuditRefusal } from '#application/auditQueries.ts';
import type { Services } from '#application/services.ts';
import { subjectKinds } from '#domain/access/events.ts';
import { isDay } from '#domain/calendar/day.ts';
import { Problem } from '../problems.ts';
import { reasonHeader } from './accessReason.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { problems } from './schemas.ts';
import { bearerStaff } from './sessionApi.ts';
import { occurredOf } from './shown.ts';

const recordId = z.object({
  kind: z.enum(subjectKinds),
  id: z.string().min(1).max(100),
});

const day = z.string().refine(isDay, 'invalid');
const filter = z.object({
  kind: z.enum(trailKinds).optional(),
  from: day.optional(),
  to: day.optional(),
  account: z.string().max(60).optional(),
  other: z.enum(['true', 'false']).optional(),
  after: z.string().max(4096).optional(),
});

const lineSchema = z
  .object({
    at: z.string(),
    type: z.string(),
    actor: z.unknown(),
    name: z.string().optional(),
    about: z.string(),
    what: z.string().optional(),
    task: z.enum(['own', 'other']).optional(),
    reason: z.object({ code: z.string(), text: z.string().optional() }).optional(),
    count: z.number().optional(),
    searched: z.string().optional(),
    self: z.boolean(),
    from: z.unknown(),
    address: z.string().optional(),
  })
  .meta({ id: 'TrailLine' });

const pageSchema = z.object({ lines: z.array(lineSchema), next: z.string().optional() });

const lineOf = ({ row, name, address, reason, searched }: TrailLine) => ({
  at: row.at,
  type: row.type,
  actor: row.actor,
  name,
  about: row.about,
  what: row.what,
  task: row.task as 'own' | 'other' | undefined,
  reason: row.reason === undefined ? undefined : { code: row.reason, text: reason },
  count: row.count,
  searched,
  self: row.self === true,
  from: row.from,
  address,
});

const pageOf = ({ lines, next }: TrailPage) => ({ lines: lines.map(lineOf), next });

const filterOf = ({ other, ...asked }: z.infer<typeof filter>): TrailFilter => {
  const given = Object.entries({ ...asked, other: other === 'true' ? true : undefined });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as TrailFilter;
};

const foundOrProblem = <F extends { outcome: 'found' }>(read: F | AuditRefusal | ReasonDue): F => {
  if (read.outcome !== 'found') throw new Problem(read.outcome);
  return read;
};

const refusals = problems(400, 401, 403, 404, 503);
const recordRefusals = problems(400, 401, 403, 404, 428, 503);
const asking = { most: 100, exported: true };
const delicate = { delicate: true } as const;

const recordTrail = (api: Api, services: Services): void => {
  const trail = z.object({
    record: recordId.extend({ office: z.string().optional() }),
    masked: z.boolean(),
    events: z.array(
      z.object({
        type: z.string(),
        at: z.string(),
        revision: z.number(),
        actor: z.unknown(),
        data: z.unknown(),
        erased: z.boolean(),
      }),
    ),
    looks: pageSchema,
  });
  const schema = {
    summary: '一份材料的审计记录 · What happened to a record and who looked at it; reading it is recorded (S6)',
    security: withBearer,
    params: recordId,
    headers: reasonHeader,
    querystring: filter.pick({ from: true, to: true, after: true }),
    response: { 200: trail, ...recordRefusals },
  };
  api.get('/api/v1/audit/records/:kind/:id', { schema, config: delicate }, async (request) => {
    const staff = bearerStaff(request);
    const read = await services.audit.record(staff, request.params, filterOf(request.query), asking);
    const { subject, masked, events, looks } = foundOrProblem(read);
    return { record: subject, masked, events: events.map(occurredOf), looks: pageOf(looks) };
  });
};

const trails = (api: Api, services: Services): void => {
  const person = {
    summary: '一个账号做过什么、看过什么 · What an account did and looked at, newest first (S6)',
    security: withBearer,
    params: z.object({ account: z.string().max(60) }),
    querystring: filter.omit({ account: true }),
    response: { 200: pageSchema, ...refusals },
  };
  api.get('/api/v1/audit/accounts/:account/trail', { schema: person, config: delicate }, async (request) => {
    const staff = bearerStaff(request);
    const { account } = request.params;
    return pageOf(foundOrProblem(await services.audit.person(staff, account, filterOf(request.query), asking)));
  });
  const office = {
    summary: '一个单位的办理和查看记录 · What the people of an office did and looked at, newest first (S6)',
    security: withBearer,
    params: z.object({ office: z.string().max(40) }),
    querystring: filter,
    response: { 200: pageSchema, ...refusals },
  };
  api.get('/api/v1/audit/offices/:office/trail', { schema: office, config: delicate }, async (request) => {
    const staff = bearerStaff(request);
    const { office: code } = request.params;
    return pageOf(foundOrProblem(await services.audit.office(staff, code, filterOf(request.query), asking)));
  });
};

const counts = z.record(z.string(), z.number());
const numbersSchema = z
  .object({
    lines: z.array(z.object({ office: z.string(), name: z.string(), own: z.boolean(), counts })),
    unusual: z.array(
      z.object({
        account: z.string(),
        office: z.string(),
        day: z.string(),
        oddities: z.array(z.enum(oddities)),
        offHours: z.number(),
        opened: z.number(),
        other: z.number(),
      }),
    ),
  })
  .meta({ id: 'AuditNumbers' });

const numbers = (api: Api, services: Services): void => {
  const schema = {
    summary: '个人信息查看汇总 · Looks by office in a month, and days of people that are worth a look (S6)',
    security: withBearer,
    params: z.object({ office: z.string().max(40) }),
    querystring: z.object({ month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'invalid') }),
    response: { 200: numbersSchema, ...refusals },
  };
  api.get('/api/v1/audit/offices/:office/numbers', { schema }, async (request) => {
    const staff = bearerStaff(request);
    const { office } = request.params;
    const read = foundOrProblem(await services.audit.numbers(staff, office, request.query.month, true));
    return {
      lines: read.lines.map((line) => {
        return { office: line.office.code, name: line.office.name, own: line.own, counts: line.counts };
      }),
      unusual: read.unusual.map(({ row, offHours, oddities: why }) => {
        const { account, office: at, day: on, opened, other } = row;
        return { account, office: at, day: on, oddities: [...why], offHours, opened, other };
      }),
    };
  });
};

/** The audit trail for programs of those who may read it; what they get counts as exported. */
export const auditApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  recordTrail(api, services);
  trails(api, services);
  numbers(api, services);
};
