import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ScanRefusal } from '#application/scanFiles.ts';
import type { Services } from '#application/services.ts';
import { type DocumentKind, documentKinds } from '#domain/registration/documents.ts';
import { Problem } from '../../problems.ts';
import { limitByAccount, limits } from '../../rateLimit.ts';
import { scanUpload, scanWords, sendScan } from '../../scanFile.ts';
import { acceptUploads, fileIn, takingUpload } from '../../upload.ts';
import { idOf, staffOf } from './access.ts';
import { foundOrProblem, viewFor } from './casePage.ts';
import { scansModel } from './scansModel.ts';
import { commandId } from './typed.ts';

const bodyOf = (request: FastifyRequest) => (request.body ?? {}) as Readonly<Record<string, unknown>>;

/** Where a registration's page shows them. */
const pageOf = (id: string): string => `/registrations/${id}#scans`;

/** The page that has nothing but a registration's scans; 422 where something was wrong with what was sent. */
const show = async (services: Services, request: FastifyRequest, reply: FastifyReply, fault?: string) => {
  const view = await viewFor(services, request, idOf(request));
  const scans = await scansModel(services, request, view.row, fault);
  if (scans === undefined) throw new Problem('forbidden');
  const couple = `${view.data.wife.name} / ${view.data.husband.name}`;
  const model = { title: request.text('scans.title'), id: view.row.id, couple, scans };
  return reply.page('management/scans', model, fault === undefined ? 200 : 422);
};

const refusedText = (
  { text }: FastifyRequest,
  reason: ScanRefusal | 'full' | 'noFile' | 'noDocument' | 'noReason',
): string => text(`scans.refused.${reason}`, scanWords);

const documentOf = (value: unknown): DocumentKind | undefined => documentKinds.find((kind) => kind === value);

const form = z.looseObject({ commandId });

/** The act that a form stands for; throws `invalid` where it is no form of ours. */
const actOf = (request: FastifyRequest) => {
  const parsed = form.safeParse(bodyOf(request));
  if (!parsed.success) throw new Problem('invalid');
  return { staff: staffOf(request), commandId: parsed.data.commandId };
};

const attach = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const [id, body] = [idOf(request), bodyOf(request)];
  await limitByAccount(services, limits.scans, staffOf(request).account);
  const [file, document] = [fileIn(request), documentOf(body['document'])];
  const again = (reason: Parameters<typeof refusedText>[1]) =>
    show(services, request, reply, refusedText(request, reason));
  if (document === undefined) return again('noDocument');
  if (file === undefined) return again('noFile');
  const done = await services.scans.attach(id, actOf(request), { document, fileName: file.name, bytes: file.bytes });
  if (done.outcome === 'refused') return again(done.reason);
  if (done.outcome === 'rejected' && done.rejection.type === 'scansFull') return again('full');
  if (done.outcome === 'forbidden' || done.outcome === 'absent') throw new Problem(done.outcome);
  if (done.outcome !== 'done') throw new Problem('untimely');
  return reply.redirect(pageOf(id), 303);
};

const remove = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const [id, body] = [idOf(request), bodyOf(request)];
  const { scan } = request.params as { scan: string };
  const reason = String(body['reason'] ?? '').slice(0, 500);
  const done = await services.scans.remove(id, actOf(request), scan, reason);
  if (done.outcome === 'rejected' && done.rejection.type === 'unreasoned') {
    return show(services, request, reply, refusedText(request, 'noReason'));
  }
  if (done.outcome === 'rejected' && done.rejection.type === 'scanAbsent') throw new Problem('absent');
  if (done.outcome === 'forbidden' || done.outcome === 'absent') throw new Problem(done.outcome);
  if (done.outcome !== 'done') throw new Problem('untimely');
  return reply.redirect(pageOf(id), 303);
};

/** Scans of documents that staff saw (R8), as a plugin: its forms carry a file. */
export const scanPages = (services: Services) => async (app: FastifyInstance) => {
  await acceptUploads(app);
  const config = { formAt: '/registrations/:id/scans' };
  app.get('/registrations/:id/scans', (request, reply) => show(services, request, reply));
  app.post(
    '/registrations/:id/scans',
    { preValidation: takingUpload(scanUpload), config: { formAt: false } },
    (request, reply) => attach(services, request, reply),
  );
  app.get('/registrations/:id/scans/:scan', async (request, reply) => {
    const staff = staffOf(request);
    await limitByAccount(services, limits.scans, staff.account);
    const { scan } = request.params as { scan: string };
    return sendScan(reply, foundOrProblem(request, await services.scans.open(staff, idOf(request), scan)));
  });
  app.post('/registrations/:id/scans/:scan/remove', { config }, (request, reply) => remove(services, request, reply));
};
