import type { FastifyReply, FastifyRequest } from 'fastify';
import { type SectionName, sections } from '#domain/registration/fields.ts';
import { type Answers, answersFrom, type Fault } from '../../forms/answers.ts';
import { idOf } from '../../forms/fieldView.ts';
import { type StepAct, stepAct } from '../../forms/stepAct.ts';
import { draftNotice, stepView } from '../../forms/stepView.ts';
import { Problem } from '../../problems.ts';
import {
  answering,
  askingOf,
  bodyOf,
  type Filling,
  filling,
  fromOf,
  goTo,
  hidden,
  nextPath,
  type PublicPages,
  protectedForm,
  saveDraft,
  type Turn,
} from './publicPages.ts';

type Shown = { answers: Answers; faults: readonly Fault[]; status?: number; expired?: boolean };

const stepOf = (request: FastifyRequest): SectionName => {
  const { step } = request.params as { step: string };
  if (!Object.hasOwn(sections, step)) throw new Problem('absent');
  return step as SectionName;
};

const show = (turn: Turn, { draft, checked }: Filling, shown: Shown): Promise<FastifyReply> => {
  const { request, reply } = turn;
  const { status = 200, expired = false } = shown;
  const view = stepView(askingOf(turn), stepOf(request), fromOf(request), { ...shown, checked });
  return reply.page('public/step', { ...view, expired, notice: draftNotice(draft) }, status);
};

const open = async (turn: Turn): Promise<FastifyReply> => {
  const step = stepOf(turn.request);
  const now = await filling(turn.services, turn.request);
  const { statuses, faults } = now.checked;
  if (statuses[step] === 'blocked') return goTo(turn.reply, '/register');
  const answers = now.draft.answers[step] ?? {};
  return show(turn, now, { answers, faults: statuses[step] === 'fix' ? faults[step] : [] });
};

const stay = ({ request, reply }: Turn, name: string): FastifyReply =>
  goTo(reply, `/register/${stepOf(request)}${fromOf(request) && '?from=check'}#${idOf(name)}`);

const goOn = async (
  turn: Turn,
  now: Filling,
  { answers, broughtUp }: Extract<StepAct, { act: 'continue' }>,
): Promise<FastifyReply> => {
  const step = stepOf(turn.request);
  const faults = now.checked.faults[step];
  const unseen = broughtUp.filter((name) => faults.some(({ field }) => field === `${step}.${name}`));
  if (unseen[0] !== undefined && unseen.length === faults.length) return stay(turn, unseen[0]);
  if (faults.length > 0) return show(turn, now, { answers, faults, status: 400 });
  return goTo(turn.reply, nextPath(step, now, fromOf(turn.request)));
};

const post = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const step = stepOf(request);
  const before = await filling(services, request);
  const acted = stepAct({ step, body: bodyOf(request), draft: before.draft });
  const now = await saveDraft(turn, before, { answers: { ...before.draft.answers, [step]: acted.answers } });
  switch (acted.act) {
    case 'stay':
      return stay(turn, acted.at);
    case 'save':
      return goTo(reply, '/register?saved');
    case 'continue':
      return goOn(turn, now, acted);
  }
};

/** A page that stood open too long is shown again as it was filled in; nothing was saved. */
const expired = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request } = turn;
  const answers = answersFrom(sections[stepOf(request)], bodyOf(request));
  return show(turn, await filling(services, request), { answers, faults: [], status: 403, expired: true });
};

/** `/register/<step>`: one section a page, kept as it is typed, told at once what cannot be right. */
export const stepRoutes = ({ app, services }: PublicPages): void => {
  const answered = answering(services);
  const form = {
    ...protectedForm(app),
    errorHandler: async (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
      if (!String((error as { code?: string }).code).startsWith('FST_CSRF')) throw error;
      return expired({ services, request, reply });
    },
  };
  app.get('/register/:step', hidden, answered(open));
  app.post('/register/:step', form, answered(post));
};
