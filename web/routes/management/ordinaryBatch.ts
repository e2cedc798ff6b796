import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OrdinaryOutcome } from '#application/ordinaryCertificates.ts';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { mayIssueOrdinary, staffOf } from './access.ts';
import { batchModel, previewOf, resultModel } from './ordinaryBatchModel.ts';
import { batchIn } from './ordinaryBatchTyped.ts';
import { ordinaryFault } from './ordinaryFaults.ts';
import { showForm } from './parkedForms.ts';

const url = '/ordinary/batch';

const listed = async (services: Services, request: FastifyRequest) => {
  const found = await services.ordinary.unissued(staffOf(request));
  if (found.outcome === 'forbidden') {
    throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${found.reason}`) });
  }
  return found;
};

/** The list, the preview of what was ticked there, or what came of it: whichever form the page is asked to show. */
const page = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { parked } = request;
  const form = parked && batchIn(parked.body);
  const title = request.text('ordinaryBatch.title');
  if (form?.step === 'confirm' && parked?.at.unsent !== true) {
    if (!mayIssueOrdinary(services, staffOf(request))) throw new Problem('forbidden');
    return reply.page('management/ordinaryBatchResult', { title, ...resultModel(form, parked?.at.errors ?? []) });
  }
  const found = await listed(services, request);
  const preview = form && form.step !== 'edit' ? previewOf(request, found, form) : { errors: [] };
  // A form that was sent again is the same act: what broke off goes on.
  const commandId = form?.commandId ?? services.deps.ids();
  if (preview.rows !== undefined) {
    return reply.page('management/ordinaryBatchCheck', { title, rows: preview.rows, commandId });
  }
  const model = batchModel(request, found, form, preview.errors);
  return reply.page('management/ordinaryBatch', { title, ...model, commandId }, preview.errors.length > 0 ? 400 : 200);
};

const messageOf = (services: Services, request: FastifyRequest, answer: OrdinaryOutcome): string | undefined => {
  if (answer.outcome === 'absent') return request.text('ordinaryBatch.faults.absent');
  if (answer.outcome === 'forbidden') return request.text(`cases.forbidden.${answer.reason}`);
  const fault = ordinaryFault(services, request, answer);
  return fault && request.text(`ordinary.faults.${fault.code}`, fault.fill);
};

const send = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const form = batchIn(request.body);
  if (form === undefined) throw new Problem('invalid');
  if (!mayIssueOrdinary(services, staffOf(request))) throw new Problem('forbidden');
  if (form.step !== 'confirm') return showForm(services, request, reply);
  const rows = form.rows.map(({ id, document, name, documentNumber, serial }) => {
    return { registrationId: id, bearer: { document, name, documentNumber }, serial };
  });
  const issued = await services.ordinary.issueBatch({ staff: staffOf(request), commandId: form.commandId }, rows);
  if (issued.outcome === 'forbidden') throw new Problem('forbidden');
  if (issued.outcome === 'tooMany') throw new Problem('invalid');
  const errors = issued.rows.flatMap(({ registrationId: field, answer }) => {
    const message = messageOf(services, request, answer);
    return message === undefined ? [] : [{ field, message }];
  });
  return showForm(services, request, reply, { status: 200, errors });
};

/** Ordinary certificates for many of the own office's registrations at once (C3). */
export const ordinaryBatchRoutes = (app: FastifyInstance, services: Services): void => {
  app.get(url, (request, reply) => page(services, request, reply));
  app.post(url, (request, reply) => send(services, request, reply));
};
