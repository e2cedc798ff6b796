import type { FastifyReply, FastifyRequest } from 'fastify';
import { yearOf } from '#domain/calendar/day.ts';
import { childFields, mostChildren } from '#domain/registration/fields.ts';
import { type Answers, answersFrom, type Fault, isTouched, readChild } from '../../forms/answers.ts';
import { childrenView, childView, countDisagrees } from '../../forms/childrenView.ts';
import type { Draft } from '../../forms/draft.ts';
import { draftNotice } from '../../forms/stepView.ts';
import { Problem } from '../../problems.ts';
import {
  bodyOf,
  type Filling,
  filling,
  fromOf,
  goTo,
  hidden,
  nextPath,
  type PublicPages,
  saveDraft,
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

/** `/register/children`: the children the couple has, one page for each. */
export const childrenRoutes = ({ app, services }: PublicPages): void => {
  const { divisions, offices } = services.deps;
  const protectedForm = { ...hidden, preHandler: app.csrfProtection };
  const showList = (
    request: FastifyRequest,
    reply: FastifyReply,
    now: Filling,
    faults: readonly Fault[],
    status = 200,
  ) =>
    reply.page(
      'public/children',
      { ...childrenView(request.locale, now.draft, fromOf(request), faults), notice: draftNotice(now.draft) },
      status,
    );

  const showChild = (
    request: FastifyRequest,
    reply: FastifyReply,
    now: Filling,
    {
      index,
      answers,
      faults,
      status = 200,
    }: { index: number; answers: Answers; faults: readonly Fault[]; status?: number },
  ) => {
    const asking = { locale: request.locale, divisions, offices, answers, faults, data: now.checked.data };
    return reply.page(
      'public/child',
      { ...childView(asking, index, fromOf(request)), notice: draftNotice(now.draft) },
      status,
    );
  };

  app.get(list, hidden, async (request, reply) => showList(request, reply, await filling(services, request), []));

  app.post(list, protectedForm, async (request, reply) => {
    const before = await filling(services, request);
    const action = textOf(bodyOf(request), 'action');
    const [, removed] = /^remove:(\d)$/.exec(action) ?? [];
    if (removed !== undefined) {
      await saveDraft(services, reply, before, {
        children: before.draft.children.filter((_, at) => at !== Number(removed)),
      });
      return goTo(reply, list);
    }
    if (action === 'save') return goTo(reply, '/register?saved');
    const now = await saveDraft(services, reply, before, { childrenAnswered: true });
    const faults = [...now.checked.faults.children, ...now.checked.faults.application.filter(countDisagrees)];
    if (faults.length > 0) return showList(request, reply, now, faults, 400);
    return goTo(reply, nextPath('children', now, fromOf(request)));
  });

  app.get(`${list}/:number`, hidden, async (request, reply) => {
    const now = await filling(services, request);
    const index = indexOf(request, now.draft);
    return showChild(request, reply, now, { index, answers: now.draft.children[index] ?? {}, faults: [] });
  });

  app.post(`${list}/:number`, protectedForm, async (request, reply) => {
    const before = await filling(services, request);
    const index = indexOf(request, before.draft);
    const answers = answersFrom(childFields, bodyOf(request));
    const children = [...before.draft.children];
    children[index] = answers;
    const now = isTouched(answers) ? await saveDraft(services, reply, before, { children }) : before;
    if (textOf(bodyOf(request), 'action') === 'save') return goTo(reply, '/register?saved');
    const read = readChild(answers, index, yearOf(services.ruleContext().today));
    const ruled = now.checked.faults.children.filter(({ field }) => field.startsWith(`children.${index}.`));
    const faults = read.outcome === 'faulty' ? read.faults : ruled;
    if (faults.length > 0) return showChild(request, reply, now, { index, answers, faults, status: 400 });
    return goTo(reply, fromOf(request) === '' ? list : `${list}?from=check`);
  });
};
