import { type AccessTally, lookerOf, tallied, timeOf } from './accessTally.ts';
import type { AnyEvent, Projection } from './projection.ts';

/** What one person looked at on one day; `hours` counts looks by the hour of the day in Guizhou. */
export type AccessDayRow = AccessTally & {
  id: string;
  account: string;
  office: string;
  day: string;
  hours: { readonly [hour: string]: number };
};

const keysOf = (event: AnyEvent): readonly string[] => {
  const staff = lookerOf(event);
  return staff === undefined ? [] : [`${staff.account} ${timeOf(event).day}`];
};

const counted = (row: object | undefined, event: AnyEvent, id: string): AccessDayRow => {
  const before = row as AccessDayRow | undefined;
  const { account = '', office = '' } = lookerOf(event) ?? {};
  const { day, hour } = timeOf(event);
  const hours = { ...before?.hours, [hour]: (before?.hours[hour] ?? 0) + 1 };
  return { id, account, office, day, hours, ...tallied(before, event) };
};

/** Looks by person and day: what is unusual is found here (S6). */
export const accessDay: Projection = {
  name: 'accessDay',
  indexes: { office: ['office', 'day'] },
  keysOf,
  on: { PersonalDataViewed: counted },
};
