import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { limitByAddress, limits } from '../../rateLimit.ts';
import { askToSignIn } from './access.ts';
import type { Interruption } from './caseModel.ts';
import { formPage } from './formPage.ts';

/** A form that was sent and is not done: to which act, what was typed, and why nothing came of it so far. */
export type ParkedForm = { act: string; body: unknown; at: Omit<Interruption, 'typed'> };

type Kept = ParkedForm & { owner: string };

const kind = 'parkedForm';
const lifetimeMs = 60 * 60_000;

/** Stands in every form of an account, so that a form tells whose it is after the session has ended. */
export const ownerTag = ({ deps }: Services, account: string): string => deps.sealing.lookupKey('formOwner', account);

const keyOf = ({ deps }: Services, id: string): string => deps.sealing.lookupKey(kind, id);

/** Keeps a form that was sent, sealed, for an hour and for its owner alone; the address at which `path` shows it. */
const park = async (
  services: Services,
  { url, body }: FastifyRequest,
  { owner, at, path }: Pick<Kept, 'owner' | 'at'> & { path: string },
): Promise<string> => {
  const { deps } = services;
  const id = deps.ids();
  const key = keyOf(services, id);
  const { _csrf: _, ...typed } = (body ?? {}) as Record<string, unknown>;
  const act = url.split('?')[0]?.split('/').at(-1) ?? '';
  const sealed = deps.sealing.sealTransient({ owner, act, body: typed, at } satisfies Kept, `parked-${key}`);
  await deps.transientStore.put(kind, key, { sealed }, deps.clock() + lifetimeMs);
  return `${path}?form=${id}`;
};

/** Goes on to a page that shows by GET what came of the form: the browser's Back and reload find it again. */
export const showForm = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  at: ParkedForm['at'] = { status: 200 },
  path = formPage(request) ?? '/',
): Promise<FastifyReply> => {
  const owner = ownerTag(services, request.staff?.account ?? '');
  return reply.redirect(await park(services, request, { owner, at, path }), 303);
};

/** The form that a page is asked to show, where it belongs to the account that is signed in. */
export const parkedForm = async (services: Services, request: FastifyRequest): Promise<ParkedForm | undefined> => {
  const { deps } = services;
  const { form } = request.query as { form?: unknown };
  if (typeof form !== 'string' || request.staff === undefined) return undefined;
  const key = keyOf(services, form);
  const stored = await deps.transientStore.get(kind, key, deps.clock());
  if (typeof stored?.['sealed'] !== 'string') return undefined;
  const { owner, ...parked } = deps.sealing.openTransient(stored['sealed'], `parked-${key}`) as Kept;
  return owner === ownerTag(services, request.staff.account) ? parked : undefined;
};

/**
 * Keeps the form of who is no longer signed in, asks them to sign in, and leads them back to it: nothing is sent by itself.
 * Runs after the form's token was checked.
 */
export const keepForm =
  (services: Services) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const path = formPage(request);
    if (request.staff !== undefined || path === undefined) return undefined;
    const { owner } = (request.body ?? {}) as { owner?: unknown };
    if (typeof owner !== 'string') return askToSignIn(request, reply, path, '1');
    await limitByAddress(services, limits.shownPages, request);
    const to = await park(services, request, { owner, path, at: { status: 200, problem: 'signedOut' } });
    return askToSignIn(request, reply, to, 'kept');
  };
