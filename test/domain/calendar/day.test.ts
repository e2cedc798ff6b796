import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  ageOn,
  compareDays,
  dayInShanghai,
  dayOf,
  daysBetween,
  isDay,
  parseDay,
  weekday,
  yearOf,
} from '#domain/calendar/day.ts';
import { dayBetween } from '../../support/people.ts';

const day = dayBetween('0001-01-01', '9999-12-31');
const nearDay = dayBetween('1900-01-01', '2100-12-31');

describe('a day', () => {
  it.each(['2016-02-29', '2000-02-29', '2026-12-31', '0001-01-01', '9999-12-31'])('can be %s', (text) => {
    expect(isDay(text)).toBe(true);
    expect(parseDay(` ${text} `)).toBe(text);
  });

  it.each([
    '',
    '2015-02-29',
    '1900-02-29',
    '2016-04-31',
    '2016-13-01',
    '2016-00-10',
    '2016-01-00',
    '0000-01-01',
    '2016-1-1',
    '20160101',
  ])('cannot be %j', (text) => {
    expect(isDay(text)).toBe(false);
    expect(parseDay(text)).toBeUndefined();
  });

  it('is made of three numbers where it exists', () => {
    expect(dayOf(2016, 7, 1)).toBe('2016-07-01');
    expect(dayOf(2016, 2, 30)).toBeUndefined();
  });

  it('has a day of the week', () => {
    expect([weekday('2016-07-11'), weekday('2016-09-18'), weekday('1969-12-31'), weekday('2026-02-14')]).toEqual([
      1, 0, 3, 6,
    ]);
  });

  it('throws beyond the years 0001 to 9999', () => {
    expect(() => addDays('9999-12-31', 1)).toThrow(RangeError);
    expect(() => addDays('0001-01-01', -1)).toThrow(RangeError);
  });

  it('begins in Shanghai at 16:00 UTC', () => {
    expect(dayInShanghai(Date.UTC(2016, 6, 10, 15, 59, 59, 999))).toBe('2016-07-10');
    expect(dayInShanghai(Date.UTC(2016, 6, 10, 16))).toBe('2016-07-11');
  });

  it.each([
    ['1994-07-11', '2016-07-10', 21],
    ['1994-07-11', '2016-07-11', 22],
    ['1996-02-29', '2016-02-28', 19],
    ['1996-02-29', '2016-02-29', 20],
    ['1996-02-29', '2017-02-28', 20],
    ['1996-02-29', '2017-03-01', 21],
  ])('one born on %s is on %s %i years old', (born, on, years) => {
    expect(ageOn(born, on)).toBe(years);
  });

  test.prop([day])('exists and sorts as text', (one) => {
    expect(isDay(one)).toBe(true);
    expect(yearOf(one)).toBe(Number(one.slice(0, 4)));
  });

  test.prop([nearDay, fc.integer({ min: -5000, max: 5000 })])('moves there and back', (one, days) => {
    const other = addDays(one, days);
    expect(addDays(other, -days)).toBe(one);
    expect(daysBetween(one, other)).toBe(days);
    expect(Math.sign(compareDays(other, one))).toBe(Math.sign(days));
    expect(weekday(other)).toBe((((weekday(one) + days) % 7) + 7) % 7);
  });
});
