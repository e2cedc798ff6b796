import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { limitByAccount, limits } from '../../rateLimit.ts';
import { type UploadProblem, uploadProblem } from '../../rosterUpload.ts';
import { acceptUploads, fileIn, takeUpload } from '../../upload.ts';
import { idOf, staffOf } from './access.ts';
import { rosterFileRoutes } from './rosterFiles.ts';
import { jobModel, previewModel, startModel } from './rosterModel.ts';

const pageOf = (id: string): string => `/people/roster/${id}`;

const requireUse = (services: Services) => async (request: FastifyRequest) => {
  // The forms of who is no longer signed in are left to `keepForms`.
  if (request.staff !== undefined && !services.rosters.mayUse(request.staff)) throw new Problem('forbidden');
};

/** Reads an upload, and leads to what was found in it. */
const upload = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  await limitByAccount(services, limits.rosters, staffOf(request).account);
  const file = fileIn(request);
  const again = (problem: UploadProblem) =>
    reply.page('management/roster', startModel(services, request, problem), 422);
  if (file === undefined) {
    return again({ title: request.text('roster.refused.title'), message: request.text('roster.upload.noFile') });
  }
  const previewed = await services.rosters.upload(staffOf(request), file);
  if (previewed.outcome === 'forbidden') throw new Problem('forbidden');
  if (previewed.outcome !== 'previewed') return again(uploadProblem(request, previewed));
  return reply.redirect(pageOf(previewed.id ?? ''), 303);
};

/** An import as it stands: still to be confirmed, at work, or done. */
const show = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const [staff, id] = [staffOf(request), idOf(request)];
  const job = await services.rosters.job(staff, id);
  if (job !== undefined) {
    const hasSlips = await services.rosters.hasSlips(staff, id);
    return reply.page('management/rosterJob', jobModel(services, request, { id, job, hasSlips }));
  }
  const preview = await services.rosters.preview(staff, id);
  if (preview !== undefined) {
    return reply.page('management/rosterPreview', previewModel(services, request, id, preview));
  }
  const gone = { title: request.text('roster.title'), message: request.text('roster.preview.gone') };
  return reply.page('management/roster', startModel(services, request, gone), 404);
};

/** Import and export of the roster of annex 2 (O6), as a plugin: its forms carry a file. */
export const rosterPages = (services: Services) => async (app: FastifyInstance) => {
  await acceptUploads(app);
  app.addHook('preValidation', requireUse(services));
  rosterFileRoutes(app, services);
  const here = { config: { formAt: '/people/roster/:id' } };

  app.get('/people/roster', { config: { delicate: true } }, async (request, reply) =>
    reply.page('management/roster', startModel(services, request)),
  );
  app.post(
    '/people/roster',
    { preValidation: takeUpload, config: { formAt: false, delicate: true } },
    (request, reply) => upload(services, request, reply),
  );
  app.get('/people/roster/:id', (request, reply) => show(services, request, reply));

  app.post('/people/roster/:id/confirm', { config: { ...here.config, delicate: true } }, async (request, reply) => {
    const confirmed = await services.rosters.confirm(staffOf(request), idOf(request));
    if (confirmed.outcome === 'forbidden') throw new Problem('forbidden');
    // Whatever stands in the way is told there.
    return reply.redirect(pageOf(idOf(request)), 303);
  });
  app.post('/people/roster/:id/discard', here, async (request, reply) => {
    await services.rosters.discard(staffOf(request), idOf(request));
    return reply.redirect('/people/roster', 303);
  });
  app.post('/people/roster/:id/taken', here, async (request, reply) => {
    await services.rosters.takeSlips(staffOf(request), idOf(request));
    return reply.redirect(pageOf(idOf(request)), 303);
  });
};
