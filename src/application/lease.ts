import type { Following, Log, Standing } from './followLog.ts';
import type { Clock, TransientStore } from './ports.ts';

/**
 * What holding a lease needs; `holder` is this process's own name, `ttlMs` how long a dead holder is waited for, unless
 * `gone` can tell of its name that it is no more.
 */
export type Leasing = {
  transientStore: TransientStore;
  clock: Clock;
  wait: (ms: number) => Promise<void>;
  log: Log;
  name: string;
  holder: string;
  ttlMs?: number;
  gone?: (holder: string) => boolean;
};

/** Work that one process does at a time, the names of all that is part of it known before it begins. */
export type Carried = { names: readonly string[]; start: () => Following };

/** The same under its lease: `held` while this process does it; `standing` is empty where another does. */
export type Leased = Following & { names: readonly string[]; held: () => boolean };

const kind = 'lease';
const usualTtlMs = 6000;

type Lease = { holder: string };

/** Takes, renews and gives back a lease; each answers whether it is ours now. Rejects where the store does not answer. */
const leaseOf = ({ transientStore, clock, name, holder, ttlMs = usualTtlMs, gone = () => false }: Leasing) => {
  const read = async () => (await transientStore.get(kind, name, clock())) as Lease | undefined;
  const claim = (): Promise<boolean> =>
    transientStore.putIfAbsent(kind, name, { holder } satisfies Lease, clock(), clock() + ttlMs);
  const take = async (): Promise<boolean> => {
    if (await claim()) return true;
    const standing = await read();
    if (standing === undefined || !gone(standing.holder)) return false;
    await transientStore.remove(kind, name);
    return claim();
  };
  return {
    take,
    renew: async (): Promise<boolean> => {
      const standing = await read();
      if (standing === undefined) return take();
      if (standing.holder !== holder) return false;
      await transientStore.put(kind, name, { holder } satisfies Lease, clock() + ttlMs);
      return true;
    },
    giveBack: async (): Promise<void> => {
      const standing = await read();
      if (standing?.holder === holder) await transientStore.remove(kind, name);
    },
  };
};

/** Who holds a lease now, unless it is known of them that they are no more. */
export const leaseHolder = async (
  { transientStore, clock, gone = () => false }: Pick<Leasing, 'transientStore' | 'clock' | 'gone'>,
  name: string,
): Promise<string | undefined> => {
  const standing = (await transientStore.get(kind, name, clock())) as Lease | undefined;
  return standing === undefined || gone(standing.holder) ? undefined : standing.holder;
};

/**
 * Does a work on one process at a time. A holder that dies is succeeded within the lease's time; one that was paused, or
 * whose clock is wrong, may for a moment work beside its successor: rows are guarded by their position and reactions
 * by their command id, so nothing is lost or done twice.
 */
export const underLease = (leasing: Leasing, { names, start }: Carried): Leased => {
  const { wait, log, clock, ttlMs = usualTtlMs } = leasing;
  const lease = leaseOf(leasing);
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let stopping = false;
  let work: Following | undefined;
  const pause = (ms: number) => Promise.race([wait(ms), ended]);

  /** Unanswered, a lease is still ours until it would have ended. */
  const keep = async (): Promise<void> => {
    let until = clock() + ttlMs;
    while (!stopping && clock() < until) {
      await pause(ttlMs / 3);
      const renewed = await lease.renew().catch((fault: unknown) => {
        log.warn({ lease: leasing.name, fault: String(fault) }, 'The lease could not be renewed; trying again.');
        return undefined;
      });
      if (renewed === false) return;
      if (renewed) until = clock() + ttlMs;
    }
  };
  const hold = async (): Promise<void> => {
    work = start();
    await keep();
    const ending = work;
    work = undefined;
    await ending.stop();
  };
  const run = async (): Promise<void> => {
    while (!stopping) {
      if (await lease.take().catch(() => false)) await hold();
      else await pause(ttlMs / 6);
    }
    await lease.giveBack().catch(() => undefined);
  };
  const running = run();
  return {
    names,
    held: () => work !== undefined,
    standing: (): Record<string, Standing> => work?.standing() ?? {},
    stop: async () => {
      stopping = true;
      end();
      await running;
    },
  };
};
