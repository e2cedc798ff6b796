import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import { type InboxFilter, inboxStatuses, type StaffRefusal } from '#application/staffQueries.ts';
import { pdfDisposition } from '../certificate/fileName.ts';
import { Problem } from '../problems.ts';
import { limitByAccount, limits } from '../rateLimit.ts';
import { reasonHeader } from './accessReason.ts';
import { pdfBytes } from './certificates.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { etagOf } from './preconditions.ts';
import { foundSchema, historySchema, inboxSchema, problems, seenSchema } from './schemas.ts';
import { bearerStaff } from './sessionApi.ts';
import { foundOf, lineOf, occurredOf, seenOf } from './shown.ts';

const filterSchema = z.object({
  status: z.enum(inboxStatuses).default('submitted'),
  due: z.enum(['overdue', 'today', 'later']).optional(),
  handler: z.string().max(100).optional(),
  parity: z.coerce.number().int().min(1).max(9).optional(),
  flagged: z.enum(['true', 'false']).optional(),
  after: z.string().max(4096).optional(),
  office: z.string().max(12).optional(),
});
const byId = z.object({ id: z.uuid() });

const filterOf = ({ flagged, office: _, ...filter }: z.infer<typeof filterSchema>): InboxFilter => {
  const given = Object.entries({ ...filter, flagged: flagged === undefined ? undefined : flagged === 'true' });
  return Object.fromEntries(given.filter(([, value]) => value !== undefined)) as InboxFilter;
};

/** What was found; throws `absent`, `erased`, `forbidden` or `reasonDue`. */
export const foundOrProblem = <F extends { outcome: 'found' }>(read: F | StaffRefusal): F => {
  if (read.outcome === 'absent' || read.outcome === 'erased') throw new Problem(read.outcome);
  if (read.outcome === 'forbidden') throw new Problem('forbidden');
  if (read.outcome === 'reasonDue') throw new Problem('reasonDue');
  return read;
};

const listing = (api: Api, services: Services): void => {
  const schema = {
    summary: '工作台 · A page of one tab, what is due first (R6, R7)',
    security: withBearer,
    querystring: filterSchema,
    response: { 200: inboxSchema, ...problems(400, 401, 403) },
  };
  api.get('/api/v1/inbox', { schema }, async (request) => {
    const staff = bearerStaff(request);
    const office = request.query.office ?? staff.office;
    if (!services.staff.mayList(staff, office)) throw new Problem('forbidden');
    const page = await services.staff.inbox(staff, filterOf(request.query), office);
    const { id: _, ...counters } = page.counters ?? { id: '' };
    return { lines: page.lines.map(lineOf), next: page.next, counters, overdue: page.overdue };
  });
};

const searching = (api: Api, services: Services): void => {
  const schema = {
    summary: '按姓名或身份证号码查找 · Search by full name or ID number (sent in the body, never in the address)',
    security: withBearer,
    body: z.object({ text: z.string().min(1).max(100) }),
    response: { 200: z.object({ found: z.array(foundSchema) }), ...problems(400, 401, 403, 429) },
  };
  api.post('/api/v1/registrations/search', { schema }, async (request) => {
    const staff = bearerStaff(request);
    if (!services.staff.mayList(staff, staff.office)) throw new Problem('forbidden');
    await limitByAccount(services, limits.searches, staff.account);
    const found = await services.staff.search(staff, request.body.text);
    return { found: found.map((one) => foundOf(services, one)) };
  });
};

const url = '/api/v1/registrations/:id';
const common = { security: withBearer, params: byId, headers: reasonHeader };
const refusals = problems(400, 401, 403, 404, 410, 428);

const reading = (api: Api, services: Services): void => {
  const one = { ...common, summary: '登记 · One registration', response: { 200: seenSchema, ...refusals } };
  api.get(url, { schema: one }, async (request, reply) => {
    const staff = bearerStaff(request);
    const { view } = foundOrProblem(await services.staff.registration(staff, request.params.id));
    reply.header('ETag', etagOf(view.row.revision));
    return seenOf(services, view);
  });
  const all = { ...common, summary: '办理记录 · Every event (S6)', response: { 200: historySchema, ...refusals } };
  api.get(`${url}/history`, { schema: all }, async (request) => {
    const staff = bearerStaff(request);
    const { masked, events } = foundOrProblem(await services.staff.history(staff, request.params.id));
    return { masked, events: events.map(occurredOf) };
  });
};

const printing = (api: Api, services: Services): void => {
  const schema = {
    ...common,
    summary: '电子生育服务证 · The electronic certificate as PDF (§3.1.3)',
    produces: ['application/pdf'],
    response: problems(400, 401, 403, 404, 428, 503),
  };
  api.get(`${url}/certificate.pdf`, { schema }, async (request, reply) => {
    const staff = bearerStaff(request);
    const { row, viewer } = foundOrProblem(await services.staff.printable(staff, request.params.id));
    const bytes = pdfBytes(await services.certificates.pdf(request.params.id, viewer));
    return reply
      .type('application/pdf')
      .header('Content-Disposition', pdfDisposition(row.certificate ?? ''))
      .send(bytes as never);
  });
};

/** What staff see through the JSON API (O3: their own subtree). */
export const tasksApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  listing(api, services);
  searching(api, services);
  reading(api, services);
  printing(api, services);
};
