import type { FaultyRow, RosterEntry } from '#domain/account/roster.ts';
import type { RosterFoot, RosterLine } from '#domain/account/rosterSheet.ts';
import type { Deps } from '../deps.ts';

/** An uploaded roster as it was found; `lines` are those of the faulty rows, as written. */
export type RosterPreview = {
  file: { name: string; format: 'xlsx' | 'csv' };
  foot: RosterFoot;
  unread: readonly string[];
  rows: number;
  present: number;
  entries: readonly RosterEntry[];
  faulty: readonly FaultyRow[];
  lines: readonly RosterLine[];
};

/** One person of an import under the account name and the one-time password that are theirs. */
export type PlannedAccount = RosterEntry & { account: string; password: string };

/** How long an upload, or what came of it, is kept: enough to look into faults and come back after lunch. */
export const keptHours = 4;
const keptMs = keptHours * 3_600_000;

type Keeping = Pick<Deps, 'transientStore' | 'sealing' | 'clock'>;

/** Keeps one kind of thing sealed under an import's id, for its owner alone. */
const keeper = <T extends object>({ transientStore, sealing, clock }: Keeping, kind: string) => {
  const context = (id: string, account: string) => `${kind}:${id}:${account}`;
  return {
    put: (id: string, account: string, value: T): Promise<void> =>
      transientStore.put(
        kind,
        id,
        { account, sealed: sealing.sealTransient(value, context(id, account)) },
        clock() + keptMs,
      ),
    /** Undefined where nothing is kept, or another account's. */
    get: async (id: string, account: string): Promise<T | undefined> => {
      const kept = (await transientStore.get(kind, id, clock())) as { account: string; sealed: string } | undefined;
      if (kept?.account !== account) return undefined;
      return sealing.openTransient(kept.sealed, context(id, account)) as T;
    },
    remove: (id: string): Promise<void> => transientStore.remove(kind, id),
  };
};

/** What is kept of an import between upload and its end: short-lived, sealed, its owner's alone. */
export const rosterKeeping = (deps: Keeping) => ({
  previews: keeper<RosterPreview>(deps, 'roster'),
  plans: keeper<{ accounts: readonly PlannedAccount[] }>(deps, 'rosterPlan'),
  slips: keeper<{ accounts: readonly PlannedAccount[] }>(deps, 'rosterSlips'),
});

export type RosterKeeping = ReturnType<typeof rosterKeeping>;
