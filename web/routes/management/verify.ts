import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import type { LookUp } from '#application/verification.ts';
import { declineReasons } from '#domain/registration/events.ts';
import { Problem } from '../../problems.ts';
import { staffOf } from './access.ts';
import type { Interruption } from './caseModel.ts';
import { showCase, viewFor } from './casePage.ts';
import { missingReasons, previewEnding } from './ending.ts';
import { answerAct } from './outcomes.ts';
import { actOf, idOf } from './review.ts';
import { type CaseForm, formOf, type SeenDocument, type Typed } from './typed.ts';

/** The documents staff saw and what they wrote, as one text that is recorded as evidence. */
const evidenceOf = (request: FastifyRequest, { documents, evidence }: Typed): string => {
  const line = ({ kind, number, shows }: SeenDocument) =>
    request.text('verification.documentLine', { kind: request.text(`verification.documents.${kind}`), number, shows });
  return [...documents.map(line), evidence.trim()].filter((part) => part !== '').join('\n');
};

/** What the evidence lacks, field by field: each document needs its kind, its number and what it shows. */
const missingEvidence = (request: FastifyRequest, lookUp: LookUp, { documents, evidence }: Typed) => {
  const error = (field: string, key: string) => ({ field, message: request.text(`cases.errors.${key}`) });
  if (lookUp.answer.outcome === 'found') {
    const differs = lookUp.comparisons.some(({ agrees }) => !agrees);
    return differs && evidence.trim() === '' ? [error('evidence', 'noExplanation')] : [];
  }
  if (documents.length === 0) return [error('document0', 'noDocument')];
  return documents.flatMap(({ kind, number, shows }, n) => [
    ...(kind === '' ? [error(`document${n}`, 'noDocumentKind')] : []),
    ...(number === '' ? [error(`number${n}`, 'noDocumentNumber')] : []),
    ...(shows === '' ? [error(`shows${n}`, 'noDocumentShows')] : []),
  ]);
};

/** The look-up that the sender's page showed; undefined where another took its place or it has ended. */
const shownLookUp = async (services: Services, request: FastifyRequest, { askedAt }: CaseForm) => {
  const lookUp = await services.verifications.recall(staffOf(request), idOf(request));
  return lookUp?.askedAt === askedAt ? lookUp : undefined;
};

const askAgain = (typed: Typed): Interruption => ({ status: 409, problem: 'lookUpEnded', typed });

const certificateWait = { times: 20, ms: 50 };

/** The certificate is issued by itself within moments: the page that follows shows it, unless it takes longer than 1 s. */
const awaitCertificate = async ({ certificates, deps }: Services, id: string): Promise<void> => {
  for (let tries = 0; tries < certificateWait.times; tries += 1) {
    if ((await certificates.content(id)) !== undefined) return;
    await deps.wait(certificateWait.ms);
  }
};

/** The verification and what is decided on it (R7, §3.1.1(3)). */
export const verifyRoutes = (app: FastifyInstance, services: Services): void => {
  app.post('/registrations/:id/look-up', async (request, reply) => {
    const view = await viewFor(services, request, idOf(request));
    if (!view.mayRegister) throw new Problem('forbidden', { detail: request.text('cases.forbidden.office') });
    if (view.row.status === 'accepted') {
      await services.verifications.lookUp(staffOf(request), view.row.id, view.data);
    }
    return reply.redirect(`/registrations/${view.row.id}#verification`, 303);
  });

  app.post('/registrations/:id/register', async (request: FastifyRequest, reply: FastifyReply) => {
    const form = formOf(request.body);
    const { typed } = form;
    const lookUp = await shownLookUp(services, request, form);
    if (lookUp === undefined) return showCase(services, request, reply, askAgain(typed));
    const errors = missingEvidence(request, lookUp, typed);
    if (errors.length > 0) return showCase(services, request, reply, { status: 400, errors, typed });
    const verified = services.verifications.verified(lookUp, evidenceOf(request, typed));
    const outcome = await services.staff.register(idOf(request), actOf(request, form), verified);
    if (outcome.outcome === 'done') await awaitCertificate(services, idOf(request));
    return answerAct(services, request, reply, outcome, { done: 'registered', typed });
  });

  app.post('/registrations/:id/decline', async (request: FastifyRequest, reply: FastifyReply) => {
    const form = formOf(request.body);
    const typed = { ...form.typed, kind: 'decline' as const };
    if (form.step === 'edit') return showCase(services, request, reply, { status: 200, typed });
    const lookUp = await shownLookUp(services, request, form);
    if (lookUp === undefined) return showCase(services, request, reply, askAgain(typed));
    const reasons = declineReasons.filter((code) => typed.reasons.includes(code));
    const errors = missingReasons(request, reasons, typed.text);
    if (errors.length > 0) return showCase(services, request, reply, { status: 400, errors, typed });
    if (form.step !== 'confirm') return previewEnding(services, request, reply, form, 'decline');
    const verified = services.verifications.verified(lookUp, '');
    const outcome = await services.staff.decline(idOf(request), actOf(request, form), verified, reasons, typed.text);
    return answerAct(services, request, reply, outcome, { done: 'declined', typed });
  });
};
