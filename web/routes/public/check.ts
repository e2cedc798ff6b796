import type { FastifyReply } from 'fastify';
import { match, P } from 'ts-pattern';
import type { Submission } from '#application/submitRegistration.ts';
import { Problem } from '../../problems.ts';
import { limitByAddress, limits } from '../../rateLimit.ts';
import { dayText } from '../../times.ts';
import { type Sent, showCheck, showViolations, tellWrong } from './checkPage.ts';
import { closeDraft, keepDraft } from './drafts.ts';
import { fasterOf, showOvertaken, showTooLate } from './overtaken.ts';
import {
  answering,
  bodyOf,
  filling,
  goTo,
  hidden,
  type PublicPages,
  protectedForm,
  type Turn,
  textOf,
} from './publicPages.ts';
import { showByGet } from './shownPages.ts';
import { type Answered, send } from './submission.ts';
import { currentVisit, openVisit, type Visit } from './visits.ts';

/** The query code is shown for so long after the submission (R3). */
const receiptMs = 30 * 60_000;

const receiptOf = ({ services }: Turn, { draft }: Sent): Visit => ({
  registrationId: draft.registrationId,
  receiptUntil: services.deps.clock() + receiptMs,
});

const submitted = async (turn: Turn, sent: Sent): Promise<FastifyReply> => {
  const { services, reply } = turn;
  const visit = receiptOf(turn, sent);
  await closeDraft(services, reply, sent.held, visit);
  await openVisit(services, reply, visit);
  return goTo(reply, '/receipt');
};

/** A registration that is open already stays so, and its query code is shown for as long as it was to be. */
const amended = async ({ services, request, reply }: Turn, { held, draft }: Sent): Promise<FastifyReply> => {
  const { registrationId } = draft;
  await closeDraft(services, reply, held);
  const visit = await currentVisit(services, request, reply);
  if (visit?.registrationId !== registrationId) await openVisit(services, reply, { registrationId });
  return goTo(reply, '/registration?amended');
};

/**
 * What was sent first stands: the couple see its query code, and what they changed since then waits as an amendment of
 * it, to be sent with one more press while it may still be (R4).
 */
const standsAlready = async (turn: Turn, sent: Sent): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const { held, draft } = sent;
  const view = await services.applicant.view(draft.registrationId);
  if (view === undefined) throw new Problem('unavailable');
  const visit = receiptOf(turn, sent);
  const amends = { revision: view.row.revision };
  if (view.canAmend) await keepDraft(services, reply, held, { ...draft, commandId: services.deps.ids(), amends });
  else await closeDraft(services, reply, held, visit);
  await openVisit(services, reply, visit);
  const model = { title: request.text('public.standsAlready.title'), canAmend: view.canAmend };
  return showByGet(turn, { view: 'public/standsAlready', model, status: 409 });
};

const duplicate = (turn: Turn, office: string, submittedOn: string): Promise<FastifyReply> => {
  const { services, request } = turn;
  const model = {
    title: request.text('public.duplicate.title'),
    office: services.deps.offices.find(office),
    since: dayText(request.locale, submittedOn),
  };
  return showByGet(turn, { view: 'public/duplicate', model, status: 409 });
};

type Rejection = Extract<Submission, { outcome: 'rejected' }>['rejection'];

const refused = (turn: Turn, sent: Sent, rejection: Rejection): Promise<FastifyReply> =>
  match(rejection)
    .with({ type: 'untimely' }, ({ status }) => showTooLate(turn, status))
    .with({ type: P.union('absent', 'erased', 'withinRetention') }, () => showOvertaken(turn, 'office'))
    .with({ type: 'alreadySubmitted' }, () => standsAlready(turn, sent))
    .with({ type: 'invalid' }, ({ violations }) => showViolations(turn, sent, violations))
    .with({ type: 'unpublished' }, ({ year }) => {
      throw new Problem('unpublished', { fill: { year }, detail: turn.request.text('public.check.kept') });
    })
    .with({ type: 'otherCouple' }, () => tellWrong(turn, 'otherCouple'))
    .otherwise(() => tellWrong(turn, 'unchanged'));

const answer = (turn: Turn, { sent, submission }: Answered): Promise<FastifyReply> =>
  match(submission)
    .with({ outcome: 'done' }, () => (sent.draft.amends === undefined ? submitted(turn, sent) : amended(turn, sent)))
    .with({ outcome: 'duplicate' }, ({ office, submittedOn }) => duplicate(turn, office, submittedOn))
    .with({ outcome: 'otherContent' }, () => standsAlready(turn, sent))
    .with({ outcome: 'fencedOff' }, () => {
      throw new Problem('unavailable');
    })
    .with({ outcome: 'stale' }, ({ since }) => showOvertaken(turn, fasterOf(since)))
    .with({ outcome: 'rejected' }, ({ rejection }) => refused(turn, sent, rejection))
    .exhaustive();

const check = async (turn: Turn): Promise<FastifyReply> => {
  const { held, draft, checked } = await filling(turn.services, turn.request);
  if (checked.complete === undefined) return goTo(turn.reply, '/register');
  return showCheck(turn, { held, draft, data: checked.complete });
};

const post = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const { held, draft, checked } = await filling(services, request);
  if (held.submitted !== undefined) {
    await openVisit(services, reply, held.submitted);
    return goTo(reply, '/receipt');
  }
  if (checked.complete === undefined) return goTo(reply, '/register');
  const sent = { held, draft, data: checked.complete };
  if (textOf(bodyOf(request), 'true') !== 'yes') return tellWrong(turn, 'promiseMissing');
  await limitByAddress(services, limits.submissions, request);
  return answer(turn, await send(turn, sent));
};

/** `/register/check`: read over what was filled in, promise that it is true, submit. */
export const checkRoutes = ({ app, services }: PublicPages): void => {
  const answered = answering(services);
  app.get('/register/check', hidden, answered(check));
  app.post('/register/check', protectedForm(app), answered(post));
};
