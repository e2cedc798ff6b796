import type { FastifyReply, FastifyRequest } from 'fastify';
import { type SectionName, sections } from '#domain/registration/fields.ts';
import { type Answers, answersFrom, type Fault } from '../../forms/answers.ts';
import { idOf } from '../../forms/fieldView.ts';
import { stepAct } from '../../forms/stepAct.ts';
import { draftNotice, stepView } from '../../forms/stepView.ts';
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
} from './publicPages.ts';

type Shown = { answers: Answers; faults: readonly Fault[]; status?: number; expired?: boolean };

const stepOf = (request: FastifyRequest): SectionName => {
  const { step } = request.params as { step: string };
  if (!Object.hasOwn(sections, step)) throw new Problem('absent');
  return step as SectionName;
};

/** `/register/<step>`: one section a page, kept as it is typed, told at once what cannot be right. */
export const stepRoutes = ({ app, services }: PublicPages): void => {
  const { divisions, offices } = services.deps;

  const show = (request: FastifyRequest, reply: FastifyReply, { draft, checked }: Filling, shown: Shown) => {
    const { status = 200, expired = false } = shown;
    const place = { locale: request.locale, divisions, offices };
    const view = stepView(place, stepOf(request), fromOf(request), { ...shown, checked });
    return reply.page('public/step', { ...view, expired, notice: draftNotice(draft) }, status);
  };

  app.get('/register/:step', hidden, async (request, reply) => {
    const step = stepOf(request);
    const now = await filling(services, request);
    if (now.checked.statuses[step] === 'blocked') return goTo(reply, '/register');
    const answers = now.draft.answers[step] ?? {};
    const faults = now.checked.statuses[step] === 'fix' ? now.checked.faults[step] : [];
    return show(request, reply, now, { answers, faults });
  });

  const post = async (request: FastifyRequest, reply: FastifyReply) => {
    const step = stepOf(request);
    const before = await filling(services, request);
    const acted = stepAct({ step, body: bodyOf(request), draft: before.draft });
    const { answers } = acted;
    const now = await saveDraft(services, reply, before, { answers: { ...before.draft.answers, [step]: answers } });
    const from = fromOf(request);
    const stay = (name: string) => goTo(reply, `/register/${step}${from && '?from=check'}#${idOf(name)}`);
    switch (acted.act) {
      case 'stay':
        return stay(acted.at);
      case 'save':
        return goTo(reply, '/register?saved');
      case 'continue': {
        const faults = now.checked.faults[step];
        const unseen = acted.broughtUp.filter((name) => faults.some(({ field }) => field === `${step}.${name}`));
        if (unseen[0] !== undefined && unseen.length === faults.length) return stay(unseen[0]);
        if (faults.length > 0) return show(request, reply, now, { answers, faults, status: 400 });
        return goTo(reply, nextPath(step, now, from));
      }
    }
  };

  app.post(
    '/register/:step',
    {
      ...hidden,
      preHandler: app.csrfProtection,
      errorHandler: async (error, request, reply) => {
        // A page that stood open too long is shown again as it was filled in; nothing was saved.
        if (!String((error as { code?: string }).code).startsWith('FST_CSRF')) throw error;
        const answers = answersFrom(sections[stepOf(request)], bodyOf(request));
        const now = await filling(services, request);
        return show(request, reply, now, { answers, faults: [], status: 403, expired: true });
      },
    },
    post,
  );
};
