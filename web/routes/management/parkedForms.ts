import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { limitByAddress, limits } from '../../rateLimit.ts';
import { askForProof, askToSignIn } from './access.ts';
import type { Interruption } from './caseModel.ts';
import { isProofDue } from './delicate.ts';
import { formPage, standAtOwnAddress } from './formPage.ts';
import type { Refused } from './refused.ts';

/** A form that was sent and is not done: to which act, what was typed, and why nothing came of it so far. */
export type ParkedForm = {
  act: string;
  body: Readonly<Record<string, unknown>>;
  /** `unsent`: something was due first, such as a sign-in. */
  at: Omit<Interruption, 'typed'> & Refused & { unsent?: boolean };
};

declare module 'fastify' {
  interface FastifyRequest {
    /** The form that a page is asked to show, where it belongs to the account that is signed in. */
    parked: ParkedForm | undefined;
  }
}

type Kept = ParkedForm & { owner: string };

const kind = 'parkedForm';
const lifetimeMs = 60 * 60_000;
/** Longer than any session, so that no form outlives its tag. */
const tagHoldsMs = 24 * 60 * 60_000;
const ownerContext = 'formOwner';

/** Stands in every form, another one on each page, so that a form tells for a day whose it is after the session has ended. */
const ownerTag = ({ deps }: Services, account: string): string =>
  deps.sealing.sealTransient({ account, until: deps.clock() + tagHoldsMs }, ownerContext);

const accountOf = ({ deps }: Services, tag: string): string | undefined => {
  const told = deps.sealing.openTransient(tag, ownerContext) as { account: string; until: number } | undefined;
  return told !== undefined && deps.clock() < told.until ? told.account : undefined;
};

const keyOf = ({ deps }: Services, id: string): string => deps.sealing.lookupKey(kind, id);

/** The account whose form a request sends: of who is signed in, else of whom the form says. */
const ownerIn = (services: Services, { staff, body }: FastifyRequest): string | undefined => {
  if (staff !== undefined) return staff.account;
  const { owner } = (body ?? {}) as { owner?: unknown };
  return typeof owner === 'string' ? accountOf(services, owner) : undefined;
};

/** Keeps a form that was sent, sealed, for an hour and for its owner alone; the address at which `path` shows it. */
const park = async (
  services: Services,
  { url, body }: FastifyRequest,
  { owner, at, path }: Pick<Kept, 'owner' | 'at'> & { path: string },
): Promise<string> => {
  const { deps } = services;
  const id = deps.ids();
  const key = keyOf(services, id);
  const { _csrf: _, owner: __, ...typed } = (body ?? {}) as Record<string, unknown>;
  const act = url.split('?')[0]?.split('/').at(-1) ?? '';
  const sealed = deps.sealing.sealTransient({ owner, act, body: typed, at } satisfies Kept, `parked-${key}`);
  await deps.transientStore.put(kind, key, { sealed }, deps.clock() + lifetimeMs);
  return `${path}?form=${id}`;
};

/** Where the form that a request sends is taken up again once what is due before it is done; undefined where it sends none. */
export const keptAt = async (services: Services, request: FastifyRequest): Promise<string | undefined> => {
  const path = formPage(request);
  const owner = ownerIn(services, request);
  if (path === undefined || owner === undefined) return path;
  return park(services, request, { owner, path, at: { status: 200, unsent: true } });
};

/** Goes on to a page that shows by GET what came of the form: the browser's Back and reload find it again. */
export const showForm = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  at: ParkedForm['at'] = { status: 200 },
  path = formPage(request) ?? '/',
): Promise<FastifyReply> => {
  const owner = request.staff?.account ?? '';
  return reply.redirect(await park(services, request, { owner, at, path }), 303);
};

const parkedForm = async (services: Services, request: FastifyRequest): Promise<ParkedForm | undefined> => {
  const { deps } = services;
  const { form } = request.query as { form?: unknown };
  if (typeof form !== 'string' || request.method !== 'GET' || request.staff === undefined) return undefined;
  const key = keyOf(services, form);
  const stored = await deps.transientStore.get(kind, key, deps.clock());
  if (typeof stored?.['sealed'] !== 'string') return undefined;
  const { owner, ...parked } = deps.sealing.openTransient(stored['sealed'], `parked-${key}`) as Kept;
  return owner === request.staff.account ? parked : undefined;
};

/** On what a form is based: what it showed when it was typed, and what there is now where that has changed. */
export const basisOf = ({ parked }: FastifyRequest, revision: number): number => {
  const basedOn = Number(parked?.body['basedOn'] || Number.NaN);
  return parked?.at.stale || !Number.isSafeInteger(basedOn) ? revision : basedOn;
};

/** Keeps the form of who is no longer signed in, or must prove who they are, and leads them back to it: nothing is sent by itself. */
const keepForm =
  (services: Services) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const signedIn = request.staff !== undefined;
    if (formPage(request) === undefined || (signedIn && !isProofDue(services, request))) return undefined;
    const kept = ownerIn(services, request) !== undefined;
    if (kept && !signedIn) await limitByAddress(services, limits.shownPages, request);
    const to = (await keptAt(services, request)) ?? '/';
    return signedIn ? askForProof(reply, to) : askToSignIn(request, reply, to, kept ? 'kept' : '1');
  };

/**
 * Loses nothing that is typed into the forms of the routes that follow: each page finds it as `request.parked`. Never kept, and
 * so not among these routes or `formAt: false`: passwords, codes and passkeys, which must be nowhere but where they are checked
 * (all of /sign-in and /security), uploaded files, which are still on the sender's disk, and signing out.
 */
export const keepForms = (app: FastifyInstance, services: Services): void => {
  app.decorateRequest('parked', undefined);
  app.addHook('onRoute', standAtOwnAddress);
  // After the form's token was checked.
  app.addHook('preHandler', keepForm(services));
  app.addHook('preHandler', async (request) => {
    const owner = request.staff && ownerTag(services, request.staff.account);
    request.parked = await parkedForm(services, request);
    request.common = { ...request.common, owner, unsent: request.parked?.at.unsent };
  });
};
