import { dayInShanghai } from '#domain/calendar/day.ts';
import type { CheckEvent, CheckOutcome } from '#domain/check/events.ts';
import type { BirthAnnotated, BirthAnnotationCorrected } from '#domain/registration/events.ts';
import { type Occurred, projection } from './projection.ts';
import type { Stored } from './stored.ts';

type Event = CheckEvent | Stored<BirthAnnotated | BirthAnnotationCorrected>;

/** What an institution did in one month; `month` is YYYY-MM. Births count in the month they were annotated in. */
export type InstitutionMonthRow = {
  id: string;
  institution: string;
  month: string;
  checks: number;
  /** Checks after which she has no registration to rely on. */
  unregistered: number;
  told: number;
  annotations: number;
  liveBorn: number;
};

const unregistered: readonly CheckOutcome[] = ['unregistered', 'rejected', 'declined', 'withdrawn', 'revoked'];

const monthOf = (event: Occurred<Event>): string =>
  'annotatedOn' in event.data
    ? event.data.annotatedOn.slice(0, 7)
    : dayInShanghai(Date.parse(String(event.meta['at']))).slice(0, 7);

const rowFor = (row: InstitutionMonthRow | undefined, event: Occurred<Event>, id: string): InstitutionMonthRow =>
  row ?? {
    id,
    institution: event.data.institution,
    month: monthOf(event),
    checks: 0,
    unregistered: 0,
    told: 0,
    annotations: 0,
    liveBorn: 0,
  };

/** Checks, tellings and births by institution and month (M1, M2, S1). */
export const institutionMonth = projection<Event, InstitutionMonthRow>({
  name: 'institutionMonth',
  indexes: { institution: ['institution', 'month'] },
  keysOf: (event) => [`${event.data.institution}.${monthOf(event)}`],
  on: {
    RegistrationChecked: (row, event, id) => {
      const now = rowFor(row, event, id);
      const hasNone = unregistered.includes(event.data.outcome);
      return { ...now, checks: now.checks + 1, unregistered: now.unregistered + (hasNone ? 1 : 0) };
    },
    WomanTold: (row, event, id) => {
      const now = rowFor(row, event, id);
      return { ...now, told: now.told + 1 };
    },
    BirthAnnotated: (row, event, id) => {
      const now = rowFor(row, event, id);
      return { ...now, annotations: now.annotations + 1, liveBorn: now.liveBorn + event.data.liveBorn };
    },
    BirthAnnotationCorrected: (row, event, id) => {
      const now = rowFor(row, event, id);
      return { ...now, liveBorn: now.liveBorn + event.data.liveBorn - event.data.fromLiveBorn };
    },
  },
});
