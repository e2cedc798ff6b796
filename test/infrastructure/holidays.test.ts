import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { addDays, type Day, dayOf, weekday, yearOf } from '#domain/calendar/day.ts';
import { isWorkingDay, nthWorkingDayAfter } from '#domain/calendar/workingDays.ts';
import { calendars, HolidayFileError, loadCalendar, loadLocalDays } from '#infrastructure/calendar/holidays.ts';
import { holidayNotices } from '../support/holidayNotices.ts';

const calendar = loadCalendar();

const range = (year: number, text: string): readonly Day[] => {
  const [, month, first, lastMonth, last] = /^(\d+)月(\d+)日(?:至(?:(\d+)月)?(\d+)日)?$/.exec(text) ?? [];
  const from = dayOf(year, Number(month), Number(first));
  const to = last === undefined ? from : dayOf(year, Number(lastMonth ?? month), Number(last));
  if (from === undefined || to === undefined) throw new Error(`not a range: ${text}`);
  const days = [from];
  while ((days.at(-1) ?? to) < to) days.push(addDays(days.at(-1) ?? to, 1));
  return days;
};

const makeUp = (year: number, text: string): Day => {
  const [, month, day, name] = /^(\d+)月(\d+)日星期(.)$/.exec(text) ?? [];
  const found = dayOf(year, Number(month), Number(day));
  if (found === undefined || '日一二三四五六'.charAt(weekday(found)) !== name) throw new Error(`not that day: ${text}`);
  return found;
};

const daysOf = (year: number): readonly Day[] => {
  const days = [`${year}-01-01`];
  for (let day = `${year}-01-02`; yearOf(day) === year; day = addDays(day, 1)) days.push(day);
  return days;
};

describe('the published holidays', () => {
  it('cover 2016 to 2026, and nothing that is not published', () => {
    expect(Object.keys(calendar.years).map(Number)).toEqual([
      2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026,
    ]);
    expect(Object.keys(holidayNotices)).toEqual(Object.keys(calendar.years));
  });

  it.each(Object.entries(holidayNotices))('are on every day of %s those of the notice', (year, { off, work }) => {
    const offDays = off.flatMap((text) => range(Number(year), text));
    const workDays = work.map((text) => makeUp(Number(year), text));
    const noticed = daysOf(Number(year)).filter(
      (day) => workDays.includes(day) || (weekday(day) % 6 !== 0 && !offDays.includes(day)),
    );
    expect(daysOf(Number(year)).filter((day) => isWorkingDay(day, calendar))).toEqual(noticed);
  });
});

describe('holidays that an operator adds', () => {
  const folders: string[] = [];
  const dataDir = (files: Readonly<Record<string, unknown>>) => {
    const folder = mkdtempSync(join(tmpdir(), 'holidays-'));
    folders.push(folder);
    mkdirSync(join(folder, 'holidays'));
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(folder, 'holidays', name), typeof content === 'string' ? content : JSON.stringify(content));
    }
    return folder;
  };
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  it('publish a year, and set days of the December before it', () => {
    const added = loadCalendar(
      dataDir({ '2027.json': { off: ['2026-12-31', '2027-01-01', '2027-01-02'], work: ['2026-12-27'] } }),
    );
    expect(nthWorkingDayAfter('2026-12-30', 1, added)).toEqual({ outcome: 'day', day: '2027-01-04' });
    expect(isWorkingDay('2026-12-27', added)).toBe(true);
    expect(isWorkingDay('2026-10-01', added)).toBe(false);
  });

  it('replace a year that was amended', () => {
    const amended = loadCalendar(dataDir({ '2026.json': { off: ['2026-01-01'], work: [] } }));
    expect(isWorkingDay('2026-10-01', amended)).toBe(true);
    expect(isWorkingDay('2025-10-01', amended)).toBe(false);
  });

  it('may be absent', () => {
    expect(loadCalendar(join(tmpdir(), 'no-such-folder'))).toEqual(calendar);
    expect(loadCalendar(dataDir({ 'readme.txt': 'x' }))).toEqual(calendar);
  });

  it.each([
    ['not JSON', '{ off', 'is not JSON'],
    ['a day that does not exist', { off: ['2027-02-29'], work: [] }, 'off.0 is not a day'],
    ['no day off', { off: [], work: [] }, 'no day under "off"'],
    ['a day of another year', { off: ['2028-01-01'], work: [] }, 'neither in 2027'],
    ['a make-up day on a Monday', { off: ['2027-01-01'], work: ['2027-01-04'] }, 'no Saturday or Sunday'],
    ['a day that is both', { off: ['2027-01-02'], work: ['2027-01-02'] }, 'both'],
    ['a missing list', { off: ['2027-01-01'] }, 'work'],
  ])('stop the start with a sentence where the file has %s', (_, content, reason) => {
    const folder = dataDir({ '2027.json': content });
    expect(() => loadCalendar(folder)).toThrow(HolidayFileError);
    expect(() => loadCalendar(folder)).toThrow(join(folder, 'holidays', '2027.json'));
    expect(() => loadCalendar(folder)).toThrow(reason);
  });

  it('can be local days, by division', () => {
    const folder = dataDir({ 'local.json': { '5226': { off: ['2026-07-23'], work: [] } } });
    const of = calendars(loadCalendar(folder), loadLocalDays(folder));
    expect(isWorkingDay('2026-07-23', of('522601001'))).toBe(false);
    expect(isWorkingDay('2026-07-23', of('520111004'))).toBe(true);
    const bad = dataDir({ 'local.json': { 黔东南: { off: [], work: [] } } });
    expect(() => loadLocalDays(bad)).toThrow(HolidayFileError);
    expect(loadLocalDays()).toEqual({});
  });
});
