import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { OrdinaryOutcome } from '#application/ordinaryCertificates.ts';
import type { Services } from '#application/services.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { Problem } from '../../problems.ts';
import { limitByAccount, limits } from '../../rateLimit.ts';
import { idOf, mayIssueOrdinary, staffOf, tokenOf } from './access.ts';
import { lastSearchOf } from './lastSearch.ts';
import { ordinaryFault } from './ordinaryFaults.ts';
import { deskModel, foundModel, voidedAtCounter } from './ordinaryModel.ts';
import { showForm } from './parkedForms.ts';
import { commandId } from './typed.ts';

const text = (most: number) => z.string().trim().max(most).default('');

const search = z.object({ text: z.string().max(50) });

const form = z.looseObject({
  commandId,
  document: z.enum(documentKinds).catch('other'),
  name: text(60),
  documentNumber: text(60),
  serial: text(40),
  /** The serial that is voided, as the page showed it. */
  voids: text(40),
  reason: z.enum(voidedAtCounter).optional().catch(undefined),
  note: text(500),
});

const formOf = (body: unknown) => {
  const parsed = form.safeParse(body);
  if (!parsed.success) throw new Problem('invalid');
  return parsed.data;
};
type Form = ReturnType<typeof formOf>;

const issuingIn = ({ document, name, documentNumber, serial }: Form) => ({
  bearer: { document, name, documentNumber },
  serial,
});

const findPage = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  if (!mayIssueOrdinary(services, staffOf(request))) throw new Problem('forbidden');
  const kept = lastSearchOf(services, 'ordinary', tokenOf(request));
  const searched = await kept.recall(request.parked?.body['text']);
  const read = searched === '' ? undefined : await services.ordinary.find(staffOf(request), searched);
  if (read?.outcome === 'forbidden') throw new Problem('forbidden');
  const registrations = (read?.registrations ?? []).map((found) => foundModel(services, request, found));
  return reply.page('management/ordinaryFind', {
    title: request.text('ordinary.title'),
    searched,
    registrations,
  });
};

const find = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const typed = search.safeParse(request.body);
  if (!typed.success) throw new Problem('invalid');
  if (!mayIssueOrdinary(services, staffOf(request))) throw new Problem('forbidden');
  await limitByAccount(services, limits.searches, staffOf(request).account);
  await lastSearchOf(services, 'ordinary', tokenOf(request)).keep(typed.data.text.trim());
  return reply.redirect('/ordinary', 303);
};

const deskPage = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const read = await services.ordinary.desk(staffOf(request), idOf(request));
  if (read.outcome === 'forbidden') {
    throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${read.reason}`) });
  }
  if (read.outcome === 'absent') throw new Problem('absent');
  const status = request.parked?.at.status ?? 200;
  return reply.page('management/ordinaryDesk', deskModel(services, request, read.view), status);
};

const answer = (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: OrdinaryOutcome,
  done: 'issued' | 'replaced' | 'voided',
): FastifyReply | Promise<FastifyReply> => {
  const fault = ordinaryFault(services, request, outcome);
  if (fault === undefined) return reply.redirect(`/ordinary/${idOf(request)}?done=${done}`, 303);
  const message = request.text(`ordinary.faults.${fault.code}`, fault.fill);
  return showForm(services, request, reply, { status: 400, errors: [{ field: fault.field, message }] });
};

const voidingIn = ({ voids: serial, reason, note }: Form) => reason && { serial, reason, note };

const noReason = (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const errors = [{ field: 'reason', message: request.text('ordinary.faults.noReason') }];
  return showForm(services, request, reply, { status: 400, errors });
};

/** Ordinary certificates at the counter: find whoever stands there, issue, replace, void (C3–C6). */
export const ordinaryRoutes = (app: FastifyInstance, services: Services): void => {
  const { ordinary } = services;
  const url = '/ordinary/:id';
  const config = { formAt: url };
  const actOf = (request: FastifyRequest, { commandId: id }: Form) => ({ staff: staffOf(request), commandId: id });
  app.get('/ordinary', (request, reply) => findPage(services, request, reply));
  app.post('/ordinary', (request, reply) => find(services, request, reply));
  app.get(url, (request, reply) => deskPage(services, request, reply));
  app.post(`${url}/issue`, { config }, async (request, reply) => {
    const typed = formOf(request.body);
    const outcome = await ordinary.issueOrdinary(idOf(request), actOf(request, typed), issuingIn(typed));
    return answer(services, request, reply, outcome, 'issued');
  });
  app.post(`${url}/replace`, { config }, async (request, reply) => {
    const typed = formOf(request.body);
    const voiding = voidingIn(typed);
    if (voiding === undefined) return noReason(services, request, reply);
    const outcome = await ordinary.replaceOrdinary(idOf(request), actOf(request, typed), voiding, issuingIn(typed));
    return answer(services, request, reply, outcome, 'replaced');
  });
  app.post(`${url}/void`, { config }, async (request, reply) => {
    const typed = formOf(request.body);
    const voiding = voidingIn(typed);
    if (voiding === undefined) return noReason(services, request, reply);
    const outcome = await ordinary.voidOrdinary(idOf(request), actOf(request, typed), voiding);
    return answer(services, request, reply, outcome, 'voided');
  });
};
