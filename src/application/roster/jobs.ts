import type { FaultyRow } from '#domain/account/roster.ts';
import type { Staff } from '../actor.ts';
import type { Deps } from '../deps.ts';
import { StoreUnavailable } from '../ports.ts';
import { type Imported, importRoster } from './job.ts';
import type { RosterKeeping } from './kept.ts';
import { openJobs } from './openJobs.ts';
import { planAccounts } from './plan.ts';

/**
 * How far an import has come: no personal data. `refused`: somebody else was first, nobody was registered; `failed`: it was
 * given up after several faults. `problems` are rows that were lost to others.
 */
export type RosterJob = {
  status: 'running' | 'done' | 'refused' | 'failed';
  done: number;
  total: number;
  people: number;
  registered: number;
  present: number;
  problems: readonly FaultyRow[];
  startedAt: string;
  endedAt?: string;
  faults: number;
};

type Owned = { account: string; job: RosterJob };

const kind = 'rosterJob';
const runKind = 'rosterRun';
const jobKeptMs = 7 * 86_400_000;
/** How long a process that died is waited for, in ms; whoever looks next goes on. */
const leaseMs = 5000;
const mostFaults = 3;
/** How often progress is written down, in ms: oftener than people look. */
const noteEvery = 400;

/** Imports that were confirmed: each runs in one process at a time, and goes on in another where that one died. */
export const rosterJobs = (deps: Deps, keeping: RosterKeeping) => {
  const { transientStore, clock } = deps;
  const running = new Map<string, Promise<void>>();
  const open = openJobs(deps);

  const read = async (id: string, account: string): Promise<RosterJob | undefined> => {
    const owned = (await transientStore.get(kind, id, clock())) as Owned | undefined;
    return owned?.account === account ? owned.job : undefined;
  };
  const write = async (id: string, { account }: Staff, job: RosterJob): Promise<void> => {
    await transientStore.put(kind, id, { account, job } satisfies Owned, clock() + jobKeptMs);
    if (job.status !== 'running') await open.remove(id);
  };

  /** The plan is made once and kept before anything is done by it: names and passwords stay the same after a break. */
  const planOf = async (id: string, { account }: Staff) => {
    const kept = await keeping.plans.get(id, account);
    if (kept !== undefined) return kept.accounts;
    const preview = await keeping.previews.get(id, account);
    if (preview === undefined) throw new Error('Nothing is kept of the import any more.');
    const accounts = await planAccounts(deps, preview.entries);
    await keeping.plans.put(id, account, { accounts });
    return accounts;
  };

  const ended = async (id: string, staff: Staff, job: RosterJob, imported: Imported): Promise<void> => {
    const { registered, present, problems, position } = imported;
    await deps.awaitViews(['account'], position);
    // Another process went on while this one was paused, and came to the same end.
    if ((await read(id, staff.account))?.status !== 'running') return;
    const nobody = registered.length === 0 && problems.length > 0;
    if (nobody) await keeping.plans.remove(id);
    else {
      await keeping.slips.put(id, staff.account, { accounts: registered });
      await Promise.all([keeping.plans.remove(id), keeping.previews.remove(id)]);
    }
    await write(id, staff, {
      ...job,
      status: nobody ? 'refused' : 'done',
      done: job.total,
      registered: registered.length,
      present,
      problems,
      endedAt: new Date(clock()).toISOString(),
    });
  };

  const run = async (id: string, staff: Staff, job: RosterJob): Promise<void> => {
    let notedAt = clock();
    const onProgress = async (done: number) => {
      if (clock() - notedAt < noteEvery) return;
      notedAt = clock();
      await write(id, staff, { ...job, done });
      await transientStore.put(runKind, id, {}, clock() + leaseMs);
    };
    try {
      const plan = await planOf(id, staff);
      await ended(id, staff, job, await importRoster({ deps, staff, id, onProgress }, plan));
    } catch (fault) {
      if (fault instanceof StoreUnavailable) return;
      const faults = job.faults + 1;
      await write(id, staff, { ...job, faults, status: faults < mostFaults ? 'running' : 'failed' });
    }
  };

  /** Lets an import go on unless some process is at it; resolves once it has begun or need not. */
  const carryOn = async (id: string, staff: Staff): Promise<void> => {
    const now = clock();
    if (running.has(id) || !(await transientStore.putIfAbsent(runKind, id, {}, now, now + leaseMs))) return;
    const job = await read(id, staff.account);
    if (job?.status !== 'running') return;
    const work = run(id, staff, job)
      // A store that is gone takes the lease with it: whoever asks next goes on.
      .catch(() => undefined)
      .finally(() => running.delete(id))
      .then(() => transientStore.remove(runKind, id))
      .catch(() => undefined);
    running.set(id, work);
  };

  return {
    /** Starts an import, once however often it is asked for. */
    start: async (id: string, staff: Staff, people: number): Promise<void> => {
      const now = clock();
      const startedAt = new Date(now).toISOString();
      const fresh = { status: 'running', done: 0, total: people * 2, people, registered: 0, present: 0 } as const;
      const job: RosterJob = { ...fresh, problems: [], startedAt, faults: 0 };
      const owned: Owned = { account: staff.account, job };
      if (await transientStore.putIfAbsent(kind, id, owned, now, now + jobKeptMs)) await open.add(id, staff, jobKeptMs);
      await carryOn(id, staff);
    },
    /** Where an import stands; one that some process left behind is carried on. */
    state: async (id: string, staff: Staff): Promise<RosterJob | undefined> => {
      const job = await read(id, staff.account);
      if (job?.status === 'running') await carryOn(id, staff);
      return job;
    },
    /** Goes on with every open import that no process is at, as those whose they are: as long as they may import at all. */
    goOn: async (may: (staff: Staff) => boolean): Promise<void> => {
      for (const { id, account, from } of await open.all()) {
        if ((await read(id, account))?.status !== 'running') await open.remove(id);
        const staff = await deps.staff.find(account);
        if (staff !== undefined && may(staff)) await carryOn(id, { ...staff, ...(from && { from }) });
      }
    },
    /** Resolves once this process is through with an import. */
    settled: (id: string): Promise<void> => running.get(id) ?? Promise.resolve(),
  };
};
