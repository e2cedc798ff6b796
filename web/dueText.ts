import type { Deps } from '#application/deps.ts';
import { yearOf } from '#domain/calendar/day.ts';
import { isMakeUpDay } from '#domain/calendar/workingDays.ts';
import type { Locale } from './locale.ts';
import { dueDayText } from './times.ts';

/** A due day in words as it holds at an office: “2026年9月20日（星期日，调休上班）” (R12). */
export const dueText = (
  { calendarOf }: Pick<Deps, 'calendarOf'>,
  locale: Locale,
  office: string,
  day: string,
): string => {
  const calendar = calendarOf(office);
  return dueDayText(locale, day, calendar.years[yearOf(day)] !== undefined && isMakeUpDay(day, calendar));
};
