import type { Day } from '#domain/calendar/day.ts';

const digits = '〇一二三四五六七八九';

const digit = (value: number): string => digits[value] ?? '';

/** A count of 0 to 99 in Chinese numerals, such as 二十四. */
export const chineseCount = (count: number): string => {
  if (count < 10) return digit(count);
  const tens = Math.floor(count / 10);
  const ones = count % 10;
  return `${tens === 1 ? '' : digit(tens)}十${ones === 0 ? '' : digit(ones)}`;
};

/** A day as documents are dated: 二〇二六年十一月二十四日. By hand, because `Intl` writes 一一月二四日. */
export const chineseDate = (day: Day): string => {
  const [year = '', month = '', date = ''] = day.split('-');
  const yearText = [...year].map((one) => digit(Number(one))).join('');
  return `${yearText}年${chineseCount(Number(month))}月${chineseCount(Number(date))}日`;
};
