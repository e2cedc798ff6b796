import { dayOf } from '#domain/calendar/day.ts';

/** A date as typed into three boxes. */
export type DateParts = { year: string; month: string; day: string };

export const dateParts = ['year', 'month', 'day'] as const;

/** The box of one part of a date field. */
export const partName = (field: string, part: keyof DateParts): string => `${field}-${part}`;

const digits = (text: string): string => text.normalize('NFKC').replace(/\D/g, '');

/** 95 is 1995, 16 is 2016: two digits mean the last such year that is not after the present one. */
const fullYear = (text: string, presentYear: number): number => {
  const year = Number(text);
  if (text.length > 2) return year;
  const century = Math.floor(presentYear / 100) * 100;
  return century + year > presentYear ? century - 100 + year : century + year;
};

const wholeDate = /^\D*(\d{4})\D+(\d{1,2})\D+(\d{1,2})\D*$|^(\d{4})(\d{2})(\d{2})$/;

/** A whole date that was typed or pasted into the first box is spread over the three. */
const spread = (parts: DateParts): DateParts => {
  const found = wholeDate.exec(parts.year.normalize('NFKC').trim());
  if (found === null || parts.month + parts.day !== '') return parts;
  const [year = '', month = '', day = ''] = found.slice(1).filter((part) => part !== undefined);
  return { year, month, day };
};

/**
 * The day that three boxes say, `YYYY-MM-DD`; '' where all are empty; where there is no such day, a text that is none
 * (`2021-2-30`). Two-digit years, full-width digits, `5月` and a whole date in the first box are understood.
 */
export const dayFromParts = (typed: DateParts, presentYear: number): string => {
  const parts = spread(typed);
  const { year, month, day } = parts;
  if (`${year}${month}${day}`.trim() === '') return '';
  const found = dayOf(fullYear(digits(year), presentYear), Number(digits(month)), Number(digits(day)));
  return digits(year) === '' || found === undefined ? `${year}-${month}-${day}` : found;
};

/** The three boxes of a day; the boxes are empty for what is none. */
export const partsOfDay = (day: string): DateParts => {
  const [year = '', month = '', date = ''] = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day)?.slice(1) ?? [];
  return { year, month: month.replace(/^0/, ''), day: date.replace(/^0/, '') };
};
