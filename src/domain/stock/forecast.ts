import { addDays, type Day, daysBetween, weekday } from '../calendar/day.ts';

/** Serials issued by week, under the week's Monday. */
export type WeeklyUse = Readonly<Record<Day, number>>;

/** How long a stock lasts at its own use, and what should be asked for. */
export type Forecast = {
  perWeek: number;
  /** The day on which the last one goes; undefined where none is used, or it lasts for more than ten years. */
  runsOutOn: Day | undefined;
  /** Enough for a quarter beyond the threshold, less what is held and on its way; 0: enough is there. */
  suggested: number;
};

const weeksLookedAt = 12;
const weeksProvided = 13;
const packet = 10;
const mostDays = 3650;

/** The Monday of a day's week. */
export const weekOf = (day: Day): Day => addDays(day, -((weekday(day) + 6) % 7));

/** Mean use of the last twelve full weeks, or of as many as there were since the first; of this one where it is the first. */
export const usePerWeek = (weeks: WeeklyUse, today: Day): number => {
  const now = weekOf(today);
  const past = Object.keys(weeks).filter((week) => week < now);
  const first = past.toSorted()[0];
  if (first === undefined) return weeks[now] ?? 0;
  const since = Math.min(weeksLookedAt, daysBetween(first, now) / 7);
  const from = addDays(now, -7 * since);
  return past.filter((week) => week >= from).reduce((sum, week) => sum + (weeks[week] ?? 0), 0) / since;
};

/** When a stock runs out by its own use, and how many to ask for (§3.1.4); counts of serials. */
export const forecast = (
  stock: { held: number; coming: number; threshold: number; weeks: WeeklyUse },
  today: Day,
): Forecast => {
  const { held, coming, threshold, weeks } = stock;
  const perWeek = usePerWeek(weeks, today);
  const days = Math.floor((7 * held) / perWeek);
  const wanted = Math.ceil(perWeek * weeksProvided) + threshold - held - coming;
  return {
    perWeek,
    runsOutOn: days <= mostDays ? addDays(today, days) : undefined,
    suggested: Math.max(0, Math.ceil(wanted / packet) * packet),
  };
};
