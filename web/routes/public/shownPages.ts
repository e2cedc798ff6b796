import type { FastifyReply } from 'fastify';
import { limitByAddress, limits } from '../../rateLimit.ts';
import { randomToken } from '../../tokens.ts';
import { giveToken, tokenIn } from './cookies.ts';
import type { Turn } from './publicPages.ts';

const cookie = 'shown';
const kind = 'shownPage';
const lifetimeMs = 15 * 60_000;

/** A page that answers a posted form: its view, what it shows, its status. */
export type ShownPage = { view: string; model: Readonly<Record<string, unknown>>; status: number };

type Kept = ShownPage & { path: string };

const keyOf = ({ services }: Turn, token: string, id: string) =>
  services.deps.sealing.lookupKey('shownPage', `${token}.${id}`);

const pathOf = ({ request }: Turn): string => request.url.split('?')[0] ?? '';

/**
 * Answers a posted form with a page that is shown by GET, so that the browser's Back and reload find it again: kept
 * sealed for a quarter of an hour, for this browser alone. Throws `tooMany` beyond the limit of an address.
 */
export const showByGet = async (turn: Turn, page: ShownPage, path = pathOf(turn)): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const { deps } = services;
  await limitByAddress(services, limits.shownPages, request);
  const token = tokenIn(request, cookie) ?? randomToken(services);
  const id = deps.ids();
  const key = keyOf(turn, token, id);
  const sealed = deps.sealing.sealTransient({ ...page, path } satisfies Kept, `shown-${key}`);
  await deps.transientStore.put(kind, key, { sealed }, deps.clock() + lifetimeMs);
  giveToken(reply, cookie, token, lifetimeMs);
  return reply.redirect(`${path}?shown=${id}`, 303);
};

/** The page that a GET asks for by its `shown`, if this browser was given one there a short while ago. */
export const shownPage = async (turn: Turn): Promise<ShownPage | undefined> => {
  const { services, request } = turn;
  const { deps } = services;
  const { shown } = request.query as { shown?: unknown };
  const token = typeof shown === 'string' && request.method === 'GET' ? tokenIn(request, cookie) : undefined;
  if (token === undefined) return undefined;
  const key = keyOf(turn, token, String(shown));
  const stored = await deps.transientStore.get(kind, key, deps.clock());
  if (typeof stored?.['sealed'] !== 'string') return undefined;
  const kept = deps.sealing.openTransient(stored['sealed'], `shown-${key}`) as Kept | undefined;
  return kept?.path === pathOf(turn) ? kept : undefined;
};
