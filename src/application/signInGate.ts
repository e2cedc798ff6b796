import type { Deps } from './deps.ts';

/** From where someone tries: their network, and their device where this account signed in from it before. */
export type Tryer = { network: string; device?: string | undefined };

/** What is tried. */
export type Tried = 'password' | 'code';

/** Open for one try, or closed for so many more minutes. */
export type Gate = { outcome: 'open' } | { outcome: 'locked'; minutes: number };

/** So many wrong tries are free; from then on each locks whoever tries, twice as long as before, up to the most. */
const freeTries = 4;
const firstLockMs = 60_000;
const longestLockMs = 15 * 60_000;
const rememberedMs = 12 * 60 * 60_000;
/**
 * Beyond so many tries in a window from unknown devices, whoever makes them, an account takes one in so long a time. Of codes
 * there are only a million, and whoever tries them has the password: some 110 a day of three valid ones are 1 in 3 000.
 */
const overall = {
  password: { free: 40, windowMs: 60 * 60_000, paceMs: 20_000 },
  code: { free: 20, windowMs: 24 * 60 * 60_000, paceMs: 15 * 60_000 },
} as const satisfies Record<Tried, { free: number; windowMs: number; paceMs: number }>;

const triesKind = 'signInTries';
const lockKind = 'signInLock';
const overallKind = 'signInOverall';
const paceKind = 'signInPace';

const lockOf = (count: number): number =>
  count <= freeTries ? 0 : Math.min(firstLockMs * 2 ** (count - freeTries - 1), longestLockMs);

/**
 * Slows down guessing without locking anyone out for good (OWASP, device cookies; ASVS 5, 6.3.1): a device that signed in
 * before is counted by itself, everyone else by network, and strangers together are only paced. What was typed is counted,
 * so an account that does not exist answers as one that does.
 */
export const signInGate = (deps: Deps) => {
  const keyOf = (...parts: readonly string[]) => deps.sealing.lookupKey('signInGate', parts.join('\n'));
  const whoOf = (tried: Tried, account: string, { network, device }: Tryer) =>
    device === undefined ? keyOf(tried, account, 'network', network) : keyOf(tried, account, 'device', device);

  const lockedFor = async (who: string): Promise<number> => {
    const now = deps.clock();
    const lock = (await deps.transientStore.get(lockKind, who, now)) as { until: number } | undefined;
    return lock === undefined ? 0 : Math.max(1, Math.ceil((lock.until - now) / 60_000));
  };

  /** Of strangers together beyond their free tries, only one in `paceMs` may go on; else for how many minutes none may. */
  const paced = async (tried: Tried, account: string): Promise<number> => {
    const now = deps.clock();
    const { free, windowMs, paceMs } = overall[tried];
    const all = keyOf(tried, account, 'overall');
    const count = await deps.transientStore.increment(overallKind, all, now, now + windowMs);
    if (count <= free) return 0;
    const until = now + paceMs;
    if (await deps.transientStore.putIfAbsent(paceKind, all, { until }, now, until)) return 0;
    const taken = (await deps.transientStore.get(paceKind, all, now)) as { until: number } | undefined;
    return Math.max(1, Math.ceil(((taken?.until ?? now) - now) / 60_000));
  };

  return {
    /**
     * Counts a try before it is checked, and locks ahead where it would be one too many: of many tries at once only one is
     * checked. Locked: what was typed must not be looked at.
     */
    enter: async (tried: Tried, account: string, tryer: Tryer): Promise<Gate> => {
      const who = whoOf(tried, account, tryer);
      const minutes = await lockedFor(who);
      if (minutes > 0) return { outcome: 'locked', minutes };
      const now = deps.clock();
      const lock = lockOf(await deps.transientStore.increment(triesKind, who, now, now + rememberedMs));
      const until = now + lock;
      const mayGoOn = lock === 0 || (await deps.transientStore.putIfAbsent(lockKind, who, { until }, now, until));
      if (!mayGoOn) return { outcome: 'locked', minutes: await lockedFor(who) };
      const waiting = tryer.device === undefined ? await paced(tried, account) : 0;
      return waiting === 0 ? { outcome: 'open' } : { outcome: 'locked', minutes: waiting };
    },

    /** For how many more minutes someone is locked after a wrong try, rounded up; 0: they are not. */
    lockedFor: (tried: Tried, account: string, tryer: Tryer) => lockedFor(whoOf(tried, account, tryer)),

    /** A right one: all wrong ones of theirs before it are forgotten, and it does not count among those of strangers. */
    forget: async (tried: Tried, account: string, tryer: Tryer): Promise<void> => {
      const who = whoOf(tried, account, tryer);
      await deps.transientStore.remove(triesKind, who);
      await deps.transientStore.remove(lockKind, who);
      if (tryer.device !== undefined) return;
      const now = deps.clock();
      const all = keyOf(tried, account, 'overall');
      await deps.transientStore.increment(overallKind, all, now, now + overall[tried].windowMs, -1);
    },
  };
};
