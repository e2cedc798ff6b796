import type { FastifyReply } from 'fastify';
import type { ApplicantView } from '#application/applicantQueries.ts';
import { nameOn } from '#application/offices.ts';
import { dueText } from '../../dueText.ts';
import { answerCards } from '../../forms/answerCards.ts';
import { allAnswersOf } from '../../forms/answers.ts';
import type { Draft } from '../../forms/draft.ts';
import { officeSays } from '../../forms/officeSays.ts';
import { nextDueOf, progressOf } from '../../forms/progress.ts';
import { originOf } from '../../origin.ts';
import { Problem } from '../../problems.ts';
import { dayText } from '../../times.ts';
import { freshDraft, heldDraft, keepDraftInFront } from './drafts.ts';
import { showTooLate } from './overtaken.ts';
import { answering, goTo, hidden, type PublicPages, protectedForm, type Turn } from './publicPages.ts';
import { currentVisit } from './visits.ts';

const birthsOf = ({ request }: Turn, { births }: ApplicantView) =>
  births && {
    by: request.text('births.by', {
      institution: births.institution.name,
      day: dayText(request.locale, births.annotatedOn),
    }),
    children: births.children.map(({ bornOn, sex }) =>
      request.text('births.child', { day: dayText(request.locale, bornOn), sex: request.text(`births.sex.${sex}`) }),
    ),
  };

const ordinaryOf = ({ services, request }: Turn, { ordinary: { current, voided } }: ApplicantView) => {
  if (current === undefined && voided.length === 0) return undefined;
  return {
    current: current && { ...current, office: nameOn(services.deps.offices, current.office, current.issuedOn) },
    voided: voided.map((one) => ({ ...one, reason: request.text(`certificate.void.${one.reason}`) })),
  };
};

const viewOf = (turn: Turn, view: ApplicantView) => {
  const { services, request } = turn;
  const { deps } = services;
  const { locale } = request;
  const { row, data, office, canAmend, canWithdraw, canResubmit } = view;
  const dueIn = (day: string | undefined) => day && dueText(deps, locale, row.office, day);
  return {
    title: request.text(`public.registration.titles.${row.status}`),
    status: row.status,
    row,
    certificate: row.status === 'registered' ? row.certificate : undefined,
    office,
    births: birthsOf(turn, view),
    due: dueIn(nextDueOf(row)),
    stages: progressOf(view).map((stage) => ({ ...stage, due: dueIn(stage.due) })),
    said: officeSays(locale, view),
    ordinary: ordinaryOf(turn, view),
    cards: answerCards({ locale, divisions: deps.divisions }, data),
    can: { amend: canAmend, withdraw: canWithdraw, resubmit: canResubmit, erase: row.status === 'withdrawn' },
    told: ['amended', 'withdrawn'].find((key) => Object.hasOwn(request.query as object, key)),
  };
};

const show = async (turn: Turn): Promise<FastifyReply> => {
  const visit = await currentVisit(turn.services, turn.request, turn.reply);
  if (visit === undefined) return goTo(turn.reply, '/lookup?ended');
  return turn.reply.page('public/registration', viewOf(turn, visit.view));
};

const opened = async ({ services, request, reply }: Turn): Promise<ApplicantView> => {
  const visit = await currentVisit(services, request, reply);
  if (visit === undefined) throw new Problem('notOpened');
  return visit.view;
};

/** Begins a form with the registration's data in it, in front of what was being filled in. */
const takeOver = async ({ services, request, reply }: Turn, { data }: ApplicantView, differing: Partial<Draft>) => {
  const draft = { ...freshDraft(services), ...allAnswersOf(data), ...differing };
  await keepDraftInFront(services, reply, await heldDraft(services, request), draft);
};

const amend = async (turn: Turn): Promise<FastifyReply> => {
  const view = await opened(turn);
  const { row, canAmend } = view;
  if (!canAmend) return showTooLate(turn, row.status);
  await takeOver(turn, view, { registrationId: row.id, amends: { revision: row.revision } });
  return goTo(turn.reply, '/register/check');
};

const resubmit = async (turn: Turn): Promise<FastifyReply> => {
  const view = await opened(turn);
  if (!view.canResubmit) throw new Problem('untimely');
  await takeOver(turn, view, { predecessor: view.row.id });
  return goTo(turn.reply, '/register');
};

const askWithdrawal = async (turn: Turn): Promise<FastifyReply> => {
  const { canWithdraw } = await opened(turn);
  if (!canWithdraw) return goTo(turn.reply, '/registration');
  return turn.reply.page('public/withdraw', { title: turn.request.text('public.withdraw.title') });
};

const withdraw = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const { row } = await opened(turn);
  const act = { commandId: services.deps.ids(), from: originOf(request, 'public') };
  const withdrawn = await services.applicant.withdraw(row.id, act);
  const isDone = withdrawn.outcome === 'done' || row.status === 'withdrawn';
  if (!isDone) return showTooLate(turn, row.status);
  return goTo(reply, '/registration?withdrawn');
};

/** `/registration`: what became of it, until when the next thing happens, and what the couple can do (R4, R10). */
export const registrationRoutes = ({ app, services }: PublicPages): void => {
  const answered = answering(services);
  app.get('/registration', hidden, answered(show));
  app.post('/registration/amend', protectedForm(app), answered(amend));
  app.post('/registration/resubmit', protectedForm(app), answered(resubmit));
  app.get('/registration/withdraw', hidden, answered(askWithdrawal));
  app.post('/registration/withdraw', protectedForm(app), answered(withdraw));
};
