import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { type Draft, newDraft } from '../../forms/draft.ts';
import { limitByAddress, limits } from '../../rateLimit.ts';
import { randomToken } from '../../tokens.ts';
import { giveToken, tokenIn } from './cookies.ts';
import type { Visit } from './visits.ts';

const cookie = 'draft';
const kind = 'draft';
const minute = 60_000;
/** A half-filled form is kept a week on this device, one filled from a submitted registration two hours. */
const lifetimeMs = { own: 7 * 24 * 60 * minute, takenOver: 2 * 60 * minute, submitted: 30 * minute };

/** What a browser's draft cookie leads to: a draft, or what became of it; `behind` waits until this one is done. */
export type HeldDraft = { token?: string; draft?: Draft; behind?: string; submitted?: Visit };

const keyOf = ({ deps }: Services, token: string) => deps.sealing.lookupKey('draft', token);

/** The draft of this browser, if it has one. */
export const heldDraft = async (services: Services, request: FastifyRequest): Promise<HeldDraft> => {
  const { deps } = services;
  const token = tokenIn(request, cookie);
  if (token === undefined) return {};
  const key = keyOf(services, token);
  const stored = await deps.transientStore.get(kind, key, deps.clock());
  if (typeof stored?.['sealed'] !== 'string') return {};
  const opened = deps.sealing.openTransient(stored['sealed'], `draft-${key}`) as Omit<HeldDraft, 'token'> | undefined;
  return opened === undefined ? {} : { token, ...opened };
};

const lifetimeOf = ({ amends, predecessor }: Draft) =>
  amends === undefined && predecessor === undefined ? lifetimeMs.own : lifetimeMs.takenOver;

const put = async (services: Services, held: HeldDraft & { token: string }, lifetime: number): Promise<void> => {
  const { deps } = services;
  const { token, ...content } = held;
  const key = keyOf(services, token);
  const sealed = deps.sealing.sealTransient(content, `draft-${key}`);
  await deps.transientStore.put(kind, key, { sealed }, deps.clock() + lifetime);
};

/** Keeps what was filled in, in this browser's draft or a new one; sealed, never in the browser. */
export const keepDraft = async (services: Services, reply: FastifyReply, held: HeldDraft, draft: Draft) => {
  const { submitted: _, ...own } = held.submitted === undefined ? held : {};
  if (own.token === undefined) await limitByAddress(services, limits.beginnings, reply.request);
  const kept = { ...own, token: own.token ?? randomToken(services), draft };
  await put(services, kept, lifetimeOf(draft));
  giveToken(reply, cookie, kept.token, lifetimeOf(draft));
};

/** Begins another draft in front of the one at hand, which comes back when this one is done or dropped. */
export const keepDraftInFront = async (services: Services, reply: FastifyReply, held: HeldDraft, draft: Draft) => {
  const own = held.draft !== undefined && lifetimeOf(held.draft) === lifetimeMs.own;
  const behind = own ? held.token : held.behind;
  return keepDraft(services, reply, behind === undefined ? {} : { behind }, draft);
};

/** An empty draft, its registration's id and its only command's id made now. */
export const freshDraft = ({ deps }: Services): Draft => newDraft(deps.ids(), deps.ids());

/** What was filled in is gone from here on; whoever sends it again is led to `submitted`. */
export const closeDraft = async (services: Services, reply: FastifyReply, held: HeldDraft, submitted?: Visit) => {
  const { token, behind } = held;
  if (token === undefined) return;
  if (submitted === undefined) await services.deps.transientStore.remove(kind, keyOf(services, token));
  else await put(services, { token, submitted }, lifetimeMs.submitted);
  if (behind !== undefined) giveToken(reply, cookie, behind, lifetimeMs.own);
  else if (submitted === undefined) giveToken(reply, cookie, undefined, 0);
};
