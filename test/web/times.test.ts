import { expect, test } from 'vitest';
import { dayText } from '#web/times.ts';

test.each([
  ['zh-CN', '2020-10-13', '2020年10月13日'],
  ['zh-CN', '2020-10', '2020年10月'],
  ['en', '2020-10-13', '13 October 2020'],
  ['en', '2020-10', 'October 2020'],
] as const)('in %s, %s reads %s', (locale, day, text) => {
  expect(dayText(locale, day)).toBe(text);
});
