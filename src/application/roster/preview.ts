import { type FaultyRow, judge, type KnownPerson, type RosterEntry, readLines } from '#domain/account/roster.ts';
import { type RosterLine, type RosterRead, readRoster } from '#domain/account/rosterSheet.ts';
import type { AccountRow } from '#projections/account.ts';
import { openDetails } from '../accountOpened.ts';
import type { Staff } from '../actor.ts';
import { inBatches } from '../batches.ts';
import { idNumberKey } from '../declare.ts';
import type { Deps } from '../deps.ts';
import type { FileRefusal, ReadFile } from '../spreadsheets.ts';
import type { RosterPreview } from './kept.ts';
import { rosterPlaces, rosterRights } from './places.ts';

/** A roster that was found in a file, a file that is not read, or one without a roster in it. */
export type Previewed =
  | { outcome: 'previewed'; preview: RosterPreview }
  | { outcome: 'refused'; reason: FileRefusal }
  | { outcome: 'unreadable'; why: Exclude<RosterRead, { outcome: 'read' }> };

export type Previewing = Pick<Deps, 'viewStore' | 'sealing' | 'offices' | 'divisions'> & { readFile: ReadFile };

const atOnce = 200;

/** The live account of a person, if they have one. */
const knownPerson = async (deps: Previewing, idNumber: string): Promise<KnownPerson | undefined> => {
  const query = { index: 'person', equals: [idNumberKey(deps.sealing, idNumber)], limit: 1 };
  const [row] = (await deps.viewStore.find('account', query)).rows as readonly AccountRow[];
  if (row === undefined) return undefined;
  const name = (await openDetails(deps.sealing, row))?.name ?? '';
  return { office: deps.offices.current(row.office), role: row.role, name };
};

type Judged = { fresh: readonly RosterEntry[]; present: number; faulty: readonly FaultyRow[] };

/** Entries against the accounts that there are, and against what the importer may register. */
const judgeAll = async (deps: Previewing, staff: Staff, entries: readonly RosterEntry[]): Promise<Judged> => {
  const rights = rosterRights(deps.offices, staff);
  const outcomes = await inBatches(entries, atOnce, async (entry) =>
    judge(entry, await knownPerson(deps, entry.details.idNumber), rights),
  );
  return {
    fresh: entries.filter((_, index) => outcomes[index] === 'new'),
    present: outcomes.filter((outcome) => outcome === 'present').length,
    faulty: entries.flatMap(({ row }, index) => {
      const outcome = outcomes[index];
      return typeof outcome === 'object' ? [{ row, faults: [outcome] }] : [];
    }),
  };
};

type Found = Extract<RosterRead, { outcome: 'read' }>;

const previewOf = async (deps: Previewing, staff: Staff, found: Found) => {
  const read = readLines(found.lines, rosterPlaces(deps, staff.office));
  const { fresh, present, faulty } = await judgeAll(deps, staff, read.entries);
  const all = [...read.faulty, ...faulty].sort((a, b) => a.row - b.row);
  const rows = new Set(all.map(({ row }) => row));
  const lines: readonly RosterLine[] = found.lines.filter(({ row }) => rows.has(row));
  return {
    foot: found.foot,
    unread: found.unread,
    rows: found.lines.length,
    present,
    entries: fresh,
    faulty: all,
    lines,
  };
};

/** Reads an uploaded file as a roster and finds out, row by row, what would come of it; nothing is written. */
export const previewRoster = async (
  deps: Previewing,
  staff: Staff,
  file: { name: string; bytes: Uint8Array },
): Promise<Previewed> => {
  const read = await deps.readFile(file.bytes);
  if (read.outcome === 'refused') return read;
  const found = readRoster(read.sheets);
  if (found.outcome !== 'read') return { outcome: 'unreadable', why: found };
  const preview = await previewOf(deps, staff, found);
  return { outcome: 'previewed', preview: { file: { name: file.name, format: read.format }, ...preview } };
};
