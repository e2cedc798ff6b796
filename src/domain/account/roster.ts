import type { PlaceColumn, PlaceFinder, WrittenPlace } from '../organisation/placeNames.ts';
import { type IdNumberFault, idNumberFault, normaliseIdNumber } from '../people/idNumber.ts';
import { normaliseMobile } from '../people/mobile.ts';
import { normaliseName } from '../people/personName.ts';
import type { Role } from './authorisations.ts';
import type { AccountDetails } from './events.ts';
import { type RosterColumn, type RosterLine, rosterColumns } from './rosterSheet.ts';
import { detailFaults } from './rules.ts';
import type { SheetCell } from './sheet.ts';

/** A person of a roster as it can be registered; `row` is the sheet's own. */
export type RosterEntry = { row: number; office: string; role: Role; details: AccountDetails };

/** What is wrong with a row, and where. `digitsLost`: a spreadsheet made a number of it, whose end is gone. */
export type RosterFault =
  | { column: RosterColumn; fault: 'formula' }
  | { column: 'name' | 'role' | 'idNumber' | 'prefecture'; fault: 'missing' }
  | { column: PlaceColumn; fault: 'unknownPlace' | 'notThere' }
  | { column: PlaceColumn; fault: 'ambiguousPlace'; codes: readonly string[] }
  | { column: 'role'; fault: 'unknownRole' }
  | { column: 'name' | 'mobile'; fault: 'garbled' }
  | { column: 'idNumber'; fault: IdNumberFault }
  | { column: 'idNumber' | 'mobile'; fault: 'digitsLost' }
  | { column: 'workUnit' | 'qq' | 'note'; fault: 'long' }
  /** The same ID number stands in other rows too. */
  | { column: 'idNumber'; fault: 'repeated'; rows: readonly number[] }
  /** Such people are registered by the admins of `by` ('' where nobody is above). */
  | { column: 'role'; fault: 'notYours'; by: string }
  /** The person has another account, at `office` (O4). */
  | { column: 'idNumber'; fault: 'elsewhere'; office: string; role: Role }
  /** This ID number is registered there under another name. */
  | { column: 'name'; fault: 'otherName' };

export type FaultyRow = { row: number; faults: readonly RosterFault[] };

/** Where people can work; `top` is the organisation that stands in no column, `isOwn` whether one is the importer's or below. */
export type RosterPlaces = {
  finder: PlaceFinder;
  top: string;
  isOwn: (office: string) => boolean;
  /** The committee or institution of that name right below an office: who names it as work unit works there. */
  unitAt: (office: string, name: string) => string | undefined;
};

const wrapped = /^="(.*)"$/s;
// What spreadsheets take for a formula, and digits, are kept as text by an apostrophe before them.
const kept = /^'(?=[=+\-@＝＋－＠\d\s'])/;

/** A cell's text without what only keeps spreadsheets from changing it. */
const textOf = (cell: SheetCell | undefined): string =>
  (cell?.text ?? '')
    .toWellFormed()
    .trim()
    .replace(wrapped, '$1')
    .replace(kept, '')
    .replace(/\p{Cc}+/gu, ' ')
    .trim();

const roleWords: readonly (readonly [RegExp, Role])[] = [
  [/^1(?!\d)|^(?:系统)?管理员$/, 'admin'],
  [/^2(?!\d)|^(?:业务)?操作(?:人)?员$/, 'operator'],
];

const roleOf = (text: string): Role | undefined => {
  const plain = text.normalize('NFKC').replace(/\s/g, '').replace(/\.0+$/, '');
  return roleWords.find(([words]) => words.test(plain))?.[1];
};

/** Spreadsheets keep 15 digits of a number and show the rest as noughts or as `5.2E+17`. */
const hasLostDigits = (cell: SheetCell | undefined): boolean => {
  const text = textOf(cell);
  if (cell?.kind === 'number' && !/^\d{1,15}$/.test(text)) return true;
  return /^\d(?:\.\d+)?E\+?\d+$/i.test(text) || (/^\d{15}000$/.test(text) && idNumberFault(text) !== undefined);
};

type Placed = { office: string } | { fault: RosterFault };

const placeOf = (written: WrittenPlace, { finder, top, isOwn }: RosterPlaces): Placed => {
  const found = finder.find(written, isOwn);
  switch (found.outcome) {
    case 'found':
      return { office: found.code };
    case 'blank':
      return isOwn(top) ? { office: top } : { fault: { column: 'prefecture', fault: 'missing' } };
    case 'unknown':
      return { fault: { column: found.column, fault: 'unknownPlace' } };
    case 'notThere':
      return { fault: { column: found.column, fault: 'notThere' } };
    case 'ambiguous':
      return { fault: { column: found.column, fault: 'ambiguousPlace', codes: found.codes } };
  }
};

const orAbsent = <K extends string>(key: K, text: string): Partial<Record<K, string>> =>
  text === '' ? {} : ({ [key]: text.normalize('NFKC') } as Record<K, string>);

const detailsOf = ({ cells }: RosterLine): AccountDetails => ({
  name: normaliseName(textOf(cells.name)),
  idNumber: normaliseIdNumber(textOf(cells.idNumber)),
  mobile: normaliseMobile(textOf(cells.mobile)),
  ...orAbsent('workUnit', textOf(cells.workUnit)),
  ...orAbsent('qq', textOf(cells.qq)),
  ...orAbsent('note', textOf(cells.note)),
});

/** What is wrong with the person's data, each column once: what is missing or lost is not also malformed. */
const personFaults = (details: AccountDetails, cells: RosterLine['cells']): readonly RosterFault[] => {
  const missing = (['name', 'idNumber'] as const).filter((column) => details[column] === '');
  const lost = (['idNumber', 'mobile'] as const).filter((column) => hasLostDigits(cells[column]));
  const told: readonly string[] = [...missing, ...lost];
  const others = detailFaults(details).filter(({ field }) => field !== 'account' && !told.includes(field));
  return [
    ...missing.map((column) => ({ column, fault: 'missing' }) as const),
    ...lost.map((column) => ({ column, fault: 'digitsLost' }) as const),
    ...others.map(({ field, fault }) => ({ column: field, fault }) as RosterFault),
  ];
};

/** A row as a person who can be registered, or all that is wrong with it. */
export const readLine = (line: RosterLine, places: RosterPlaces): RosterEntry | FaultyRow => {
  const { row, cells } = line;
  const formulas = rosterColumns.filter((column) => cells[column]?.kind === 'formula');
  if (formulas.length > 0) return { row, faults: formulas.map((column) => ({ column, fault: 'formula' })) };
  const [prefecture, county, township] = [cells.prefecture, cells.county, cells.township].map(textOf);
  const placed = placeOf({ prefecture: prefecture ?? '', county: county ?? '', township: township ?? '' }, places);
  const role = roleOf(textOf(cells.role));
  const details = detailsOf(line);
  const roleFault = { column: 'role', fault: textOf(cells.role) === '' ? 'missing' : 'unknownRole' } as const;
  const faults = [
    ...('fault' in placed ? [placed.fault] : []),
    ...(role === undefined ? [roleFault] : []),
    ...personFaults(details, cells),
  ];
  if (faults.length > 0 || 'fault' in placed || role === undefined) return { row, faults };
  const unit = details.workUnit === undefined ? undefined : places.unitAt(placed.office, details.workUnit);
  return { row, office: unit ?? placed.office, role, details };
};

/** For each row the others that name the same ID number; a number that is none repeats nothing. */
const repeatsIn = (lines: readonly RosterLine[]): ReadonlyMap<number, readonly number[]> => {
  const numbered = lines.map(({ row, cells }) => ({ row, id: normaliseIdNumber(textOf(cells.idNumber)) }));
  const groups = Map.groupBy(
    numbered.filter(({ id }) => idNumberFault(id) === undefined),
    ({ id }) => id,
  );
  const rows = [...groups.values()].map((group) => group.map(({ row }) => row)).filter(({ length }) => length > 1);
  return new Map(rows.flatMap((group) => group.map((row) => [row, group.filter((other) => other !== row)])));
};

/** All rows by what was found of them; those that name the same ID number are all faulty, each with the others' numbers. */
export const readLines = (
  lines: readonly RosterLine[],
  places: RosterPlaces,
): { entries: readonly RosterEntry[]; faulty: readonly FaultyRow[] } => {
  const repeats = repeatsIn(lines);
  const read = lines.map((line): RosterEntry | FaultyRow => {
    const one = readLine(line, places);
    const rows = repeats.get(line.row);
    if (rows === undefined) return one;
    const faults = 'faults' in one ? one.faults : [];
    return { row: line.row, faults: [...faults, { column: 'idNumber', fault: 'repeated', rows }] };
  });
  return { entries: read.filter((one) => 'details' in one), faulty: read.filter((one) => 'faults' in one) };
};

/** The account that a person has already, unless it is closed. */
export type KnownPerson = { office: string; role: Role; name: string };

/** Whose admins may register someone as what (O3), and whether the importer is one of them. */
export type RosterRights = {
  mayRegister: (office: string, role: Role) => boolean;
  registrarOf: (office: string, role: Role) => string;
};

/**
 * What an entry comes to: `present` is nothing new, whoever may register such people; else the person must be without an
 * account and the importer an admin of the office that registers them (O3).
 */
export const judge = (
  { office, role, details }: RosterEntry,
  known: KnownPerson | undefined,
  { mayRegister, registrarOf }: RosterRights,
): 'new' | 'present' | RosterFault => {
  if (known !== undefined && known.office === office && known.role === role) {
    return known.name === details.name ? 'present' : { column: 'name', fault: 'otherName' };
  }
  if (!mayRegister(office, role)) return { column: 'role', fault: 'notYours', by: registrarOf(office, role) };
  if (known === undefined) return 'new';
  return { column: 'idNumber', fault: 'elsewhere', office: known.office, role: known.role };
};
