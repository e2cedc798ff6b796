import type { FastifyReply, FastifyRequest } from 'fastify';
import { yearOf } from '#domain/calendar/day.ts';
import { childFields, mostChildren } from '#domain/registration/fields.ts';
import { type Answers, answersFrom, type Fault, isTouched, readChild } from '../../forms/answers.ts';
import { childrenView, childView, countDisagrees } from '../../forms/childrenView.ts';
import type { ChildAnswers, Draft } from '../../forms/draft.ts';
import { doubts, draftNotice, flagsOf } from '../../forms/stepView.ts';
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
  textOf,
} from './publicPages.ts';

const list = '/register/children';

/** The child that an address names, from 0; one more than there are is a new one. */
const indexOf = (request: FastifyRequest, { children }: Draft): number => {
  const { number } = request.params as { number: string };
  const index = Number(number) - 1;
  const fits = /^[1-9]$/.test(number) && index <= children.length && index < mostChildren;
  if (!fits) throw new Problem('absent');
  return index;
};

/** Where the posted child stands, from 0: its number may be another's by now, its id is its own. */
const placeOf = (request: FastifyRequest, draft: Draft): number => {
  const id = textOf(bodyOf(request), 'child');
  if (id === '') return indexOf(request, draft);
  const found = draft.children.findIndex((child) => child.id === id);
  if (found < 0 && draft.children.length === mostChildren) throw new Problem('absent');
  return found < 0 ? draft.children.length : found;
};

const presentYear = ({ services }: Turn) => yearOf(services.ruleContext().today);

const listFaults = ({ checked }: Filling): readonly Fault[] => [
  ...checked.faults.children,
  ...checked.faults.application.filter(countDisagrees),
];

const children = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const now = await filling(services, request);
  if (now.held.submitted !== undefined) return goTo(reply, '/register');
  const { draft } = now;
  const faults = isTold(request) ? listFaults(now) : [];
  const view = childrenView(request.locale, presentYear(turn), now, fromOf(request), faults);
  const said = await faultFound(turn, now, 'children');
  return reply.page('public/children', { ...view, said, notice: draftNotice(draft) }, faults.length > 0 ? 400 : 200);
};

type Shown = { index: number; child: ChildAnswers; faults: readonly Fault[] };

const childModel = (turn: Turn, now: Filling, { index, child, faults }: Shown) => {
  const { request } = turn;
  const flags = flagsOf(now.checked, `children.${index}`);
  const asking = { ...askingOf(turn), answers: child.answers, faults, flags, data: now.checked.data };
  return {
    ...childView(asking, index, fromOf(request)),
    ...doubts(flags),
    id: child.id,
    notice: draftNotice(now.draft),
  };
};

const remove = async (turn: Turn, before: Filling, id: string): Promise<FastifyReply> => {
  await saveDraft(turn, before, { children: before.draft.children.filter((child) => child.id !== id) });
  return goTo(turn.reply, list);
};

const postList = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const before = await filling(services, request);
  const action = textOf(bodyOf(request), 'action');
  const [, removed] = /^remove:(.+)$/.exec(action) ?? [];
  if (removed !== undefined) return remove(turn, before, removed);
  if (action === 'save') return goTo(reply, '/register?saved');
  const now = await saveDraft(turn, before, { childrenAnswered: true });
  if (listFaults(now).length > 0) return tellOn(request, reply, list);
  return goTo(reply, nextPath('children', now, fromOf(request)));
};

const faultsOf = (turn: Turn, now: Filling, index: number, answers: Answers): readonly Fault[] => {
  const read = readChild(answers, index, presentYear(turn));
  if (read.outcome === 'faulty') return read.faults;
  return now.checked.faults.children.filter(({ field }) => field.startsWith(`children.${index}.`));
};

const child = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const now = await filling(services, request);
  if (now.held.submitted !== undefined) return goTo(reply, '/register');
  const index = indexOf(request, now.draft);
  const kept = now.draft.children[index];
  const one = kept ?? { id: services.deps.ids(), answers: {} };
  const faults = isTold(request) ? faultsOf(turn, now, index, one.answers) : [];
  return reply.page(
    'public/child',
    childModel(turn, now, { index, child: one, faults }),
    faults.length > 0 ? 400 : 200,
  );
};

const postChild = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const before = await filling(services, request);
  const index = placeOf(request, before.draft);
  const answers = answersFrom(childFields, bodyOf(request));
  const id = before.draft.children[index]?.id ?? (textOf(bodyOf(request), 'child') || services.deps.ids());
  const kept = [...before.draft.children];
  kept[index] = { id, answers };
  const now = isTouched(answers) ? await saveDraft(turn, before, { children: kept }) : before;
  if (textOf(bodyOf(request), 'action') === 'save') return goTo(reply, '/register?saved');
  const faults = faultsOf(turn, now, index, answers);
  const isToTell = faults.length > 0 || isNews(request, flagsOf(now.checked, `children.${index}`));
  if (isToTell) return tellOn(request, reply, `${list}/${index + 1}`);
  return goTo(reply, fromOf(request) === '' ? list : `${list}?from=check`);
};

/** `/register/children`: the children the couple has, one page for each. */
export const childrenRoutes = ({ app, services }: PublicPages): void => {
  const answered = answering(services);
  app.get(list, hidden, answered(children));
  app.post(list, protectedForm(app), answered(postList));
  app.get(`${list}/:number`, hidden, answered(child));
  app.post(`${list}/:number`, protectedForm(app), answered(postChild));
};
