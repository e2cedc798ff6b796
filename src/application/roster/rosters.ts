import type { Look } from '#domain/access/events.ts';
import type { RosterFoot } from '#domain/account/rosterSheet.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { type AccessRecords, staffViewer } from '../access.ts';
import type { Staff } from '../actor.ts';
import { authorise, type Forbidden } from '../authorise.ts';
import type { Deps } from '../deps.ts';
import { rosterJobs } from './jobs.ts';
import { type PlannedAccount, type RosterPreview, rosterKeeping } from './kept.ts';
import { type Exported, exportedPeople } from './people.ts';
import { type Previewed, previewRoster } from './preview.ts';

type Refusal = { outcome: 'forbidden'; reason: Forbidden };

/** Why an import does not begin: nothing is kept under that id, rows are faulty, or nobody is new. */
export type Confirmed = { outcome: 'started' | 'absent' | 'faulty' | 'nothingNew' } | Refusal;

/** Rosters (O6, annex 2): looked at before anything is done, imported whole or not at all, and given out in the same form. */
export const rosters = (deps: Deps, access: AccessRecords) => {
  const keeping = rosterKeeping(deps);
  const jobs = rosterJobs(deps, keeping);
  const may = (staff: Staff) => authorise(staff, { act: 'seeAccounts', office: staff.office }, deps.offices);
  const isAllowed = (staff: Staff): boolean => may(staff).outcome === 'allowed';
  /** What is kept for its uploader alone, as long as they may use rosters at all. */
  const ownOf = async <T>(staff: Staff, read: () => Promise<T | undefined>): Promise<T | undefined> =>
    isAllowed(staff) ? read() : undefined;
  const recorded = <T>(staff: Staff, what: Look, count: number, open: () => Promise<T> | T): Promise<T> => {
    const subject = { kind: 'organisation', id: staff.office, office: staff.office } as const;
    return access.shown(staffViewer(staff), { subject, what, count }, open);
  };

  return {
    /** Whether someone may import and export rosters at all. */
    mayUse: isAllowed,

    /** Reads a file and keeps what was found under a new id, for the uploader alone. */
    upload: async (
      staff: Staff,
      file: { name: string; bytes: Uint8Array },
    ): Promise<Refusal | (Previewed & { id?: string })> => {
      const allowed = may(staff);
      if (allowed.outcome === 'forbidden') return allowed;
      const previewed = await previewRoster(deps, staff, file);
      if (previewed.outcome !== 'previewed') return previewed;
      const id = deps.ids();
      await keeping.previews.put(id, staff.account, previewed.preview);
      return { ...previewed, id };
    },

    /** What was found in an upload of one's own; undefined once it is imported, discarded or too old. */
    preview: (staff: Staff, id: string): Promise<RosterPreview | undefined> =>
      ownOf(staff, () => keeping.previews.get(id, staff.account)),

    discard: async (staff: Staff, id: string): Promise<void> => {
      if ((await keeping.previews.get(id, staff.account)) !== undefined) await keeping.previews.remove(id);
    },

    /** Begins to register everybody of an upload without faults; confirmed again it is the same import. */
    confirm: async (staff: Staff, id: string): Promise<Confirmed> => {
      const allowed = may(staff);
      if (allowed.outcome === 'forbidden') return allowed;
      if ((await jobs.state(id, staff)) !== undefined) return { outcome: 'started' };
      const preview = await keeping.previews.get(id, staff.account);
      if (preview === undefined) return { outcome: 'absent' };
      if (preview.faulty.length > 0) return { outcome: 'faulty' };
      if (preview.entries.length === 0) return { outcome: 'nothingNew' };
      await jobs.start(id, staff, preview.entries.length);
      return { outcome: 'started' };
    },

    /** Where one's own import stands; who asks carries it on where a process left it behind. */
    job: (staff: Staff, id: string) => ownOf(staff, () => jobs.state(id, staff)),

    /** Goes on with imports that a process left behind, whose owners may still import: asked at the start and now and then. */
    goOn: () => jobs.goOn(isAllowed),

    settled: jobs.settled,

    /** The one-time passwords of an import, until they are taken or a few hours have passed; printed or as a file, it is recorded as `printed` at the organisation. */
    slips: async (staff: Staff, id: string): Promise<readonly PlannedAccount[] | undefined> => {
      const kept = await ownOf(staff, () => keeping.slips.get(id, staff.account));
      return kept && recorded(staff, 'printed', kept.accounts.length, () => kept.accounts);
    },
    hasSlips: async (staff: Staff, id: string): Promise<boolean> =>
      (await ownOf(staff, () => keeping.slips.get(id, staff.account))) !== undefined,
    /** The passwords are in safe hands: they are gone from here. */
    takeSlips: async (staff: Staff, id: string): Promise<void> => {
      if ((await keeping.slips.get(id, staff.account)) !== undefined) await keeping.slips.remove(id);
    },

    /** Everybody of one's own subtree with the foot of the sheet; an export of personal data, and recorded as one (S6). */
    exported: async (
      staff: Staff,
    ): Promise<Refusal | { outcome: 'exported'; people: readonly Exported[]; foot: RosterFoot }> => {
      const allowed = may(staff);
      if (allowed.outcome === 'forbidden') return allowed;
      const people = await exportedPeople(deps, staff.office);
      const office = deps.offices.find(staff.office);
      const foot: RosterFoot = {
        unit: office?.name ?? '',
        person: staff.name,
        day: dayInShanghai(deps.clock()),
        phone: office?.phone ?? '',
      };
      return recorded(staff, 'exported', people.length, () => ({ outcome: 'exported', people, foot }));
    },
  };
};
