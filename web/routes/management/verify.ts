import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { evidenceFaults, evidenceText, type GivenEvidence } from '#application/evidence.ts';
import type { Services } from '#application/services.ts';
import type { LookedUp, LookUp } from '#application/verification.ts';
import { declineReasons } from '#domain/registration/events.ts';
import { evidenceLine } from '../../evidenceLine.ts';
import { Problem } from '../../problems.ts';
import { limitByAccount, limits } from '../../rateLimit.ts';
import { idOf, staffOf } from './access.ts';
import type { Interruption } from './caseModel.ts';
import { missingReasons, previewEnding } from './ending.ts';
import { answerAct } from './outcomes.ts';
import { showForm } from './parkedForms.ts';
import { actOf } from './review.ts';
import { type CaseForm, formOf, type Typed } from './typed.ts';

const givenBy = ({ documents, evidence }: Typed): GivenEvidence => ({ documents, explanation: evidence });

/** Where the form asks for what the evidence lacks: `documents.0.number` is its `number0`. */
const fieldAt = (field: string): string => {
  const [, n = '0', part = 'kind'] = field.split('.');
  return field === 'explanation' ? 'evidence' : `${part === 'kind' ? 'document' : part}${n}`;
};

const missingEvidence = (request: FastifyRequest, lookUp: LookUp, given: GivenEvidence) =>
  evidenceFaults(lookUp, given).map(({ field, code }) => ({
    field: fieldAt(field),
    message: request.text(`cases.errors.${code}`),
  }));

/** Throws `absent` or `forbidden`, with the reason. */
const refuse = (request: FastifyRequest, asked: Extract<LookedUp, { outcome: 'absent' | 'forbidden' }>): never => {
  if (asked.outcome === 'absent') throw new Problem('absent');
  throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${asked.reason}`) });
};

/** The look-up that the sender's page showed; undefined where another took its place or it has ended. */
const shownLookUp = async (services: Services, request: FastifyRequest, { askedAt }: CaseForm) => {
  const [staff, id] = [staffOf(request), idOf(request)];
  const lookUp = await services.verifications.recall(staff, id);
  if (lookUp?.askedAt === askedAt) return lookUp;
  const asked = await services.verifications.registrable(staff, id);
  return asked.outcome === 'absent' || asked.outcome === 'forbidden' ? refuse(request, asked) : undefined;
};

const askAgain = { status: 409, problem: 'lookUpEnded' } as const satisfies Interruption;

const certificateWait = { times: 20, ms: 50 };

/** The certificate is issued by itself within moments: the page that follows shows it, unless it takes longer than 1 s. */
const awaitCertificate = async ({ certificates, deps }: Services, id: string): Promise<void> => {
  for (let tries = 0; tries < certificateWait.times; tries += 1) {
    if (await certificates.isIssued(id)) return;
    await deps.wait(certificateWait.ms);
  }
};

const lookUp = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const id = idOf(request);
  const staff = staffOf(request);
  await limitByAccount(services, limits.inquiries, staff.account);
  const asked = await services.verifications.lookUp(staff, id);
  if (asked.outcome === 'absent' || asked.outcome === 'forbidden') refuse(request, asked);
  // One that was decided meanwhile says so itself.
  return reply.redirect(`/registrations/${id}#verification`, 303);
};

const register = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const form = formOf(request.body);
  const shown = await shownLookUp(services, request, form);
  if (shown === undefined) return showForm(services, request, reply, askAgain);
  const given = givenBy(form.typed);
  const errors = missingEvidence(request, shown, given);
  if (errors.length > 0) return showForm(services, request, reply, { status: 400, errors });
  const verified = services.verifications.verified(shown, evidenceText(given, evidenceLine));
  const outcome = await services.staff.register(idOf(request), actOf(request, form), verified);
  if (outcome.outcome === 'done') await awaitCertificate(services, idOf(request));
  return answerAct(services, request, reply, outcome, 'registered');
};

const decline = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const form = formOf(request.body);
  const { typed, step } = form;
  const shown = await shownLookUp(services, request, form);
  if (shown === undefined) return showForm(services, request, reply, askAgain);
  const reasons = declineReasons.filter((code) => typed.reasons.includes(code));
  const errors = missingReasons(request, reasons, typed.text);
  if (errors.length > 0) return showForm(services, request, reply, { status: 400, errors });
  if (step !== 'confirm') return showForm(services, request, reply, { status: 200 }, request.url);
  const verified = services.verifications.verified(shown, '');
  const outcome = await services.staff.decline(idOf(request), actOf(request, form), verified, reasons, typed.text);
  return answerAct(services, request, reply, outcome, 'declined');
};

/** The verification and what is decided on it (R7, §3.1.1(3)). */
export const verifyRoutes = (app: FastifyInstance, services: Services): void => {
  const url = '/registrations/:id';
  const here = { config: { formAt: url } };
  app.post(`${url}/look-up`, here, (request, reply) => lookUp(services, request, reply));
  app.post(`${url}/register`, here, (request, reply) => register(services, request, reply));
  app.post(`${url}/decline`, here, (request, reply) => decline(services, request, reply));
  app.get(`${url}/decline`, (request, reply) => previewEnding(services, request, reply, 'decline'));
};
