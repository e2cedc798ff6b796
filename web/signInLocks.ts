import type { Services } from '#application/services.ts';

/** So many wrong tries are free; from then on each locks the account, twice as long as the one before, up to the most. */
const freeTries = 4;
const firstLockMs = 60_000;
const longestLockMs = 15 * 60_000;
const remembered = 12 * 60 * 60_000;

type Lock = { until: number };

const tries = 'signInTries';
const locks = 'signInLock';

// Whatever was typed is counted, so an account that does not exist answers as one that does.
const keyOf = ({ deps }: Services, account: string) => deps.sealing.lookupKey('account', account.trim().toLowerCase());

const lockOf = (count: number): number =>
  count <= freeTries ? 0 : Math.min(firstLockMs * 2 ** (count - freeTries - 1), longestLockMs);

const lockAt = async ({ deps }: Services, key: string): Promise<Lock | undefined> =>
  (await deps.transientStore.get(locks, key, deps.clock())) as Lock | undefined;

/** For how many more minutes an account is locked, rounded up; 0: it is not. */
export const lockedFor = async (services: Services, account: string): Promise<number> => {
  const lock = await lockAt(services, keyOf(services, account));
  return lock === undefined ? 0 : Math.max(1, Math.ceil((lock.until - services.deps.clock()) / 60_000));
};

/**
 * Counts a try before it is checked, and locks ahead where it would be one too many: of many tries at once only one
 * is checked. False: locked, the password must not be looked at.
 */
export const mayTry = async (services: Services, account: string): Promise<boolean> => {
  const { deps } = services;
  const key = keyOf(services, account);
  if ((await lockAt(services, key)) !== undefined) return false;
  const now = deps.clock();
  const lock = lockOf(await deps.transientStore.increment(tries, key, now, now + remembered));
  return lock === 0 || (await deps.transientStore.putIfAbsent(locks, key, { until: now + lock }, now, now + lock));
};

/** A right one: all wrong ones before it are forgotten. */
export const forget = async (services: Services, account: string): Promise<void> => {
  const key = keyOf(services, account);
  await services.deps.transientStore.remove(tries, key);
  await services.deps.transientStore.remove(locks, key);
};
