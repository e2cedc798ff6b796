/** A legal day in Asia/Shanghai, `YYYY-MM-DD`, years 0001 to 9999. Sorts as text. */
export type Day = string;

const shape = /^\d{4}-\d{2}-\d{2}$/;
const msPerDay = 86_400_000;
// China has kept UTC+8 without summer time since 1991-09-15; the platform's own instants begin in 2016.
const shanghaiOffset = 8 * 3_600_000;

const epochDay = (day: Day): number => Date.parse(`${day}T00:00:00Z`) / msPerDay;

const fromEpochDay = (number: number): Day => {
  const text = new Date(number * msPerDay).toISOString();
  if (text.length !== 24 || text.startsWith('0000')) throw new RangeError(`Day out of the years 0001 to 9999: ${text}`);
  return text.slice(0, 10);
};

/** Number of days in a month (1 to 12) of the Gregorian calendar. */
const daysInMonth = (year: number, month: number): number => {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
};

/** Whether a text is a day that exists, written `YYYY-MM-DD`. */
export const isDay = (text: string): text is Day => {
  if (!shape.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8))];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
};

/** The day a text writes (`2016-07-11`, blanks around it forgiven); undefined where no such day exists. */
export const parseDay = (text: string): Day | undefined => {
  const trimmed = text.trim();
  return isDay(trimmed) ? trimmed : undefined;
};

/** The day of three numbers; undefined where no such day exists. */
export const dayOf = (year: number, month: number, day: number): Day | undefined =>
  parseDay(`${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`);

/** Negative, zero or positive as `a` lies before, on or after `b`. */
export const compareDays = (a: Day, b: Day): number => (a < b ? -1 : a > b ? 1 : 0);

/** The day a number of calendar days later (earlier where negative). Throws outside the years 0001 to 9999. */
export const addDays = (day: Day, days: number): Day => fromEpochDay(epochDay(day) + days);

/** The same day so many years later; 28 February where that year has no 29th. Throws outside the years 0001 to 9999. */
export const addYears = (day: Day, years: number): Day => {
  const [year, month, date] = [yearOf(day) + years, Number(day.slice(5, 7)), Number(day.slice(8))];
  const later = dayOf(year, month, date) ?? dayOf(year, month, date - 1);
  if (later === undefined) throw new RangeError(`Day out of the years 0001 to 9999: ${year}`);
  return later;
};

/** Calendar days from one day to another; negative where `to` lies before `from`. */
export const daysBetween = (from: Day, to: Day): number => epochDay(to) - epochDay(from);

export const yearOf = (day: Day): number => Number(day.slice(0, 4));

/** Day of the week: 0 Sunday to 6 Saturday. */
export const weekday = (day: Day): number => (((epochDay(day) + 4) % 7) + 7) % 7;

/** Full years of age (周岁) on a day; one born on 29 February grows older on 1 March of a common year. */
export const ageOn = (bornOn: Day, on: Day): number =>
  yearOf(on) - yearOf(bornOn) - (on.slice(5) < bornOn.slice(5) ? 1 : 0);

/** The legal day in Asia/Shanghai at an instant (milliseconds since 1970, UTC). */
export const dayInShanghai = (epochMs: number): Day => fromEpochDay(Math.floor((epochMs + shanghaiOffset) / msPerDay));
