import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { rejectReasons } from '#domain/registration/events.ts';
import { staffOf } from './access.ts';
import { showCase, viewFor } from './casePage.ts';
import { missingReasons, previewEnding } from './ending.ts';
import { answerAct } from './outcomes.ts';
import { type CaseForm, formOf } from './typed.ts';

/** The act of whoever sent a form, based on what their page showed. */
export const actOf = (request: FastifyRequest, { commandId, basedOn }: CaseForm) => ({
  staff: staffOf(request),
  commandId,
  basedOn,
});

/** The registration that an address names. */
export const idOf = (request: FastifyRequest): string => (request.params as { id: string }).id;

/** Taking the task, and the initial review (R6, §3.1.1(2)). */
export const reviewRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/registrations/:id', async (request, reply) => showCase(services, request, reply));

  app.get('/registrations/:id/take-over', async (request, reply) => {
    const view = await viewFor(services, request, idOf(request));
    const open = view.row.status === 'submitted' || view.row.status === 'received';
    const own = view.row.handler === staffOf(request).account;
    if (!view.mayReview || !open || own || view.handlerName === undefined) {
      return reply.redirect(`/registrations/${view.row.id}`, 303);
    }
    return reply.page('management/takeOver', {
      title: request.text('cases.takeOver.title', { handler: view.handlerName }),
      id: view.row.id,
      couple: `${view.data.wife.name} / ${view.data.husband.name}`,
      handler: view.handlerName,
      receivedAt: view.row.receivedAt,
      revision: view.row.revision,
    });
  });

  app.post('/registrations/:id/take', async (request, reply) => {
    const form = formOf(request.body);
    const outcome = await services.staff.receiveTask(idOf(request), actOf(request, form));
    return answerAct(services, request, reply, outcome, { done: 'took' });
  });

  app.post('/registrations/:id/accept', async (request, reply) => {
    const form = formOf(request.body);
    const outcome = await services.staff.accept(idOf(request), actOf(request, form));
    return answerAct(services, request, reply, outcome, { done: 'accepted' });
  });

  app.post('/registrations/:id/reject', async (request: FastifyRequest, reply: FastifyReply) => {
    const form = formOf(request.body);
    const typed = { ...form.typed, kind: 'reject' as const };
    if (form.step === 'edit') return showCase(services, request, reply, { status: 200, typed });
    const reasons = rejectReasons.filter((code) => typed.reasons.includes(code));
    const errors = missingReasons(request, reasons, typed.text);
    if (errors.length > 0) return showCase(services, request, reply, { status: 400, errors, typed });
    if (form.step !== 'confirm') return previewEnding(services, request, reply, form, 'reject');
    const outcome = await services.staff.reject(idOf(request), actOf(request, form), reasons, typed.text);
    return answerAct(services, request, reply, outcome, { done: 'rejected', typed });
  });
};
