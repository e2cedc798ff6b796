import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ApplicantView } from '#application/applicantQueries.ts';
import type { Services } from '#application/services.ts';
import type { Step } from '#domain/registration/fields.ts';
import type { Flag } from '#domain/registration/rules.ts';
import { type CheckedDraft, checkDraft, type Draft, stepAfter } from '../../forms/draft.ts';
import { faultedSteps, officeSays } from '../../forms/officeSays.ts';
import { doubts, type StepPlace } from '../../forms/stepView.ts';
import { freshDraft, type HeldDraft, heldDraft, keepDraft } from './drafts.ts';
import { shownPage } from './shownPages.ts';

/** What the routes of the public site are built over. */
export type PublicPages = { app: FastifyInstance; services: Services };

/** One request being answered. */
export type Turn = { services: Services; request: FastifyRequest; reply: FastifyReply };

type Answering = (turn: Turn) => Promise<FastifyReply>;

/** What answers a turn, as a handler of the app; the page that answered a posted form is shown in its place. */
export const answering =
  (services: Services) => (answer: Answering) => async (request: FastifyRequest, reply: FastifyReply) => {
    const turn = { services, request, reply };
    const shown = await shownPage(turn);
    return shown === undefined ? answer(turn) : reply.page(shown.view, shown.model, shown.status);
  };

/** What the pages of the form are shown with: the language, the places and offices there are, what the policy allows. */
export const askingOf = ({ services, request }: Turn): StepPlace => ({
  locale: request.locale,
  divisions: services.deps.divisions,
  offices: services.deps.offices,
  policy: services.ruleContext().policy,
});

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

/** The ended registration that a draft takes over, with what its office said. */
export const endedBefore = async ({ services }: Turn, { predecessor }: Draft): Promise<ApplicantView | undefined> =>
  predecessor === undefined ? undefined : services.applicant.view(predecessor);

/** What an office said of a page of the form that still stands as it was when the office found fault with it. */
export const faultFound = async (turn: Turn, { draft, checked }: Filling, step: Step) => {
  const ended = await endedBefore(turn, draft);
  const isFaulted = ended !== undefined && faultedSteps(ended, checked.data).has(step);
  return isFaulted ? officeSays(turn.request.locale, ended) : undefined;
};

/** Goes on to a page by GET: reloading it sends nothing again. */
export const goTo = (reply: FastifyReply, path: string): FastifyReply => reply.redirect(path, 303);

/** Goes back to a page of the form that now tells what is wrong with it; all that was typed is in the draft. */
export const tellOn = (request: FastifyRequest, reply: FastifyReply, path: string): FastifyReply =>
  goTo(reply, `${path}?check${fromOf(request) && '&from=check'}`);

/** Whether flags came up that the posted page did not show: they are told once, and stop nobody twice. */
export const isNews = (request: FastifyRequest, flags: readonly Flag[]): boolean => {
  const seen = textOf(bodyOf(request), 'doubted').split(' ');
  return flags.some((flag) => !seen.includes(doubts([flag]).doubted));
};

/** Whether a page of the form was asked to tell all that is wrong with it. */
export const isTold = (request: FastifyRequest): boolean => Object.hasOwn(request.query as object, 'check');

/** Routes of pages stand outside the interface description. */
export const hidden = { schema: { hide: true } } as const;

/** Routes of posted forms: sent from a page of ours, or not at all. */
export const protectedForm = (app: FastifyInstance) => ({ ...hidden, preHandler: app.csrfProtection });

/** An amendment with other content is another act: sent under the old one's id it would count as sent already. */
const actOf = ({ amends }: Draft, { deps }: Services) => (amends === undefined ? {} : { commandId: deps.ids() });

/** Keeps a change of the draft; what the rules now say of it. */
export const saveDraft = async ({ services, reply }: Turn, now: Filling, change: Partial<Draft>): Promise<Filling> => {
  const draft = { ...now.draft, ...change, ...actOf(now.draft, services) };
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
