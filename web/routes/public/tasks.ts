import { allAnswersOf } from '../../forms/answers.ts';
import { draftNotice } from '../../forms/stepView.ts';
import { taskList } from '../../forms/taskList.ts';
import { Problem } from '../../problems.ts';
import type { PublicOptions } from '../../publicSite.ts';
import { closeDraft, freshDraft, heldDraft, keepDraft } from './drafts.ts';
import { bodyOf, filling, goTo, hidden, type PublicPages, textOf } from './publicPages.ts';

/** `/register`: the pages of the form and how each stands; in the demo it can be filled with a made-up couple. */
export const taskRoutes = ({ app, services }: PublicPages, examples: PublicOptions['examples'] = []): void => {
  const protectedForm = { ...hidden, preHandler: app.csrfProtection };

  app.get('/register', hidden, async (request, reply) => {
    const { held, draft, checked } = await filling(services, request);
    return reply.page('public/tasks', {
      title: request.text('public.tasks.title'),
      list: taskList(request.locale, checked),
      begun: held.draft !== undefined,
      saved: (request.query as { saved?: unknown }).saved !== undefined,
      notice: draftNotice(draft),
      examples: draftNotice(draft) === undefined ? examples.map(({ key }) => ({ key })) : [],
    });
  });

  app.post('/register/example', protectedForm, async (request, reply) => {
    const example = examples.find(({ key }) => key === textOf(bodyOf(request), 'example'));
    if (example === undefined) throw new Problem('absent');
    const held = await heldDraft(services, request);
    const draft = held.draft ?? freshDraft(services);
    await keepDraft(services, reply, held, { ...draft, ...allAnswersOf(example.data) });
    return goTo(reply, '/register');
  });

  app.get('/register/discard', hidden, async (request, reply) => {
    const { draft } = await filling(services, request);
    return reply.page('public/discard', { title: request.text('public.discard.title'), notice: draftNotice(draft) });
  });

  app.post('/register/discard', protectedForm, async (request, reply) => {
    const held = await heldDraft(services, request);
    await closeDraft(services, reply, held);
    return goTo(reply, held.draft?.amends === undefined ? '/' : '/registration');
  });
};
