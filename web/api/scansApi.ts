import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { ScanRefusal } from '#application/scanFiles.ts';
import type { Services } from '#application/services.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { scanMediaTypes } from '#domain/registration/scans.ts';
import { Problem } from '../problems.ts';
import { limitByAccount, limits } from '../rateLimit.ts';
import { scanUpload, sendScan } from '../scanFile.ts';
import { acceptUploads, fileIn, takingUpload } from '../upload.ts';
import { reasonHeader } from './accessReason.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { oncePerKey } from './oncePerKey.ts';
import { doneOrProblem } from './outcomes.ts';
import { problems } from './schemas.ts';
import { bearerStaff } from './sessionApi.ts';
import { foundOrProblem } from './tasksApi.ts';

const url = '/api/v1/registrations/:id/scans';

const scanSchema = z
  .object({
    scan: z.string(),
    document: z.enum(documentKinds),
    mediaType: z.enum(scanMediaTypes),
    size: z.number().meta({ description: 'bytes, sealed' }),
    at: z.string(),
  })
  .meta({ id: 'Scan' });
const listSchema = z.object({ scans: z.array(scanSchema) });

const keyed = z.object({ 'idempotency-key': z.string().optional() });
const byId = z.object({ id: z.uuid() });
const one = z.object({ id: z.uuid(), scan: z.uuid() });

const refused = (reason: ScanRefusal): Problem =>
  new Problem(reason === 'tooLarge' ? 'tooLarge' : 'invalid', { errors: [{ field: 'file', code: reason }] });

/** The scans of a registration as they are now; throws as reading it does. */
const listOf = async (services: Services, staff: ReturnType<typeof bearerStaff>, id: string) => {
  const { view } = foundOrProblem(await services.staff.registration(staff, id));
  const scans = await services.scans.of(staff, view.row);
  if (scans === undefined) throw new Problem('forbidden');
  return { scans: scans.map(({ personal: _, ...scan }) => scan) };
};

const reading = (api: Api, services: Services): void => {
  const common = { security: withBearer, headers: reasonHeader };
  const refusals = problems(400, 401, 403, 404, 410, 428);
  const list = { ...common, summary: '证件扫描件 · Scans of a registration (R8)', params: byId };
  api.get(url, { schema: { ...list, response: { 200: listSchema, ...refusals } } }, (request) =>
    listOf(services, bearerStaff(request), request.params.id),
  );
  const file = { ...common, summary: '取用扫描件 · One scan, to be saved (R8)', params: one };
  api.get(
    `${url}/:scan`,
    { schema: { ...file, response: { ...refusals, ...problems(429) } } },
    async (request, reply) => {
      const staff = bearerStaff(request);
      await limitByAccount(services, limits.scans, staff.account);
      const { id, scan } = request.params;
      return sendScan(reply as never, foundOrProblem(await services.scans.open(staff, id, scan)));
    },
  );
};

const attaching = (api: Api, services: Services): void => {
  const schema = {
    summary: '附上扫描件 · Attach a scan: JPEG, PNG or PDF without anything that acts (R8)',
    security: withBearer,
    params: byId,
    headers: keyed,
    consumes: ['multipart/form-data'],
    body: z.looseObject({ document: z.enum(documentKinds), file: z.any().meta({ type: 'string', format: 'binary' }) }),
    response: { 200: listSchema, ...problems(400, 401, 403, 404, 409, 413, 415, 422, 429) },
  };
  api.post(
    url,
    { schema, preValidation: [async (request) => void bearerStaff(request), takingUpload(scanUpload)] },
    async (request) => {
      const staff = bearerStaff(request);
      const { id } = request.params;
      await limitByAccount(services, limits.scans, staff.account);
      const file = fileIn(request);
      if (file === undefined) throw refused('empty');
      const { document } = request.body;
      const sent = { document, fileName: file.name, bytes: file.bytes };
      // An act is told from another by its body: by the file's hash rather than all its bytes.
      request.body = { document, file: createHash('sha256').update(file.bytes).digest('hex') };
      await oncePerKey(services, { request, account: staff.account, purpose: `scan ${id}` }, async (commandId) => {
        const done = await services.scans.attach(id, { staff, commandId }, sent);
        if (done.outcome === 'refused') throw refused(done.reason);
        return doneOrProblem(services, done, 'staff');
      });
      return listOf(services, staff, id);
    },
  );
};

const removing = (api: Api, services: Services): void => {
  const schema = {
    summary: '移除扫描件 · Take a scan away again (R8)',
    security: withBearer,
    params: one,
    headers: keyed,
    body: z.object({ reason: z.string().max(500) }),
    response: { 200: listSchema, ...problems(400, 401, 403, 404, 409) },
  };
  api.post(`${url}/:scan/remove`, { schema }, async (request) => {
    const staff = bearerStaff(request);
    const { id, scan } = request.params;
    await oncePerKey(services, { request, account: staff.account, purpose: `unscan ${scan}` }, async (commandId) =>
      doneOrProblem(
        services,
        await services.scans.remove(id, { staff, commandId }, scan, request.body.reason),
        'staff',
      ),
    );
    return listOf(services, staff, id);
  });
};

/** Scans of documents that staff saw (R8), for programs, as a plugin: one of its routes takes a file. */
export const scansApi = (services: Services) => async (app: FastifyInstance) => {
  await acceptUploads(app);
  const api = apiOf(app);
  reading(api, services);
  attaching(api, services);
  removing(api, services);
};
