import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import type { Step } from '#domain/registration/fields.ts';
import { type CheckedDraft, checkDraft, type Draft, stepAfter } from '../../forms/draft.ts';
import { freshDraft, type HeldDraft, heldDraft, keepDraft } from './drafts.ts';

/** What the routes of the public site are built over. */
export type PublicPages = { app: FastifyInstance; services: Services };

/** A posted form as it came. */
export type Body = Readonly<Record<string, unknown>>;

/** The posted form; empty where none came. */
export const bodyOf = (request: FastifyRequest): Body => (request.body ?? {}) as Body;

/** One posted text, cut far above anything sensible; '' where it was not sent or sent twice. */
export const textOf = (body: Body, name: string): string => {
  const sent = body[name];
  return typeof sent === 'string' ? sent.slice(0, 4000) : '';
};

/** The browser's draft as the rules see it; an empty one where there is none, which is kept only once it is saved. */
export type Filling = { held: HeldDraft; draft: Draft; checked: CheckedDraft };

export const filling = async (services: Services, request: FastifyRequest): Promise<Filling> => {
  const held = await heldDraft(services, request);
  const draft = held.draft ?? freshDraft(services);
  return { held, draft, checked: checkDraft(draft, services.ruleContext()) };
};

/** Goes on to a page by GET: reloading it sends nothing again. */
export const goTo = (reply: FastifyReply, path: string): FastifyReply => reply.redirect(path, 303);

/** Routes of pages stand outside the interface description. */
export const hidden = { schema: { hide: true } } as const;

/** Keeps a change of the draft; what the rules now say of it. */
export const saveDraft = async (
  services: Services,
  reply: FastifyReply,
  now: Filling,
  change: Partial<Draft>,
): Promise<Filling> => {
  const draft = { ...now.draft, ...change };
  await keepDraft(services, reply, now.held, draft);
  return { ...now, draft, checked: checkDraft(draft, services.ruleContext()) };
};

/** Where a page of the form was come to from: the answers being read over, or '' in its turn. */
export const fromOf = (request: FastifyRequest): 'check' | '' => {
  const { from } = { ...(request.query as Body), ...bodyOf(request) };
  return from === 'check' ? 'check' : '';
};

/** Where “continue” leads: to what is still open, or back to the answers when all is done. */
export const nextPath = (step: Step, { checked }: Filling, from: string): string => {
  const next = stepAfter(step, checked.statuses);
  if (from === 'check' || next === undefined) return checked.complete === undefined ? '/register' : '/register/check';
  return `/register/${next}`;
};
