import type { Day } from '#domain/calendar/day.ts';
import type { OrganisationKind, OrganisationLevel } from '#domain/organisation/events.ts';

/**
 * An organisation of the tree (O1). `division` is the place it works for, `parent` whom it reports to ('' at the top);
 * a merged one reports to its successor.
 */
export type Office = {
  code: string;
  kind: OrganisationKind;
  level: OrganisationLevel;
  name: string;
  /** What it was called from when on (UTC), the first name first. */
  names: readonly { name: string; from: string }[];
  division: string;
  parent: string;
  status: 'active' | 'merged';
  successor?: string;
  /** Whether its record was ever completed (O2). */
  complete: boolean;
  address?: string;
  phone?: string;
};

/** The tree of organisations (O1), which answers at once. */
export type OfficeTree = {
  /** Every organisation there ever was, merged ones too; the same array until the tree changes. */
  all: () => readonly Office[];
  find: (code: string) => Office | undefined;
  /** Who goes on for an office: itself, or where it merged, its last successor. */
  current: (code: string) => string;
  /** What it was called at an instant (UTC ISO 8601), however it is called now. */
  nameAt: (code: string, instant: string) => string | undefined;
  /**
   * Who handles a township's (or village's) registrations: its own office or whoever goes on for it, else the nearest
   * desk above (R5). Throws `StoreUnavailable` while there is no organisation at all.
   */
  forPlace: (townshipCode: string) => Office;
  /** Whether an office reviews and registers (R5): a township's, or a county's own desk. */
  registers: (code: string) => boolean;
  /** Those that report to an office now, of every kind; those of whoever merged into it too. */
  children: (code: string) => readonly Office[];
  /** Those that merged into an office, themselves or through another. */
  mergedInto: (code: string) => readonly Office[];
  /** Codes of an office and of all that report to it, merged ones too: what its sums are over. */
  within: (code: string) => readonly string[];
  /** Whether an office is `ancestor` or reports to it, directly or through others; false for unknown ones. */
  isWithin: (code: string, ancestor: string) => boolean;
};

/** The tree as it is now: it follows every change within a second, and at once where `refresh` is awaited. */
export type Offices = OfficeTree & { refresh: () => Promise<void> };

/**
 * One line of a table of offices: one that sums up `codes`, its own and those below it, with those that go on in it (S1);
 * `own` is the asked office by itself.
 */
export type SubtreeLine = { office: Office; own: boolean; codes: readonly string[]; merged: readonly Office[] };

/** A line for an office and one for each of those below it: together they hold every code of the subtree once. */
export const subtreeLines = (
  { within, mergedInto }: Pick<OfficeTree, 'within' | 'mergedInto'>,
  office: Office,
  below: readonly Office[],
): readonly SubtreeLine[] => {
  const lines = below.map((child) => ({ office: child, own: false, codes: within(child.code) }));
  const elsewhere = new Set(lines.flatMap(({ codes }) => codes));
  const codes = within(office.code).filter((code) => !elsewhere.has(code));
  return [{ office, own: true, codes }, ...lines].map((line) => ({ ...line, merged: mergedInto(line.office.code) }));
};

/** The administrations right below an office: those that register or have such below them. */
export const officesBelow = ({ children }: Pick<OfficeTree, 'children'>, code: string): readonly Office[] =>
  children(code).filter(({ kind }) => kind === 'administration');

/** What an office was called on a legal day, at its noon; its code where it is not known. */
export const nameOn = (offices: Pick<OfficeTree, 'nameAt'>, code: string, day: Day): string =>
  offices.nameAt(code, `${day}T12:00:00+08:00`) ?? code;
