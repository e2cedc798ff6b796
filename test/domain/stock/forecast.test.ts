import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { addDays } from '#domain/calendar/day.ts';
import { forecast, usePerWeek, weekOf } from '#domain/stock/forecast.ts';

const today = '2026-11-26';
const monday = '2026-11-23';
const weeksAgo = (n: number) => addDays(monday, -7 * n);

describe('the use of a stock', () => {
  it.each([
    ['2026-11-22', '2026-11-16'],
    ['2026-11-23', '2026-11-23'],
    ['2026-11-29', '2026-11-23'],
  ])('counts %s to the week of %s', (day, week) => expect(weekOf(day)).toBe(week));

  it('is the mean of twelve full weeks, those without any included and this one not', () => {
    const weeks = { [weeksAgo(14)]: 900, [weeksAgo(12)]: 24, [weeksAgo(1)]: 12, [monday]: 90 };
    expect(usePerWeek(weeks, today)).toBe(3);
  });

  it('is the mean since the first, where that is not so long ago', () => {
    expect(usePerWeek({ [weeksAgo(2)]: 10, [monday]: 90 }, today)).toBe(5);
    expect(usePerWeek({ [monday]: 4 }, today)).toBe(4);
    expect(usePerWeek({}, today)).toBe(0);
  });
});

describe('the forecast', () => {
  const weeks = { [weeksAgo(1)]: 14 };

  it('says on which day the last one goes, and asks for a quarter beyond the threshold in packets of ten', () => {
    const stock = { held: 29, coming: 20, threshold: 30, weeks };
    expect(forecast(stock, today)).toEqual({ perWeek: 14, runsOutOn: '2026-12-10', suggested: 170 });
  });

  it('has no day where none is used, or where it lasts for more than ten years', () => {
    expect(forecast({ held: 0, coming: 0, threshold: 0, weeks: {} }, today).runsOutOn).toBeUndefined();
    expect(forecast({ held: 1_000_000, coming: 0, threshold: 0, weeks }, today).runsOutOn).toBeUndefined();
    expect(forecast({ held: 0, coming: 0, threshold: 0, weeks }, today).runsOutOn).toBe(today);
  });

  test.prop([fc.nat(500), fc.nat(500), fc.nat(500), fc.nat(60)])(
    'asks for what is lacking and for less than one packet more',
    (held, coming, threshold, used) => {
      const { suggested } = forecast({ held, coming, threshold, weeks: { [weeksAgo(1)]: used } }, today);
      const lacking = Math.max(0, used * 13 + threshold - held - coming);
      expect(suggested % 10).toBe(0);
      expect(suggested).toBeGreaterThanOrEqual(lacking);
      expect(suggested).toBeLessThan(lacking + 10);
    },
  );
});
