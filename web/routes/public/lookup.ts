import type { FastifyReply } from 'fastify';
import { openLimited } from '../../rateLimit.ts';
import { closeDraft, heldDraft } from './drafts.ts';
import { answering, bodyOf, goTo, hidden, type PublicPages, protectedForm, type Turn, textOf } from './publicPages.ts';
import { showByGet } from './shownPages.ts';
import { closeVisit, openVisit } from './visits.ts';

type Typed = { code: string; name: string };
type Wrong = 'codeMissing' | 'nameMissing' | 'notFound';

const modelOf = ({ request }: Turn, { code, name }: Typed, wrong: readonly Wrong[]) => {
  const errors = wrong.map((key) => ({
    href: key === 'nameMissing' ? '#f-name' : '#f-code',
    message: request.text(`public.lookup.${key}`),
  }));
  return {
    title: request.text('public.lookup.title'),
    told: ['ended', 'erased'].find((key) => Object.hasOwn(request.query as object, key)),
    errors,
    problemCount: errors.length,
    code,
    name,
    codeError: errors.find(({ href }) => href === '#f-code')?.message,
    nameError: errors.find(({ href }) => href === '#f-name')?.message,
  };
};

const form = (turn: Turn): Promise<FastifyReply> =>
  turn.reply.page('public/lookup', modelOf(turn, { code: '', name: '' }, []));

const showWrong = (turn: Turn, typed: Typed, wrong: readonly Wrong[]): Promise<FastifyReply> =>
  showByGet(turn, { view: 'public/lookup', model: modelOf(turn, typed, wrong), status: 400 });

const open = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const code = textOf(bodyOf(request), 'code').trim();
  const name = textOf(bodyOf(request), 'name').trim();
  const missing: Wrong[] = [];
  if (code === '') missing.push('codeMissing');
  if (name === '') missing.push('nameMissing');
  if (missing.length > 0) return showWrong(turn, { code, name }, missing);
  const registrationId = await openLimited(services, request, { code, name });
  if (registrationId === undefined) return showWrong(turn, { code, name }, ['notFound']);
  await openVisit(services, reply, { registrationId });
  return goTo(reply, '/registration');
};

/** Closes the registration in this browser, and with it what was taken over from it into the form. */
const close = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const held = await heldDraft(services, request);
  const takenOver = held.draft?.amends !== undefined || held.draft?.predecessor !== undefined;
  if (takenOver || held.submitted !== undefined) await closeDraft(services, reply, held);
  await closeVisit(services, request, reply);
  return goTo(reply, '/lookup');
};

/** `/lookup`: query code and one spouse's name open the registration; wrong and absent answer alike (R4). */
export const lookupRoutes = ({ app, services }: PublicPages): void => {
  const answered = answering(services);
  app.get('/lookup', hidden, answered(form));
  app.post('/lookup', protectedForm(app), answered(open));
  app.post('/close', protectedForm(app), answered(close));
};
