import { type AccessTally, lookerOf, tallied, timeOf } from './accessTally.ts';
import type { AnyEvent, Projection } from './projection.ts';

/** What the people of one office looked at in one month (`YYYY-MM`). */
export type AccessMonthRow = AccessTally & { id: string; office: string; month: string };

/** The row of an office in a month. */
export const accessMonthId = (office: string, month: string): string => `${office} ${month}`;

const monthOf = (event: AnyEvent): string => timeOf(event).day.slice(0, 7);

const keysOf = (event: AnyEvent): readonly string[] => {
  const staff = lookerOf(event);
  return staff === undefined ? [] : [accessMonthId(staff.office, monthOf(event))];
};

const counted = (row: object | undefined, event: AnyEvent, id: string): AccessMonthRow => {
  const { office = '' } = lookerOf(event) ?? {};
  return { id, office, month: monthOf(event), ...tallied(row as AccessMonthRow | undefined, event) };
};

/** Looks by office and month: the numbers of the audit pages (S6). */
export const accessMonth: Projection = {
  name: 'accessMonth',
  indexes: {},
  keysOf,
  on: { PersonalDataViewed: counted },
};
