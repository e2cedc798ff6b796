import type { FastifyReply } from 'fastify';
import { closeDraft, heldDraft } from './drafts.ts';
import { answering, bodyOf, goTo, type PublicPages, protectedForm, type Turn, textOf } from './publicPages.ts';
import { openVisit } from './visits.ts';

/** In place of an empty form: what was filled in here was submitted a short while ago. */
export const showJustSubmitted = ({ request, reply }: Turn): Promise<FastifyReply> =>
  reply.page('public/justSubmitted', { title: request.text('public.justSubmitted.title') });

/** Leads back to what was submitted here, whatever was opened in this browser since. */
const look = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const { submitted } = await heldDraft(services, request);
  if (submitted === undefined) return goTo(reply, '/lookup?ended');
  await openVisit(services, reply, submitted);
  return goTo(reply, textOf(bodyOf(request), 'to') === 'registration' ? '/registration' : '/receipt');
};

const another = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const held = await heldDraft(services, request);
  if (held.submitted !== undefined) await closeDraft(services, reply, held);
  return goTo(reply, '/register');
};

/** `/register/submitted` and `/register/another`: on from a form that was just submitted, to it or to another couple's. */
export const justSubmittedRoutes = ({ app, services }: PublicPages): void => {
  const answered = answering(services);
  app.post('/register/submitted', protectedForm(app), answered(look));
  app.post('/register/another', protectedForm(app), answered(another));
};
