import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Office } from '#application/offices.ts';
import type { OrganisationOutcome } from '#application/organisationCommands.ts';
import type { Services } from '#application/services.ts';
import { organisationKinds, organisationLevels } from '#domain/organisation/events.ts';
import { recordSchema } from '#domain/organisation/rules.ts';
import { Problem } from '../problems.ts';
import { changing } from './changing.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { oncePerKey } from './oncePerKey.ts';
import { organisationDone } from './organisationOutcomes.ts';
import { etagOf, idempotencyKeyOf } from './preconditions.ts';
import { organisationSchema, problems, standingOrganisationSchema } from './schemas.ts';
import { bearerStaff } from './sessionApi.ts';

const url = '/api/v1/organisations';
const common = { security: withBearer };
const code = z.string().regex(/^\d{2}[0-9A-Z-]{0,20}$/);
const byCode = z.object({ code });
const name = z.string().max(200);

/** An organisation as the tree has it. */
const standingOf = ({ code, kind, level, name, parent, status, successor, complete, phone, address }: Office) => {
  return { code, kind, level, name, parent, status, successor, complete, phone, address };
};

/** One organisation as whoever asks may see it, with what an act on it is based on. */
const seenBy = async (services: Services, request: FastifyRequest, of: string) => {
  const read = await services.organisations.view(bearerStaff(request), of);
  if (read.outcome !== 'found') throw new Problem(read.outcome);
  const { office, row, contacts, below } = read.view;
  const body = {
    ...standingOf(office),
    names: [...office.names],
    contacts,
    completedAt: row.completedAt,
    below: below.map(({ office: child, total, incomplete }) => ({ ...standingOf(child), total, incomplete })),
  };
  return { body, etag: etagOf(row.revision) };
};

const listing = (api: Api, services: Services): void => {
  const schema = {
    ...common,
    summary: '下级机构 · An organisation and all below it, the incomplete ones alone where asked (O2)',
    params: byCode,
    querystring: z.object({
      incomplete: z.enum(['true', 'false']).default('false'),
      after: code.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    response: {
      200: z.object({ organisations: z.array(standingOrganisationSchema), next: z.string().optional() }),
      ...problems(400, 401, 403, 404),
    },
  };
  api.get(`${url}/:code/below`, { schema }, async (request) => {
    const { incomplete, after, limit } = request.query;
    const read = services.organisations.completeness(bearerStaff(request), request.params.code);
    if (read.outcome !== 'found') throw new Problem(read.outcome);
    const wanted = read.all
      .filter((office) => incomplete === 'false' || !office.complete)
      .toSorted((one, other) => (one.code < other.code ? -1 : 1));
    const rest = after === undefined ? wanted : wanted.filter((office) => office.code > after);
    const page = rest.slice(0, limit);
    return { organisations: page.map(standingOf), next: rest.length > limit ? page.at(-1)?.code : undefined };
  });
};

const reading = (api: Api, services: Services): void => {
  const schema = {
    ...common,
    summary: '机构 · One organisation, its record and what is right below it (O1, O2)',
    params: byCode,
    response: { 200: organisationSchema, ...problems(400, 401, 403, 404) },
  };
  api.get(`${url}/:code`, { schema }, async (request, reply) => {
    const { body, etag } = await seenBy(services, request, request.params.code);
    reply.header('ETag', etag);
    return body;
  });
};

const establishing = (api: Api, services: Services): void => {
  const schema = {
    ...common,
    summary: '设立机构 · Establish an organisation below (O1)',
    headers: z.object({ 'idempotency-key': z.string() }),
    body: z.object({ code, kind: z.enum(organisationKinds), level: z.enum(organisationLevels), parent: code, name }),
    response: { 201: organisationSchema, ...problems(400, 401, 403, 404, 422) },
  };
  api.post(url, { schema }, async (request, reply) => {
    idempotencyKeyOf(request);
    const staff = bearerStaff(request);
    const asked = { request, account: staff.account, purpose: 'establish' };
    await oncePerKey(services, asked, async (commandId) =>
      organisationDone(await services.organisations.establish({ staff, commandId }, request.body)),
    );
    const { body, etag } = await seenBy(services, request, request.body.code);
    reply.code(201).header('ETag', etag).header('Location', `${url}/${request.body.code}`);
    return body;
  });
};

/** Organisations through the JSON API (O1, O2): all within the subtree of whoever asks (O3). */
export const organisationsApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  const { organisations } = services;
  reading(api, services);
  listing(api, services);
  establishing(api, services);
  const change = changing<typeof byCode, OrganisationOutcome>(api, services, {
    url: `${url}/:code`,
    params: byCode,
    response: { 200: organisationSchema, ...problems(400, 401, 403, 404, 412, 422, 428) },
    once: 'match',
    seen: (request, { code: of }) => seenBy(services, request, of),
    done: organisationDone,
  });
  change({
    name: 'record',
    summary: '填报单位信息 · Complete the record, or bring it up to date (O2)',
    body: recordSchema,
    perform: ({ code: of }, act, record) => organisations.completeRecord(of, act, record),
  });
  change({
    name: 'rename',
    summary: '更名 · Rename; what it was called before stays known (O1)',
    body: z.object({ name }),
    perform: ({ code: of }, act, body) => organisations.rename(of, act, body.name),
  });
  change({
    name: 'move',
    delicate: true,
    summary: '调整隶属 · Let it report to another (O1)',
    body: z.object({ parent: code }),
    perform: ({ code: of }, act, body) => organisations.move(of, act, body.parent),
  });
  change({
    name: 'merge',
    delicate: true,
    summary: '合并 · Let another go on with its tasks, places and people (O1)',
    body: z.object({ into: code }),
    perform: ({ code: of }, act, body) => organisations.merge(of, act, body.into),
  });
};
