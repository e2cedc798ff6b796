import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { addDays, type Day } from '#domain/calendar/day.ts';
import {
  type Calendar,
  countWorkingDays,
  type DayOutcome,
  isMakeUpDay,
  isWorkingDay,
  localDaysOf,
  nthWorkingDayAfter,
  nthWorkingDayFrom,
  withLocalDays,
} from '#domain/calendar/workingDays.ts';
import { loadCalendar } from '#infrastructure/calendar/holidays.ts';
import { dayBetween } from '../../support/people.ts';

const calendar = loadCalendar();
const start = dayBetween('2016-01-01', '2026-10-31');
const few = fc.integer({ min: 1, max: 15 });
const dayIn = (outcome: DayOutcome): Day => {
  if (outcome.outcome === 'unpublished') throw new Error(`${outcome.year} is unpublished`);
  return outcome.day;
};

describe('working days', () => {
  it('are weekdays that are not off, and make-up days', () => {
    const working = ['2016-09-14', '2016-09-15', '2016-09-18', '2016-09-24', '2016-10-08'].map((day) =>
      isWorkingDay(day, calendar),
    );
    expect(working).toEqual([true, false, true, false, true]);
    expect(isMakeUpDay('2016-09-18', calendar)).toBe(true);
    expect(isMakeUpDay('2016-09-19', calendar)).toBe(false);
    expect(isMakeUpDay('2016-09-24', calendar)).toBe(false);
  });

  it('are never guessed for a year that is not published', () => {
    expect(nthWorkingDayAfter('2026-12-31', 1, calendar)).toEqual({ outcome: 'unpublished', year: 2027 });
    expect(nthWorkingDayAfter('2026-12-30', 1, calendar)).toEqual({ outcome: 'day', day: '2026-12-31' });
    expect(nthWorkingDayFrom('2027-01-04', 1, calendar)).toEqual({ outcome: 'unpublished', year: 2027 });
    expect(countWorkingDays('2026-12-30', '2027-01-04', calendar)).toEqual({ outcome: 'unpublished', year: 2027 });
    expect(() => isWorkingDay('2027-01-04', calendar)).toThrow(/2027/);
  });

  it('are counted from one', () => {
    expect(() => nthWorkingDayAfter('2016-07-15', 0, calendar)).toThrow(RangeError);
    expect(() => nthWorkingDayFrom('2016-07-15', 1.5, calendar)).toThrow(RangeError);
  });

  test.prop([start, few])('the nth after a day is a working day behind it, with n−1 between', (from, n) => {
    const day = dayIn(nthWorkingDayAfter(from, n, calendar));
    expect(day > from).toBe(true);
    expect(isWorkingDay(day, calendar)).toBe(true);
    expect(countWorkingDays(from, day, calendar)).toEqual({ outcome: 'count', count: n });
  });

  test.prop([start, few])('a later start or a longer limit is never due earlier', (from, n) => {
    const day = dayIn(nthWorkingDayAfter(from, n, calendar));
    expect(dayIn(nthWorkingDayAfter(addDays(from, 1), n, calendar)) >= day).toBe(true);
    expect(dayIn(nthWorkingDayAfter(from, n + 1, calendar)) > day).toBe(true);
    expect(dayIn(nthWorkingDayFrom(from, n, calendar)) <= day).toBe(true);
  });

  test.prop([start, few])('counting the day itself is one less on a working day, else the same', (from, n) => {
    const counted = dayIn(nthWorkingDayFrom(from, n, calendar));
    expect(counted >= from).toBe(true);
    const m = isWorkingDay(from, calendar) ? n - 1 : n;
    expect(counted).toBe(m === 0 ? from : dayIn(nthWorkingDayAfter(from, m, calendar)));
  });
});

describe('local days', () => {
  const friday = '2016-07-15';
  const saturday = '2016-07-16';
  const none: Calendar = { years: { 2016: { off: [], work: [] } } };
  const table = { '5226': { off: [friday], work: [saturday] }, '522634': { off: [saturday], work: [] } };

  it('hold for the places whose codes begin with theirs', () => {
    expect(localDaysOf('522601001', table)).toEqual({ off: [friday], work: [saturday] });
    expect(localDaysOf('520111004', table)).toEqual({ off: [], work: [] });
    expect(localDaysOf('52', table)).toEqual({ off: [], work: [] });
  });

  it('of the lower level come before those above', () => {
    const there = withLocalDays(none, localDaysOf('522634100', table));
    expect(isWorkingDay(friday, there)).toBe(false);
    expect(isWorkingDay(saturday, there)).toBe(false);
    expect(isWorkingDay(saturday, withLocalDays(none, localDaysOf('5226', table)))).toBe(true);
  });

  it('move a due day where they hold, and only there', () => {
    expect(nthWorkingDayAfter('2016-07-14', 1, none)).toEqual({ outcome: 'day', day: friday });
    expect(nthWorkingDayAfter('2016-07-14', 1, withLocalDays(none, { off: [friday], work: [] }))).toEqual({
      outcome: 'day',
      day: '2016-07-18',
    });
  });

  it('do not publish a year', () => {
    const there = withLocalDays(none, { off: ['2017-01-03'], work: ['2017-01-07'] });
    expect(nthWorkingDayFrom('2017-01-03', 1, there)).toEqual({ outcome: 'unpublished', year: 2017 });
  });

  test.prop([start, fc.array(dayBetween('2016-01-01', '2026-12-01'), { maxLength: 20 })])(
    'that are off never make anything due earlier',
    (from, off) => {
      const there = withLocalDays(calendar, { off, work: [] });
      expect(dayIn(nthWorkingDayAfter(from, 2, there)) >= dayIn(nthWorkingDayAfter(from, 2, calendar))).toBe(true);
    },
  );
});
