import type { FastifyReply } from 'fastify';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { allAnswersOf } from '../../forms/answers.ts';
import { faultedSteps, officeSays } from '../../forms/officeSays.ts';
import { draftNotice } from '../../forms/stepView.ts';
import { taskList } from '../../forms/taskList.ts';
import { Problem } from '../../problems.ts';
import { closeDraft, freshDraft, heldDraft, keepDraft } from './drafts.ts';
import { showJustSubmitted } from './justSubmitted.ts';
import {
  answering,
  bodyOf,
  endedBefore,
  filling,
  goTo,
  hidden,
  type PublicPages,
  protectedForm,
  type Turn,
  textOf,
} from './publicPages.ts';

/** Made-up couples that a visitor of the demo may fill the form with. */
export type Examples = readonly { key: string; scenario: string; data: RegistrationData }[];

const show = async (turn: Turn, examples: Examples): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const { held, draft, checked } = await filling(services, request);
  if (held.submitted !== undefined) return showJustSubmitted(turn);
  const notice = draftNotice(draft);
  const ended = await endedBefore(turn, draft);
  const faulted = ended && faultedSteps(ended, checked.data);
  return reply.page('public/tasks', {
    title: request.text('public.tasks.title'),
    list: taskList(request.locale, checked, faulted),
    said: ended && officeSays(request.locale, ended),
    begun: held.draft !== undefined,
    saved: (request.query as { saved?: unknown }).saved !== undefined,
    notice,
    examples: notice === undefined ? examples.map(({ key }) => ({ key })) : [],
  });
};

const fillIn = async ({ services, request, reply }: Turn, examples: Examples): Promise<FastifyReply> => {
  const example = examples.find(({ key }) => key === textOf(bodyOf(request), 'example'));
  if (example === undefined) throw new Problem('absent');
  const held = await heldDraft(services, request);
  const draft = held.draft ?? freshDraft(services);
  await keepDraft(services, reply, held, { ...draft, ...allAnswersOf(example.data) });
  return goTo(reply, '/register');
};

const askDiscard = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const { draft } = await filling(services, request);
  return reply.page('public/discard', { title: request.text('public.discard.title'), notice: draftNotice(draft) });
};

const discard = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const held = await heldDraft(services, request);
  await closeDraft(services, reply, held);
  return goTo(reply, held.draft?.amends === undefined ? '/' : '/registration');
};

/** `/register`: the pages of the form and how each stands; in the demo it can be filled with a made-up couple. */
export const taskRoutes = ({ app, services }: PublicPages, examples: Examples = []): void => {
  const answered = answering(services);
  const form = protectedForm(app);
  app.get(
    '/register',
    hidden,
    answered((turn) => show(turn, examples)),
  );
  app.post(
    '/register/example',
    form,
    answered((turn) => fillIn(turn, examples)),
  );
  app.get('/register/discard', hidden, answered(askDiscard));
  app.post('/register/discard', form, answered(discard));
};
