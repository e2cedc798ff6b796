import { addDays, type Day, weekday, yearOf } from './day.ts';

/** Days off beside the weekends, and weekend days worked in exchange (调休上班). */
export type DayList = { readonly off: readonly Day[]; readonly work: readonly Day[] };

/** The published years, and the days of an autonomous prefecture or county that come before them (R12). */
export type Calendar = { readonly years: { readonly [year: string]: DayList }; readonly local?: DayList };

/** Local days by division code; those of a code hold for every place whose code begins with it. */
export type LocalDays = { readonly [divisionCode: string]: DayList };

/** A day, or the first year needed whose holidays are not in the calendar: never a guess. */
export type DayOutcome = { outcome: 'day'; day: Day } | { outcome: 'unpublished'; year: number };

/** The days that hold at a place: those of its division and of all above it; the lower level's word counts. */
export const localDaysOf = (divisionCode: string, table: LocalDays): DayList =>
  Object.keys(table)
    .filter((prefix) => prefix !== '' && divisionCode.startsWith(prefix))
    .sort((a, b) => a.length - b.length)
    .reduce<DayList>((upper, prefix) => overlay(upper, table[prefix] ?? noDays), noDays);

const noDays: DayList = { off: [], work: [] };

const overlay = (upper: DayList, lower: DayList): DayList => ({
  off: [...upper.off.filter((day) => !lower.work.includes(day)), ...lower.off],
  work: [...upper.work.filter((day) => !lower.off.includes(day)), ...lower.work],
});

/** The calendar as it holds where these local days do. */
export const withLocalDays = (calendar: Calendar, localDays: DayList): Calendar => ({
  ...calendar,
  local: overlay(calendar.local ?? noDays, localDays),
});

/** Whether the State Council's notice for this day's year is in the calendar. */
const isPublished = (day: Day, calendar: Calendar): boolean => calendar.years[yearOf(day)] !== undefined;

/** Whether people work on a day. Throws for a year that is not published. */
export const isWorkingDay = (day: Day, calendar: Calendar): boolean => {
  const year = calendar.years[yearOf(day)];
  if (year === undefined) throw new RangeError(`The holidays of ${yearOf(day)} are not in the calendar; add that year`);
  if (calendar.local?.off.includes(day)) return false;
  if (calendar.local?.work.includes(day)) return true;
  if (year.off.includes(day)) return false;
  return year.work.includes(day) || !isWeekend(day);
};

/** Whether a weekend day is worked in exchange for a day off (调休上班). Throws as `isWorkingDay`. */
export const isMakeUpDay = (day: Day, calendar: Calendar): boolean => isWeekend(day) && isWorkingDay(day, calendar);

const isWeekend = (day: Day): boolean => weekday(day) === 0 || weekday(day) === 6;

/** The nth working day after a day, which itself does not count (n ≥ 1). */
export const nthWorkingDayAfter = (start: Day, n: number, calendar: Calendar): DayOutcome => {
  if (!Number.isInteger(n) || n < 1) throw new RangeError(`A limit is a whole number of working days from 1, not ${n}`);
  let day = start;
  for (let left = n; left > 0; ) {
    day = addDays(day, 1);
    if (!isPublished(day, calendar)) return { outcome: 'unpublished', year: yearOf(day) };
    if (isWorkingDay(day, calendar)) left -= 1;
  }
  return { outcome: 'day', day };
};

/** The nth working day from a day on: the day itself is the first, or where it is none, the next one is (n ≥ 1). */
export const nthWorkingDayFrom = (start: Day, n: number, calendar: Calendar): DayOutcome => {
  if (!isPublished(start, calendar)) return { outcome: 'unpublished', year: yearOf(start) };
  return nthWorkingDayAfter(addDays(start, -1), n, calendar);
};

/** Working days after `from` up to and including `to`, or the first unpublished year among them. */
export const countWorkingDays = (
  from: Day,
  to: Day,
  calendar: Calendar,
): { outcome: 'count'; count: number } | { outcome: 'unpublished'; year: number } => {
  let count = 0;
  for (let day = addDays(from, 1); day <= to; day = addDays(day, 1)) {
    if (!isPublished(day, calendar)) return { outcome: 'unpublished', year: yearOf(day) };
    if (isWorkingDay(day, calendar)) count += 1;
  }
  return { outcome: 'count', count };
};
