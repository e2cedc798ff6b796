import { addDays, type Day } from '#domain/calendar/day.ts';
import { isWorkingDay } from '#domain/calendar/workingDays.ts';
import type { AccessDayRow } from '#projections/accessDay.ts';
import { type AccessMonthRow, accessMonthId } from '#projections/accessMonth.ts';
import type { AccessTally } from '#projections/accessTally.ts';
import type { Deps } from './deps.ts';
import { type SubtreeLine, subtreeLines } from './offices.ts';
import { nameOf } from './staffView.ts';

/** How often the people of an office, or of it and all below, looked at personal data in a month. */
export type AccessNumbers = Omit<SubtreeLine, 'codes'> & { counts: AccessTally };

/** Why a day of one person is worth a look. */
export const oddities = ['many', 'manyOther', 'offHours', 'self'] as const;
export type Oddity = (typeof oddities)[number];

/** One person's day, and what is unusual about it; `offHours` counts looks outside office hours. */
export type UnusualDay = { row: AccessDayRow; name: string | undefined; offHours: number; oddities: readonly Oddity[] };

/** From these counts in one day on, a person's looks are shown as unusual. */
export const unusualFrom = { many: 150, manyOther: 20 } as const;
/** Looks from this hour on and before that one, on working days, are within office hours with room to spare. */
export const officeHours = { from: 7, to: 20 } as const;

/** What is counted, in the order of the pages and files. */
export const countedLooks = [
  'opened',
  'other',
  'searched',
  'listed',
  'staffData',
  'passwords',
  'printed',
  'exported',
  'self',
] as const;
const mostOffices = 60;
const mostDays = 200;

const sum = (rows: readonly AccessTally[]): AccessTally =>
  Object.fromEntries(
    countedLooks.map((one) => [one, rows.reduce((total, row) => total + (row[one] ?? 0), 0)]),
  ) as AccessTally;

/** All looks: the ones outside own tasks and at oneself are among the others. */
const total = (tally: AccessTally): number =>
  countedLooks.reduce((all, one) => (one === 'other' || one === 'self' ? all : all + (tally[one] ?? 0)), 0);

const rowsOf = async (deps: Deps, offices: readonly string[], month: string) =>
  (await deps.viewStore.get(
    'accessMonth',
    offices.map((office) => accessMonthId(office, month)),
  )) as readonly AccessMonthRow[];

/** The numbers of an office itself and of each that reports to it with all below, for one month (`YYYY-MM`). */
export const accessNumbers = async (deps: Deps, code: string, month: string): Promise<readonly AccessNumbers[]> => {
  const office = deps.offices.find(code);
  if (office === undefined) return [];
  const offices = subtreeLines(deps.offices, office, deps.offices.children(code));
  const rows = await rowsOf(
    deps,
    offices.flatMap(({ codes }) => codes),
    month,
  );
  const byOffice = new Map(rows.map((row) => [row.office, row]));
  const lines = offices.map(({ codes, ...line }) => ({
    ...line,
    counts: sum(codes.flatMap((one) => byOffice.get(one) ?? [])),
  }));
  // Committees and institutions are many: they stand here once their people looked at something.
  return lines.filter((line) => line.own || line.office.kind === 'administration' || total(line.counts) > 0);
};

const offHoursOf = (deps: Deps, { office, day, hours }: AccessDayRow): number => {
  const working = isWorkingDay(day, deps.calendarOf(office));
  return Object.entries(hours)
    .filter(([hour]) => !working || Number(hour) < officeHours.from || Number(hour) >= officeHours.to)
    .reduce((count, [, looks]) => count + looks, 0);
};

const unusual = (deps: Deps, row: AccessDayRow): Omit<UnusualDay, 'name'> => {
  const offHours = offHoursOf(deps, row);
  const found: readonly (Oddity | false)[] = [
    row.self > 0 && 'self',
    row.other >= unusualFrom.manyOther && 'manyOther',
    (row.opened >= unusualFrom.many || row.staffData >= unusualFrom.many) && 'many',
    offHours > 0 && 'offHours',
  ];
  return { row, offHours, oddities: found.filter((one) => one !== false) };
};

const daysOf = async (deps: Deps, office: string, from: Day, before: Day) => {
  const query = { index: 'office', equals: [office], from, before, descending: true, limit: mostDays };
  return (await deps.viewStore.find('accessDay', query)).rows as readonly AccessDayRow[];
};

/** Looks at one's own registration weigh most, then how many things are odd, then how many looks were outside own tasks. */
const weightOf = ({ row, offHours, oddities: odd }: Omit<UnusualDay, 'name'>): number =>
  row.self * 10_000 + odd.length * 1000 + row.other * 10 + offHours;

/**
 * Days of people that are worth a look, the weightiest first, at an office and all below it in one month: of the 60
 * offices that look most, the newest 200 days of each.
 */
export const unusualDays = async (deps: Deps, code: string, month: string): Promise<readonly UnusualDay[]> => {
  const rows = await rowsOf(deps, deps.offices.within(code), month);
  const busiest = rows.toSorted((a, b) => total(b) - total(a)).slice(0, mostOffices);
  const [from, before] = [`${month}-01`, addDays(`${month}-28`, 4).slice(0, 8).concat('01')];
  const days = await Promise.all(busiest.map(({ office }) => daysOf(deps, office, from, before)));
  const found = days
    .flat()
    .map((row) => unusual(deps, row))
    .filter(({ oddities: odd }) => odd.length > 0)
    .toSorted((a, b) => weightOf(b) - weightOf(a));
  return Promise.all(found.map(async (one) => ({ ...one, name: await nameOf(deps, one.row.account) })));
};
