import type { FastifyRequest } from 'fastify';
import type { Staff } from '#application/actor.ts';
import type { Services } from '#application/services.ts';
import { limitByAddress, limits } from './rateLimit.ts';
import { forget, lockedFor, mayTry } from './signInLocks.ts';
import { randomToken } from './tokens.ts';

/** A session ends so long after it was last used, and in any case so long after the sign-in, in ms. */
const sessionLimits = { idleMs: 30 * 60_000, absoluteMs: 12 * 60 * 60_000 };

/** Signed in, refused (the account or the password, never which), or locked for so many more minutes. */
export type SignIn =
  | { outcome: 'signedIn'; token: string; staff: Staff }
  | { outcome: 'refused' }
  | { outcome: 'locked'; minutes: number };

type Session = { account: string; signedInAt: number; lastSeenAt: number };

const kind = 'session';
/** How often a session in use is written down again, in ms. */
const noteEvery = 60_000;

const idOf = ({ deps }: Services, token: string) => deps.sealing.lookupKey(kind, token);

const endOf = ({ signedInAt, lastSeenAt }: Session): number =>
  Math.min(lastSeenAt + sessionLimits.idleMs, signedInAt + sessionLimits.absoluteMs);

const start = async (services: Services, account: string): Promise<string> => {
  const token = randomToken(services);
  const now = services.deps.clock();
  const session: Session = { account, signedInAt: now, lastSeenAt: now };
  await services.deps.transientStore.put(kind, idOf(services, token), session, endOf(session));
  return token;
};

/**
 * Checks an account and its password, in equal time for absent accounts, and starts a session under a new token.
 * Throws `tooMany` beyond the limit of an address.
 */
export const signIn = async (
  services: Services,
  account: string,
  password: string,
  request: FastifyRequest,
): Promise<SignIn> => {
  const { deps } = services;
  await limitByAddress(services, limits.signIns, request);
  if (!(await mayTry(services, account))) return { outcome: 'locked', minutes: await lockedFor(services, account) };
  const found = await deps.staff.find(account);
  const right = await deps.staff.verify(password, found?.passwordHash);
  if (!right || found === undefined) {
    const minutes = await lockedFor(services, account);
    return minutes === 0 ? { outcome: 'refused' } : { outcome: 'locked', minutes };
  }
  await forget(services, account);
  const { passwordHash: _, ...staff } = found;
  return { outcome: 'signedIn', token: await start(services, staff.account), staff };
};

/** Writes down that a session is in use; one that was signed out meanwhile stays ended. */
const renew = async ({ deps }: Services, id: string, session: Session, now: number): Promise<void> => {
  if (now - session.lastSeenAt < noteEvery) return;
  const seen: Session = { ...session, lastSeenAt: now };
  await deps.transientStore.replaceIfPresent(kind, id, seen, now, endOf(seen));
};

/**
 * Who is signed in under a token, read anew from the directory: one who may no longer sign in is out at once.
 * `background` asks without counting as use, as pages do that refresh themselves.
 */
export const sessionStaff = async (
  services: Services,
  token: string,
  { background = false }: { background?: boolean } = {},
): Promise<Staff | undefined> => {
  const { deps } = services;
  const id = idOf(services, token);
  const now = deps.clock();
  const session = (await deps.transientStore.get(kind, id, now)) as Session | undefined;
  if (session === undefined) return undefined;
  const found = await deps.staff.find(session.account);
  if (found === undefined) {
    await deps.transientStore.remove(kind, id);
    return undefined;
  }
  if (!background) await renew(services, id, session, now);
  const { passwordHash: _, ...staff } = found;
  return staff;
};

/** Ends the session of a token. */
export const signOut = (services: Services, token: string): Promise<void> =>
  services.deps.transientStore.remove(kind, idOf(services, token));
