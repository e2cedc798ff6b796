import { expect, test } from 'vitest';
import { calendars, loadCalendar } from '#infrastructure/calendar/holidays.ts';
import { dueText } from '#web/dueText.ts';

const deps = { calendarOf: calendars(loadCalendar(), {}) };

test.each([
  ['zh-CN', '2016-09-18', '2016年9月18日（星期日，调休上班）'],
  ['en', '2016-09-18', '18 September 2016 (Sunday, a make-up working day)'],
  ['zh-CN', '2016-09-19', '2016年9月19日（星期一）'],
  ['zh-CN', '2035-01-06', '2035年1月6日（星期六）'],
] as const)('in %s %s reads “%s”', (locale, day, words) => {
  expect(dueText(deps, locale, '520111004', day)).toBe(words);
});
