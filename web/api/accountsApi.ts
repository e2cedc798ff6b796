import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccountOutcome, PasswordOutcome } from '#application/accountCommands.ts';
import { type AccountFilter, type AccountLine, accountStandings } from '#application/accountLists.ts';
import type { Services } from '#application/services.ts';
import { authorisations, roles } from '#domain/account/authorisations.ts';
import { confirmationBases } from '#domain/account/events.ts';
import { isDay } from '#domain/calendar/day.ts';
import { Problem } from '../problems.ts';
import { limitByAccount, limits } from '../rateLimit.ts';
import { accountDone } from './accountOutcomes.ts';
import { changing } from './changing.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { oncePerKey } from './oncePerKey.ts';
import { basedOnOf, etagOf, idempotencyKeyOf } from './preconditions.ts';
import { accountLineSchema, accountSchema, historySchema, problems } from './schemas.ts';
import { bearerStaff } from './sessionApi.ts';
import { occurredOf } from './shown.ts';

const url = '/api/v1/accounts';
const common = { security: withBearer };
const account = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/);
const byAccount = z.object({ account });
const office = z.string().max(24);
const typed = z.string().max(300);
const details = z.object({
  name: typed,
  idNumber: typed,
  mobile: typed.default(''),
  workUnit: typed.default(''),
  qq: typed.default(''),
  note: typed.default(''),
});
const authorisation = z.enum(authorisations);
const grant = z.object({ authorisation, until: z.string().refine(isDay, 'malformed').exactOptional() });
const reasoned = z.object({ reason: z.string().max(200) });
const nothing = z.object({}).nullish();

const lineOf = ({ row, name, standing, ending }: AccountLine) => ({
  account: row.id,
  name,
  role: row.role,
  office: row.office,
  standing,
  ending,
  grants: [...row.grants],
});

/** One account as whoever asks may see it, with what an act on it is based on. */
const seenBy = async (services: Services, request: FastifyRequest, of: string) => {
  const read = await services.accounts.account(bearerStaff(request), of);
  if (read.outcome !== 'found') throw new Problem(read.outcome);
  const { row, details: shown, standing, inForce, possible, grantable } = read.view;
  const { role, office: at, identity, checkedAt, grants, registeredAt, password } = row;
  const held = { grants: [...grants], inForce: [...inForce], possible: [...possible], grantable: [...grantable] };
  const body = {
    account: of,
    role,
    office: at,
    standing,
    identity,
    checkedAt,
    registeredAt,
    password,
    ...held,
    details: shown,
  };
  return { body, etag: etagOf(row.revision) };
};

const filters = z.object({
  office: office.optional(),
  below: z.enum(['true', 'false']).default('true'),
  role: z.enum(roles).optional(),
  standing: z.enum(accountStandings).optional(),
  ending: z.enum(['true', 'false']).default('false'),
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

const listing = (api: Api, services: Services): void => {
  const page = z.object({ accounts: z.array(accountLineSchema), next: z.string().optional() });
  const schema = {
    ...common,
    summary: '人员 · The people of an office and of those below it (O3)',
    querystring: filters,
    response: { 200: page, ...problems(400, 401, 403) },
  };
  api.get(url, { schema }, async (request) => {
    const staff = bearerStaff(request);
    const { office: asked = staff.office, below, ending, limit, ...rest } = request.query;
    if (!services.accounts.maySee(staff, asked)) throw new Problem('forbidden');
    const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const filter: AccountFilter = { office: asked, below: below === 'true', ending: ending === 'true', ...given };
    const { lines, next } = await services.accounts.list(staff, filter, limit);
    return { accounts: lines.map(lineOf), next };
  });
  const search = {
    ...common,
    summary: '查找人员 · Search by name, account, ID number or mobile (sent in the body, never in the address)',
    body: z.object({ text: z.string().min(1).max(60) }),
    response: { 200: z.object({ accounts: z.array(accountLineSchema) }), ...problems(400, 401, 403, 429) },
  };
  api.post(`${url}/search`, { schema: search }, async (request) => {
    const staff = bearerStaff(request);
    if (!services.accounts.maySee(staff)) throw new Problem('forbidden');
    await limitByAccount(services, limits.searches, staff.account);
    const found = await services.accounts.search(staff, request.body.text);
    return { accounts: found.map(lineOf) };
  });
};

const reading = (api: Api, services: Services): void => {
  const refusals = problems(400, 401, 403, 404);
  const one = {
    ...common,
    summary: '账号 · One account',
    params: byAccount,
    response: { 200: accountSchema, ...refusals },
  };
  api.get(`${url}/:account`, { schema: one }, async (request, reply) => {
    const { body, etag } = await seenBy(services, request, request.params.account);
    reply.header('ETag', etag);
    return body;
  });
  const past = {
    ...one,
    summary: '办理过程 · Every event of an account (S6)',
    response: { 200: historySchema, ...refusals },
  };
  api.get(`${url}/:account/history`, { schema: past }, async (request) => {
    const read = await services.accounts.history(bearerStaff(request), request.params.account);
    if (read.outcome !== 'found') throw new Problem(read.outcome);
    return { masked: read.masked, events: read.events.map(occurredOf) };
  });
};

const registering = (api: Api, services: Services): void => {
  const schema = {
    ...common,
    summary: '登记人员 · Register a person and check name and ID number (O3, O4; §1.2.1)',
    headers: z.object({ 'idempotency-key': z.string() }),
    body: z.object({
      office,
      role: z.enum(roles),
      account: account.exactOptional(),
      details,
      grants: z.array(grant).max(authorisations.length).default([]),
    }),
    response: { 201: accountSchema, ...problems(400, 401, 403, 409, 422) },
  };
  api.post(url, { schema, config: { delicate: true } }, async (request, reply) => {
    idempotencyKeyOf(request);
    const staff = bearerStaff(request);
    const asked = { request, account: staff.account, purpose: 'register account' };
    const made = await oncePerKey(services, asked, async (commandId) =>
      accountDone(services, await services.accounts.register({ staff, commandId }, request.body)),
    );
    if (made.outcome !== 'registered') throw new Error('A registration that was done names its account.');
    if (!made.repeated) await services.accounts.checkIdentity(made.account, { staff, commandId: services.deps.ids() });
    const { body, etag } = await seenBy(services, request, made.account);
    reply.code(201).header('ETag', etag).header('Location', `${url}/${made.account}`);
    return body;
  });
};

const headers = z.object({ 'if-match': z.string().optional(), 'idempotency-key': z.string().optional() });
const changeRefusals = problems(400, 401, 403, 404, 409, 412, 422, 428, 429);

const resetting = (api: Api, services: Services): void => {
  const schema = {
    ...common,
    summary: '签发一次性密码 · Issue a one-time password, told in this answer alone',
    params: byAccount,
    headers,
    body: z.object({ factorLost: z.boolean().default(false) }),
    response: { 200: z.object({ account: z.string(), password: z.string().optional() }), ...changeRefusals },
  };
  api.post(`${url}/:account/password`, { schema, config: { delicate: true } }, async (request, reply) => {
    const { account: of } = request.params;
    const staff = bearerStaff(request);
    const basedOn = basedOnOf(request);
    const asked = { request, account: staff.account, purpose: `password ${of}` };
    const reset = await oncePerKey(services, asked, async (commandId): Promise<PasswordOutcome> => {
      const act = { staff, commandId, basedOn };
      return accountDone(services, await services.accounts.resetPassword(of, act, request.body.factorLost));
    });
    if (reset.outcome === 'done') reply.header('ETag', etagOf(reset.revision));
    return { account: of, password: reset.password };
  });
};

/** Accounts for programs: what the pages of people do (O3–O5). */
export const accountsApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  const { accounts } = services;
  listing(api, services);
  reading(api, services);
  registering(api, services);
  resetting(api, services);
  const late = accountSchema.describe('recorded, and not in force yet: the answer is the account as it still is');
  const change = changing<typeof byAccount, AccountOutcome>(api, services, {
    url: `${url}/:account`,
    params: byAccount,
    response: { 200: accountSchema, 202: late, ...changeRefusals },
    once: 'match',
    seen: (request, { account: of }) => seenBy(services, request, of),
    done: (outcome) => accountDone(services, outcome),
  });
  change({
    name: 'change',
    summary: '更正资料 · Correct the data',
    delicate: true,
    body: details,
    perform: ({ account: of }, act, data) => accounts.change(of, act, data),
  });
  change({
    name: 'check',
    summary: '核对身份 · Ask the register (O4)',
    body: nothing,
    perform: async ({ account: of }, act) => {
      await limitByAccount(services, limits.inquiries, act.staff.account);
      return accounts.checkIdentity(of, act);
    },
  });
  change({
    name: 'confirm',
    delicate: true,
    summary: '确认身份 · Confirm that the person or the ID card was seen (O4)',
    body: z.object({ basis: z.enum(confirmationBases) }),
    perform: ({ account: of }, act, { basis }) => accounts.confirmIdentity(of, act, basis),
  });
  change({
    name: 'grants',
    delicate: true,
    summary: '调整业务权限 · Grant and withdraw in one act (O5)',
    body: z
      .object({ grant: z.array(grant).default([]), withdraw: z.array(authorisation).default([]) })
      .refine((one) => one.grant.length + one.withdraw.length > 0, 'required'),
    perform: ({ account: of }, act, grants) => accounts.changeGrants(of, act, grants),
  });
  change({
    name: 'disable',
    summary: '停用 · Disable',
    body: reasoned,
    perform: ({ account: of }, act, { reason }) => accounts.disable(of, act, reason),
  });
  change({
    name: 'enable',
    summary: '恢复使用 · Enable',
    delicate: true,
    body: nothing,
    perform: ({ account: of }, act) => accounts.enable(of, act),
  });
  change({
    name: 'close',
    delicate: true,
    summary: '注销 · Close for good',
    body: reasoned,
    perform: ({ account: of }, act, { reason }) => accounts.close(of, act, reason),
  });
};
