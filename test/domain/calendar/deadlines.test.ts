import { test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { dueState, outcomeDueOn, registerDueOn, reviewDueOn } from '#domain/calendar/deadlines.ts';
import { policies, policyById, policyOn } from '#domain/calendar/policy.ts';
import { loadCalendar } from '#infrastructure/calendar/holidays.ts';
import { dayBetween } from '../../support/people.ts';

const calendar = loadCalendar();
const { limits } = policyOn('2016-07-15');

describe('the limits of the notice', () => {
  it.each([
    ['2016-07-15', '2016-07-18', '2016-07-19', '2016-07-19'],
    ['2016-09-14', '2016-09-18', '2016-09-19', '2016-09-19'],
    ['2016-09-30', '2016-10-08', '2016-10-09', '2016-10-09'],
    ['2026-02-13', '2026-02-14', '2026-02-24', '2026-02-24'],
    // On a day off: the first working day after it is the first in both readings.
    ['2016-07-16', '2016-07-18', '2016-07-19', '2016-07-20'],
    // On a make-up Sunday, as on a weekday.
    ['2016-09-18', '2016-09-19', '2016-09-20', '2016-09-20'],
  ])('what starts on %s is to be reviewed by %s, told by %s, registered by %s', (start, review, outcome, register) => {
    expect(reviewDueOn(start, calendar, limits)).toEqual({ outcome: 'day', day: review });
    expect(outcomeDueOn(start, calendar, limits)).toEqual({ outcome: 'day', day: outcome });
    expect(registerDueOn(start, calendar, limits)).toEqual({ outcome: 'day', day: register });
  });

  it('that reach into 2027 have no day yet', () => {
    const unpublished = { outcome: 'unpublished', year: 2027 };
    expect(reviewDueOn('2026-12-31', calendar, limits)).toEqual(unpublished);
    expect(outcomeDueOn('2026-12-30', calendar, limits)).toEqual(unpublished);
    expect(registerDueOn('2026-12-30', calendar, limits)).toEqual(unpublished);
    expect(registerDueOn('2026-12-29', calendar, limits)).toEqual({ outcome: 'day', day: '2026-12-31' });
  });
});

describe('a due day', () => {
  it.each([
    ['2016-07-18', '2016-07-18', { state: 'today', workingDays: 0 }],
    ['2016-07-18', '2016-07-15', { state: 'soon', workingDays: 1 }],
    ['2016-07-18', '2016-07-16', { state: 'soon', workingDays: 1 }],
    ['2016-07-19', '2016-07-15', { state: 'later', workingDays: 2 }],
    ['2016-07-15', '2016-07-16', { state: 'overdue', workingDays: 0 }],
    ['2016-07-15', '2016-07-18', { state: 'overdue', workingDays: 1 }],
    ['2016-09-30', '2016-10-09', { state: 'overdue', workingDays: 2 }],
    ['2027-01-05', '2026-12-30', { state: 'later', workingDays: undefined }],
    ['2026-12-30', '2027-01-05', { state: 'overdue', workingDays: undefined }],
    ['2027-01-05', '2027-01-05', { state: 'today', workingDays: 0 }],
  ])('%s seen on %s', (dueOn, today, state) => {
    expect(dueState(dueOn, today, calendar)).toEqual(state);
  });

  const day = dayBetween('2016-01-01', '2026-12-31');
  test.prop([day, day])('is over exactly where it is past', (dueOn, today) => {
    const { state, workingDays } = dueState(dueOn, today, calendar);
    expect(state === 'overdue').toBe(dueOn < today);
    expect(state === 'today').toBe(dueOn === today);
    expect(workingDays).toBeGreaterThanOrEqual(0);
  });
});

describe('the policy', () => {
  it('of the notice holds from the first day of the trial', () => {
    expect(policyOn('2016-07-11')).toMatchObject({
      id: 'GZ-2016-31',
      maxParity: 2,
      marriageableAge: { husband: 22, wife: 20 },
      limits: { reviewWorkingDays: 1, outcomeWorkingDays: 2, registerWorkingDays: 3 },
    });
    expect(() => policyOn('2016-07-10')).toThrow(/2016-07-10/);
  });

  it('is followed by a later one from its day on, and both stay known', () => {
    const [first] = policies;
    if (first === undefined) throw new Error('there is no policy');
    const later = { ...first, id: 'later', effectiveFrom: '2021-08-20', maxParity: 3 };
    expect(policyOn('2021-08-19', [later, first]).id).toBe('GZ-2016-31');
    expect(policyOn('2021-08-20', [later, first]).id).toBe('later');
    expect(policyById('GZ-2016-31', [later, first])).toBe(first);
    expect(() => policyById('none')).toThrow(/none/);
  });
});
