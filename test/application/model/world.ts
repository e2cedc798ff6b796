import { createServices, type Services } from '#application/services.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { outcomeDueOn, reviewDueOn } from '#domain/calendar/deadlines.ts';
import { policyOn } from '#domain/calendar/policy.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { Running } from '../../support/application.ts';
import { coupleOf } from '../../support/couples.ts';

export type ModelStatus =
  | 'submitted'
  | 'received'
  | 'accepted'
  | 'rejected'
  | 'registered'
  | 'declined'
  | 'withdrawn'
  | 'revoked';

/** What the model knows of one registration: nothing but what people were told. */
export type Known = {
  id: string;
  couple: string;
  data: RegistrationData;
  status: ModelStatus;
  office: string;
  revision: number;
  handler?: string | undefined;
  submittedAt: string;
  reviewDueOn: string;
  outcomeDueOn: string;
  registerDueOn?: string;
  endedOn?: string;
  text?: string;
  predecessor?: string | undefined;
  /** Its personal data were given up at the couple's wish. */
  erased?: true;
  /** Offices that passed it on, and still read it. */
  passedFrom?: readonly string[];
  /** How often it was corrected, how many corrections were proposed, and which of them waits. */
  corrected?: number;
  proposals?: number;
  waiting?: number | undefined;
};

/** Why an act that comes too late, or too early, does nothing. */
export const untimely = ({ status, erased }: Known) => (erased ? { type: 'erased' } : { type: 'untimely', status });

/** The small model: registrations in the order they were made, and the act that may be sent once more. */
export type Model = { registrations: Known[]; again?: { of: Known; send: () => Promise<{ outcome: string }> } };

/** The application, with people and offices that no other run has met. */
export type World = {
  app: Running;
  services: Services;
  couples: readonly RegistrationData[];
  offices: readonly { code: string; village: string }[];
};

export const live: readonly ModelStatus[] = ['submitted', 'received', 'accepted', 'registered'];
export const early: readonly ModelStatus[] = ['submitted', 'received'];

const startOfRuns = Date.parse('2026-11-24T02:00:00Z');
let runs = 0;

/** Township offices of their own, with a village each. */
const townships = (services: Services) => {
  const { divisions, offices } = services.deps;
  return divisions
    .children('52')
    .flatMap(({ code }) => divisions.children(code))
    .flatMap(({ code }) => divisions.children(code))
    .filter(({ code, level }) => level === 'township' && offices.find(code) !== undefined)
    .flatMap(({ code }) => divisions.children(code).slice(0, 1))
    .map(({ code, parent }) => ({ code: parent, village: code }));
};

let places: readonly { code: string; village: string }[] | undefined;

/** A fresh world in the running application: three offices, three couples, no registration; the clock set back. */
export const freshWorld = (app: Running): { model: Model; real: World } => {
  const services = createServices({ ...app.services.deps, wait: async () => undefined });
  places ??= townships(services);
  const offices = places.slice(runs * 3, runs * 3 + 3);
  if (offices.length < 3) throw new Error('There are no more offices: ask for fewer runs.');
  const couples = offices.map(({ village }, index) => coupleOf(runs * 3 + index, village));
  runs += 1;
  app.clock.now = startOfRuns;
  return { model: { registrations: [] }, real: { app, services, couples, offices } };
};

export const todayOf = ({ app }: World) => dayInShanghai(app.clock.now);

/** The days on which a submission of today is due. */
export const dueDays = (world: World, office: string) => {
  const today = todayOf(world);
  const calendar = world.services.deps.calendarOf(office);
  const { limits } = policyOn(today);
  const [review, outcome] = [reviewDueOn(today, calendar, limits), outcomeDueOn(today, calendar, limits)];
  if (review.outcome !== 'day' || outcome.outcome !== 'day') throw new Error('The clock of a run went too far.');
  return { reviewDueOn: review.day, outcomeDueOn: outcome.day };
};
