import type { FastifyReply, FastifyRequest } from 'fastify';
import { dueText } from '../../dueText.ts';
import { answerCards } from '../../forms/answerCards.ts';
import { allAnswersOf } from '../../forms/answers.ts';
import { nextDueOf, progressOf } from '../../forms/progress.ts';
import { Problem } from '../../problems.ts';
import { freshDraft, heldDraft, keepDraftInFront } from './drafts.ts';
import { goTo, hidden, type PublicPages } from './publicPages.ts';
import { currentVisit, openVisit } from './visits.ts';

/** `/registration`: what became of it, until when the next thing happens, and what the couple can do (R4, R10). */
export const registrationRoutes = ({ app, services }: PublicPages): void => {
  const { deps, applicant } = services;
  const protectedForm = { ...hidden, preHandler: app.csrfProtection };

  const show = async (request: FastifyRequest, reply: FastifyReply) => {
    const visit = await currentVisit(services, request, reply);
    if (visit === undefined) return goTo(reply, '/lookup?ended');
    const { locale } = request;
    const { row, data, office, text, canAmend, canWithdraw, canResubmit } = visit.view;
    const dueIn = (day: string | undefined) => day && dueText(deps, locale, row.office, day);
    const outcome = row.status === 'declined' ? 'decline' : 'reject';
    return reply.page('public/registration', {
      title: request.text(`public.registration.titles.${row.status}`),
      status: row.status,
      row,
      office,
      due: dueIn(nextDueOf(row)),
      stages: progressOf(row).map((stage) => ({ ...stage, due: dueIn(stage.due) })),
      reasons: (row.reasons ?? []).map((reason) => request.text(`reasons.${outcome}.${reason}`)),
      officeText: text,
      cards: answerCards({ locale, divisions: deps.divisions }, data),
      can: { amend: canAmend, withdraw: canWithdraw, resubmit: canResubmit },
      told: ['amended', 'withdrawn'].find((key) => Object.hasOwn(request.query as object, key)),
    });
  };

  const opened = async (request: FastifyRequest, reply: FastifyReply) => {
    const visit = await currentVisit(services, request, reply);
    if (visit === undefined) throw new Problem('unauthenticated', { detail: request.text('public.lookup.ended') });
    return visit.view;
  };

  app.get('/registration', hidden, show);

  app.post('/registration/amend', protectedForm, async (request, reply) => {
    const { row, data, canAmend } = await opened(request, reply);
    if (!canAmend) return reply.page('public/reviewed', { title: request.text('public.reviewed.title') }, 409);
    const amends = { revision: row.revision };
    const draft = { ...freshDraft(services), ...allAnswersOf(data), registrationId: row.id, amends };
    await keepDraftInFront(services, reply, await heldDraft(services, request), draft);
    return goTo(reply, '/register/check');
  });

  app.post('/registration/resubmit', protectedForm, async (request, reply) => {
    const { row, data, canResubmit } = await opened(request, reply);
    if (!canResubmit) throw new Problem('untimely');
    const draft = { ...freshDraft(services), ...allAnswersOf(data), predecessor: row.id };
    await keepDraftInFront(services, reply, await heldDraft(services, request), draft);
    return goTo(reply, '/register');
  });

  app.get('/registration/withdraw', hidden, async (request, reply) => {
    const { canWithdraw } = await opened(request, reply);
    if (!canWithdraw) return goTo(reply, '/registration');
    return reply.page('public/withdraw', { title: request.text('public.withdraw.title') });
  });

  app.post('/registration/withdraw', protectedForm, async (request, reply) => {
    const { row } = await opened(request, reply);
    const withdrawn = await applicant.withdraw(row.id, { commandId: deps.ids() });
    const isDone = withdrawn.outcome === 'done' || row.status === 'withdrawn';
    if (!isDone) return reply.page('public/reviewed', { title: request.text('public.reviewed.title') }, 409);
    await openVisit(services, reply, { registrationId: row.id, receipt: false });
    return goTo(reply, '/registration?withdrawn');
  });
};
