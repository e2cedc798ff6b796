import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { rejectReasons } from '#domain/registration/events.ts';
import { idOf, staffOf } from './access.ts';
import { isOthersTask } from './caseModel.ts';
import { showCase, viewFor } from './casePage.ts';
import { missingReasons, previewEnding } from './ending.ts';
import { answerAct } from './outcomes.ts';
import { showForm } from './parkedForms.ts';
import { type CaseForm, formOf } from './typed.ts';

/** The act of whoever sent a form, based on what their page showed. */
export const actOf = (request: FastifyRequest, { commandId, basedOn }: CaseForm) => ({
  staff: staffOf(request),
  commandId,
  basedOn,
});

/** Asks before a task is taken from whoever has it. */
const takeOver = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const view = await viewFor(services, request, idOf(request));
  const { row, data, handlerName } = view;
  if (!isOthersTask(request, view)) return reply.redirect(`/registrations/${row.id}`, 303);
  return reply.page('management/takeOver', {
    title: request.text('cases.takeOver.title', { handler: handlerName }),
    id: row.id,
    couple: `${data.wife.name} / ${data.husband.name}`,
    handler: handlerName,
    receivedAt: row.receivedAt,
    revision: row.revision,
  });
};

const take = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const outcome = await services.staff.receiveTask(idOf(request), actOf(request, formOf(request.body)));
  return answerAct(services, request, reply, outcome, 'took');
};

const accept = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const outcome = await services.staff.accept(idOf(request), actOf(request, formOf(request.body)));
  return answerAct(services, request, reply, outcome, 'accepted');
};

const reject = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const form = formOf(request.body);
  const { typed, step } = form;
  const reasons = rejectReasons.filter((code) => typed.reasons.includes(code));
  const errors = missingReasons(request, reasons, typed.text);
  if (errors.length > 0) return showForm(services, request, reply, { status: 400, errors });
  if (step !== 'confirm') return showForm(services, request, reply, { status: 200 }, request.url);
  const outcome = await services.staff.reject(idOf(request), actOf(request, form), reasons, typed.text);
  return answerAct(services, request, reply, outcome, 'rejected');
};

/** Taking the task, and the initial review (R6, §3.1.1(2)). */
export const reviewRoutes = (app: FastifyInstance, services: Services): void => {
  const url = '/registrations/:id';
  const here = { config: { formAt: url } };
  app.get(url, (request, reply) => showCase(services, request, reply));
  app.get(`${url}/take-over`, (request, reply) => takeOver(services, request, reply));
  app.post(`${url}/take`, here, (request, reply) => take(services, request, reply));
  app.post(`${url}/accept`, here, (request, reply) => accept(services, request, reply));
  app.post(`${url}/reject`, here, (request, reply) => reject(services, request, reply));
  app.get(`${url}/reject`, (request, reply) => previewEnding(services, request, reply, 'reject'));
};
