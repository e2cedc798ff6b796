import { type Locale, translate } from './locale.ts';

const zone = 'Asia/Shanghai';

const parts = (moment: string) => {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
    hourCycle: 'h23',
  });
  return format.format(new Date(moment)).replace(',', '');
};

/** A legal day as people read it: 2026年9月18日 / 18 September 2026; of a masked one its month alone. */
export const dayText = (locale: Locale, day: string): string => {
  const [year = '', month = '', date = ''] = day.split('-');
  const fill = {
    year,
    month: Number(month),
    date: Number(date),
    monthName: translate(locale, `times.months.${Number(month)}`),
  };
  return translate(locale, date === '' ? 'times.monthOnly' : 'times.day', fill);
};

/** An instant (UTC ISO 8601) as people in Guizhou read it: 2026-09-18 09:12. */
export const momentText = (_: Locale, moment: string): string => parts(moment);

/** The weekday's name of a legal day, with a note where a make-up working day falls on a weekend (R12). */
const weekdayText = (locale: Locale, day: string, makeUp: boolean): string => {
  const weekday = translate(locale, `times.weekdays.${new Date(`${day}T00:00:00Z`).getUTCDay()}`);
  return makeUp ? translate(locale, 'times.makeUpDay', { weekday }) : weekday;
};

/** “9月18日（星期日，调休上班）”: a due day in words. */
export const dueDayText = (locale: Locale, day: string, makeUp: boolean): string =>
  translate(locale, 'times.dueDay', { day: dayText(locale, day), weekday: weekdayText(locale, day, makeUp) });
