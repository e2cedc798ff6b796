import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { compareDays, type Day, isDay, weekday, yearOf } from '#domain/calendar/day.ts';
import {
  type Calendar,
  type DayList,
  type LocalDays,
  localDaysOf,
  withLocalDays,
} from '#domain/calendar/workingDays.ts';

/** A holiday file that cannot be used; the message names the file, what is wrong and what to do. */
export class HolidayFileError extends Error {
  override name = 'HolidayFileError';
}

const day = z.string().refine(isDay, 'is not a day YYYY-MM-DD that exists');
const dayList = z
  .strictObject({ off: z.array(day), work: z.array(day) })
  .refine(({ off, work }) => !off.some((one) => work.includes(one)), 'has a day both under "off" and under "work"');
const notice = dayList
  .refine(({ off }) => off.length > 0, 'has no day under "off"')
  .refine(
    ({ work }) => work.every((one) => weekday(one) % 6 === 0),
    'has a make-up working day under "work" that is no Saturday or Sunday',
  );
const published = z.record(z.string().regex(/^\d{4}$/), notice);
const local = z.record(z.string().regex(/^\d{4}(\d{2})?$/, 'is not the code of a prefecture or county'), dayList);

const read = <T>(path: string, schema: z.ZodType<T>): T => {
  const fail = (reason: string, cause: unknown): never => {
    throw new HolidayFileError(
      `节假日文件有误，请改正后重新启动 / Correct this holiday file and start again: ${path}: ${reason}`,
      { cause },
    );
  };
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    return fail(cause instanceof SyntaxError ? 'is not JSON' : 'cannot be read', cause);
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return fail(`${issue?.path.join('.') || 'the file'} ${issue?.message ?? 'has another form'}`, parsed.error);
};

const own = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const yearFile = /^(\d{4})\.json$/;

/** A notice may set days of the December before its year too (as those for 2019 and 2023 did). */
const noticeOf = (year: number) =>
  notice.refine(
    ({ off, work }) => [...off, ...work].every((one) => yearOf(one) === year || one.startsWith(`${year - 1}-12-`)),
    `has a day that is neither in ${year} nor in December ${year - 1}`,
  );

const inYear = (list: DayList, year: number): DayList => ({
  off: list.off.filter((one) => yearOf(one) === year),
  work: list.work.filter((one) => yearOf(one) === year),
});

const joined = (a: readonly Day[], b: readonly Day[], without: readonly Day[]): readonly Day[] =>
  [...new Set([...a.filter((one) => !without.includes(one)), ...b])].sort(compareDays);

const extended = (list: DayList, by: DayList): DayList => ({
  off: joined(list.off, by.off, by.work),
  work: joined(list.work, by.work, by.off),
});

type Years = { readonly [year: string]: DayList };

/** The years with one notice more: its own year anew, its days of the December before added to what stands there. */
const withNotice = (years: Years, year: number, list: DayList): Years => {
  const before = years[year - 1];
  return {
    ...years,
    ...(before === undefined ? {} : { [year - 1]: extended(before, inYear(list, year - 1)) }),
    [year]: inYear(list, year),
  };
};

/**
 * The published holidays of this release, and those in `<dataDir>/holidays/<year>.json` (`{ "off": […], "work": […] }`),
 * which replace a year or add one without a release. Throws `HolidayFileError`.
 */
export const loadCalendar = (dataDir?: string): Calendar => {
  const folder = dataDir === undefined ? undefined : join(dataDir, 'holidays');
  const files = folder === undefined || !existsSync(folder) ? [] : readdirSync(folder).sort();
  const extra = files.flatMap((name) => {
    const year = Number(yearFile.exec(name)?.[1]);
    return Number.isNaN(year) ? [] : [{ year, list: read(join(folder ?? '', name), noticeOf(year)) }];
  });
  const years: Years = read(own('holidays.json'), published);
  return { years: extra.reduce<Years>((all, { year, list }) => withNotice(all, year, list), years) };
};

/**
 * The days that autonomous prefectures and counties add (R12), by division code: those of this release, and over them
 * those in `<dataDir>/holidays/local.json`. Throws `HolidayFileError`.
 */
export const loadLocalDays = (dataDir?: string): LocalDays => {
  const path = dataDir === undefined ? undefined : join(dataDir, 'holidays', 'local.json');
  const extra = path !== undefined && existsSync(path) ? read(path, local) : {};
  return { ...read(own('localDays.json'), local), ...extra };
};

/** The calendar of each division, local days included. */
export const calendars = (calendar: Calendar, localDays: LocalDays): ((division: string) => Calendar) => {
  return (division) => withLocalDays(calendar, localDaysOf(division, localDays));
};
