import type { Day } from './day.ts';
import type { Limits } from './policy.ts';
import {
  type Calendar,
  countWorkingDays,
  type DayOutcome,
  nthWorkingDayAfter,
  nthWorkingDayFrom,
} from './workingDays.ts';

/** Last day of the initial review, “1个工作日内”: the nth working day after the submission (§3.1.1(2)). */
export const reviewDueOn = (submittedOn: Day, calendar: Calendar, limits: Limits): DayOutcome =>
  nthWorkingDayAfter(submittedOn, limits.reviewWorkingDays, calendar);

/** Last day on which the applicant must see the outcome, “2个工作日内”: counted from the submission too (A1.1). */
export const outcomeDueOn = (submittedOn: Day, calendar: Calendar, limits: Limits): DayOutcome =>
  nthWorkingDayAfter(submittedOn, limits.outcomeWorkingDays, calendar);

/** Last day of registration, “3个工作日内（含受理当日）”: the day of acceptance is the first (§3.1.1(3)). */
export const registerDueOn = (acceptedOn: Day, calendar: Calendar, limits: Limits): DayOutcome =>
  nthWorkingDayFrom(acceptedOn, limits.registerWorkingDays, calendar);

/**
 * How a due day stands today. `workingDays`: left after today up to the due day, or over since it; undefined where a year
 * between is unpublished (then `later` unless it is past or today). An overdue day can be 0 over: no working day since.
 */
export type DueState = { state: 'overdue' | 'today' | 'soon' | 'later'; workingDays: number | undefined };

/** A due day is `soon` while at most so many working days are left after today. */
const soonUpTo = 1;

export const dueState = (dueOn: Day, today: Day, calendar: Calendar): DueState => {
  if (dueOn === today) return { state: 'today', workingDays: 0 };
  const overdue = dueOn < today;
  const counted = overdue ? countWorkingDays(dueOn, today, calendar) : countWorkingDays(today, dueOn, calendar);
  const workingDays = counted.outcome === 'count' ? counted.count : undefined;
  if (overdue) return { state: 'overdue', workingDays };
  return { state: workingDays !== undefined && workingDays <= soonUpTo ? 'soon' : 'later', workingDays };
};
