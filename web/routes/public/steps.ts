import type { FastifyReply, FastifyRequest } from 'fastify';
import { type SectionName, sections } from '#domain/registration/fields.ts';
import { type Answers, answersFrom, type Fault } from '../../forms/answers.ts';
import { idOf } from '../../forms/fieldView.ts';
import { type StepAct, stepAct } from '../../forms/stepAct.ts';
import { draftNotice, flagsOf, stepView } from '../../forms/stepView.ts';
import { Problem } from '../../problems.ts';
import {
  answering,
  askingOf,
  bodyOf,
  type Filling,
  faultFound,
  filling,
  fromOf,
  goTo,
  hidden,
  isNews,
  isTold,
  nextPath,
  type PublicPages,
  protectedForm,
  saveDraft,
  type Turn,
  tellOn,
} from './publicPages.ts';
import { showByGet } from './shownPages.ts';

type Shown = { answers: Answers; faults: readonly Fault[] };

const stepOf = (request: FastifyRequest): SectionName => {
  const { step } = request.params as { step: string };
  if (!Object.hasOwn(sections, step)) throw new Problem('absent');
  return step as SectionName;
};

const modelOf = (turn: Turn, { draft, checked }: Filling, shown: Shown) => {
  const view = stepView(askingOf(turn), stepOf(turn.request), fromOf(turn.request), { ...shown, checked });
  return { ...view, notice: draftNotice(draft) };
};

const open = async (turn: Turn): Promise<FastifyReply> => {
  const step = stepOf(turn.request);
  const now = await filling(turn.services, turn.request);
  const { statuses } = now.checked;
  if (now.held.submitted !== undefined || statuses[step] === 'blocked') return goTo(turn.reply, '/register');
  const told = statuses[step] === 'fix' || isTold(turn.request);
  const faults = told ? now.checked.faults[step] : [];
  const said = await faultFound(turn, now, step);
  const model = { ...modelOf(turn, now, { answers: now.draft.answers[step] ?? {}, faults }), said };
  return turn.reply.page('public/step', model, isTold(turn.request) && faults.length > 0 ? 400 : 200);
};

const stay = ({ request, reply }: Turn, name: string): FastifyReply =>
  goTo(reply, `/register/${stepOf(request)}${fromOf(request) && '?from=check'}#${idOf(name)}`);

const goOn = async (
  turn: Turn,
  now: Filling,
  { broughtUp }: Extract<StepAct, { act: 'continue' }>,
): Promise<FastifyReply> => {
  const step = stepOf(turn.request);
  const faults = now.checked.faults[step];
  const unseen = broughtUp.filter((name) => faults.some(({ field }) => field === `${step}.${name}`));
  if (unseen[0] !== undefined && unseen.length === faults.length) return stay(turn, unseen[0]);
  if (faults.length > 0 || isNews(turn.request, flagsOf(now.checked, step)))
    return tellOn(turn.request, turn.reply, `/register/${step}`);
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
  const now = await filling(services, request);
  const answers = answersFrom(sections[stepOf(request)], bodyOf(request));
  const expired = now.held.draft === undefined ? 'nothingKept' : 'restKept';
  const model = { ...modelOf(turn, now, { answers, faults: [] }), expired };
  return showByGet(turn, { view: 'public/step', model, status: 403 });
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
