import type { Staff } from './actor.ts';
import type { Deps } from './deps.ts';
import { keptForStaff } from './onSiteKept.ts';

/** What was typed of an entry: a text for each box, by its name. */
export type TypedEntry = Readonly<Record<string, string>>;

type Line = { id: string; keptAt: string };

/** A draft in the list of whoever keeps it. */
export type DraftLine = Line & { wife: string; husband: string };

const lifetimeMs = 14 * 24 * 3_600_000;
/** The oldest goes once there are more. */
const mostDrafts = 50;
const all = 'all';

/** Entries that are not finished: each for whoever typed it, sealed, for fourteen days, gone once entered (R8). */
export const onSiteDrafts = (deps: Deps) => {
  const texts = keptForStaff<TypedEntry>(deps, 'onSiteDraft', lifetimeMs);
  const lists = keptForStaff<readonly Line[]>(deps, 'onSiteDrafts', lifetimeMs);

  /** Those in the list that are still there, the newest first. */
  const drafts = async (staff: Staff): Promise<readonly DraftLine[]> => {
    const lines = (await lists.get(staff, all)) ?? [];
    const typed = await Promise.all(lines.map(({ id }) => texts.get(staff, id)));
    return lines.flatMap((line, n) => {
      const answers = typed[n];
      if (answers === undefined) return [];
      return [{ ...line, wife: answers['wife.name'] ?? '', husband: answers['husband.name'] ?? '' }];
    });
  };

  const dropDraft = async (staff: Staff, id: string): Promise<void> => {
    await texts.remove(staff, id);
    const lines = (await lists.get(staff, all)) ?? [];
    if (lines.some((line) => line.id === id))
      await lists.put(
        staff,
        all,
        lines.filter((line) => line.id !== id),
      );
  };

  return {
    /** Keeps what was typed so far under the id that the registration is to have. */
    keepDraft: async (staff: Staff, id: string, answers: TypedEntry): Promise<void> => {
      await texts.put(staff, id, answers);
      const others = ((await lists.get(staff, all)) ?? []).filter((line) => line.id !== id);
      const lines = [{ id, keptAt: new Date(deps.clock()).toISOString() }, ...others];
      await lists.put(staff, all, lines.slice(0, mostDrafts));
      await Promise.all(lines.slice(mostDrafts).map((old) => texts.remove(staff, old.id)));
    },
    /** What was typed; undefined where there is none, or it is someone else's. */
    draft: (staff: Staff, id: string): Promise<TypedEntry | undefined> => texts.get(staff, id),
    drafts,
    dropDraft,
  };
};
