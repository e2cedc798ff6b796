import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Staff } from '#application/actor.ts';
import type { RosterPreview } from '#application/roster/kept.ts';
import type { Services } from '#application/services.ts';
import { roles } from '#domain/account/authorisations.ts';
import type { FaultyRow } from '#domain/account/roster.ts';
import { rosterColumns } from '#domain/account/rosterSheet.ts';
import { Problem } from '../problems.ts';
import { limitByAccount, limits } from '../rateLimit.ts';
import { faultText } from '../rosterFaults.ts';
import { peopleSheet } from '../rosterSheet.ts';
import { uploadProblem } from '../rosterUpload.ts';
import { sendSheet, sheetFormats } from '../sheets.ts';
import { acceptUploads, fileIn, takeUpload } from '../upload.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { oncePerKey } from './oncePerKey.ts';
import { problems } from './schemas.ts';
import { bearerStaff } from './sessionApi.ts';

const url = '/api/v1/roster';

const faultySchema = z.object({
  row: z.number(),
  faults: z.array(z.object({ column: z.enum(rosterColumns), code: z.string(), message: z.string() })),
});

const previewSchema = z
  .object({
    id: z.uuid(),
    rows: z.number(),
    new: z.number(),
    present: z.number(),
    faulty: z.array(faultySchema),
    unread: z.array(z.string()),
    foot: z.object({
      unit: z.string().optional(),
      person: z.string().optional(),
      day: z.string().optional(),
      phone: z.string().optional(),
    }),
  })
  .meta({ id: 'RosterPreview' });

const jobSchema = z
  .object({
    status: z.enum(['running', 'done', 'refused', 'failed']),
    done: z.number(),
    total: z.number(),
    registered: z.number(),
    present: z.number(),
    problems: z.array(faultySchema),
    startedAt: z.string(),
    endedAt: z.string().optional(),
  })
  .meta({ id: 'RosterJob' });

const passwordsSchema = z
  .array(
    z.object({
      row: z.number(),
      name: z.string(),
      office: z.string(),
      role: z.enum(roles),
      account: z.string(),
      password: z.string(),
    }),
  )
  .meta({ id: 'FirstPasswords' });

const params = z.object({ id: z.uuid() });

const user = (services: Services, request: FastifyRequest): Staff => {
  const staff = bearerStaff(request);
  if (!services.rosters.mayUse(staff)) throw new Problem('forbidden');
  return staff;
};

const faultyOf = (services: Services, request: FastifyRequest, faulty: readonly FaultyRow[]) =>
  faulty.map(({ row, faults }) => ({
    row,
    faults: faults.map((fault) => {
      const { message } = faultText(services, request.locale, fault);
      return { column: fault.column, code: fault.fault, message };
    }),
  }));

const previewOf = (services: Services, request: FastifyRequest, id: string, preview: RosterPreview) => ({
  id,
  rows: preview.rows,
  new: preview.entries.length,
  present: preview.present,
  faulty: faultyOf(services, request, preview.faulty),
  unread: [...preview.unread],
  foot: preview.foot,
});

const uploading = (api: Api, services: Services): void => {
  const schema = {
    summary: '上传花名册并检查 · Upload a roster and see what would come of it; nothing is registered yet (O6)',
    security: withBearer,
    consumes: ['multipart/form-data'],
    body: z.looseObject({ file: z.any().meta({ type: 'string', format: 'binary', description: 'xlsx, csv' }) }),
    response: { 201: previewSchema, ...problems(400, 401, 403, 413, 415, 422, 429) },
  };
  const allowed = async (request: FastifyRequest) => void user(services, request);
  api.post(
    url,
    { schema, config: { delicate: true }, preValidation: [allowed, takeUpload] },
    async (request, reply) => {
      const staff = user(services, request);
      await limitByAccount(services, limits.rosters, staff.account);
      const file = fileIn(request);
      if (file === undefined) throw new Problem('invalid', { errors: [{ field: 'file', code: 'required' }] });
      const uploaded = await services.rosters.upload(staff, file);
      if (uploaded.outcome === 'forbidden') throw new Problem('forbidden');
      if (uploaded.outcome !== 'previewed') {
        const reason = uploaded.outcome === 'refused' ? uploaded.reason : uploaded.why.outcome;
        throw new Problem('fileRefused', { detail: uploadProblem(request, uploaded).message, more: { reason } });
      }
      const id = uploaded.id ?? '';
      return reply
        .code(201)
        .header('Location', `${url}/${id}`)
        .send(previewOf(services, request, id, uploaded.preview));
    },
  );

  const again = {
    summary: '检查结果 · What was found in an upload of one’s own',
    security: withBearer,
    params,
    response: { 200: previewSchema, ...problems(401, 403, 404) },
  };
  api.get(`${url}/:id`, { schema: again }, async (request) => {
    const preview = await services.rosters.preview(user(services, request), request.params.id);
    if (preview === undefined) throw new Problem('absent');
    return previewOf(services, request, request.params.id, preview);
  });
};

const jobOf = async (services: Services, request: FastifyRequest, staff: Staff, id: string) => {
  const job = await services.rosters.job(staff, id);
  if (job === undefined) throw new Problem('absent');
  const { people: _, faults: __, problems: lost, ...shown } = job;
  return { ...shown, problems: faultyOf(services, request, lost) };
};

const importing = (api: Api, services: Services): void => {
  const confirm = {
    summary: '确认登记 · Register everybody of an upload, or nobody; goes on by itself (O6)',
    security: withBearer,
    params,
    headers: z.object({ 'idempotency-key': z.string().optional() }),
    response: { 202: jobSchema, ...problems(400, 401, 403, 404, 409, 422) },
  };
  api.post(`${url}/:id/confirm`, { schema: confirm, config: { delicate: true } }, async (request, reply) => {
    const { id } = request.params;
    const staff = user(services, request);
    const asked = { request, account: staff.account, purpose: `confirm roster ${id}` };
    const { outcome } = await oncePerKey(services, asked, () => services.rosters.confirm(staff, id));
    if (outcome === 'forbidden' || outcome === 'absent') throw new Problem(outcome);
    if (outcome !== 'started') {
      throw new Problem('notReady', { detail: request.text(`roster.errors.${outcome}`), more: { reason: outcome } });
    }
    const job = await jobOf(services, request, staff, id);
    return reply.code(202).header('Location', `${url}/${id}/job`).send(job);
  });

  const state = {
    summary: '登记进度 · How far an import has come, and what came of it',
    security: withBearer,
    params,
    response: { 200: jobSchema, ...problems(401, 403, 404) },
  };
  api.get(`${url}/:id/job`, { schema: state }, async (request) =>
    jobOf(services, request, user(services, request), request.params.id),
  );
};

const passwords = (api: Api, services: Services): void => {
  const read = {
    summary: '初始密码 · First passwords of an import, until they are deleted or a few hours have passed',
    security: withBearer,
    params,
    response: { 200: passwordsSchema, ...problems(401, 403, 404) },
  };
  api.get(`${url}/:id/passwords`, { schema: read, config: { delicate: true } }, async (request) => {
    const slips = await services.rosters.slips(user(services, request), request.params.id);
    if (slips === undefined) throw new Problem('absent');
    return slips.map(({ row, details, office, role, account, password }) => {
      return { row, name: details.name, office, role, account, password };
    });
  });

  const taken = {
    summary: '清除初始密码 · Delete the first passwords of an import here',
    security: withBearer,
    params,
    response: { 204: z.null(), ...problems(401, 403) },
  };
  api.delete(`${url}/:id/passwords`, { schema: taken }, async (request, reply) => {
    await services.rosters.takeSlips(user(services, request), request.params.id);
    return reply.code(204).send(null);
  });
};

const exporting = (api: Api, services: Services): void => {
  const schema = {
    summary:
      '导出人员 · Everybody of one’s subtree in the form of annex 2; recorded as an export of personal data (S6)',
    security: withBearer,
    querystring: z.object({ format: z.enum(sheetFormats).default('xlsx') }),
    produces: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'text/csv'],
    response: problems(400, 401, 403),
  };
  api.get(`${url}/people`, { schema, config: { delicate: true } }, async (request, reply) => {
    const exported = await services.rosters.exported(user(services, request));
    if (exported.outcome === 'forbidden') throw new Problem('forbidden');
    return sendSheet(reply, 'roster', request.query.format, peopleSheet(exported.people, exported.foot));
  });
};

/** Rosters for programs (O6, annex 2), as a plugin: its uploads carry a file. */
export const rosterApi = (services: Services) => async (app: FastifyInstance) => {
  await acceptUploads(app);
  const api = apiOf(app);
  uploading(api, services);
  importing(api, services);
  passwords(api, services);
  exporting(api, services);
};
