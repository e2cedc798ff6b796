import type { Deps } from '#application/deps.ts';
import { createServices } from '#application/services.ts';
import { addDays, type Day, dayInShanghai, yearOf } from '#domain/calendar/day.ts';
import { type Calendar, isWorkingDay } from '#domain/calendar/workingDays.ts';
import { registrationIdOf, type Told, tell } from './acts.ts';
import { oldestDay, type Step, type Story, seedStories } from './stories.ts';

/** Called as stories come to their end. */
export type SeedProgress = (done: number, total: number) => void;

export type SeedOptions = { deps: Deps; onProgress?: SeedProgress };

/** How it ended: `seeded` now, or by an earlier start. */
export type Seeded = { outcome: 'seeded' | 'alreadySeeded'; registrations: number };

const province = '52';
const furthestBack = 500;
const morning = 8.5;
const hoursOpen = 9;
const hour = 3_600_000;

/** The newest working days up to today, today first; days of unpublished years are left out. */
const workingDaysUpTo = (today: Day, count: number, calendar: Calendar): readonly Day[] => {
  const days: Day[] = [];
  for (let back = 0; days.length < count && back < furthestBack; back += 1) {
    const day = addDays(today, -back);
    if (calendar.years[yearOf(day)] !== undefined && isWorkingDay(day, calendar)) days.push(day);
  }
  return days;
};

/** When a step happened: within office hours of its day, today between midnight and now. */
const instantOf = (step: Step, days: readonly Day[], now: number): number | undefined => {
  const day = days[step.daysAgo];
  if (day === undefined) return undefined;
  const midnight = Date.parse(`${day}T00:00:00+08:00`);
  if (day === dayInShanghai(now)) return Math.floor(midnight + (now - midnight) * step.hour);
  return Math.floor(midnight + (morning + step.hour * hoursOpen) * hour);
};

/** Tells the steps of one story that fall on one day, in order. */
const tellDay = async (deps: Deps, story: Story, told: Told | undefined, steps: readonly (Step & { at: number })[]) => {
  let now = told;
  for (const step of steps) {
    if (now === undefined) return undefined;
    now = await tell(createServices({ ...deps, clock: () => step.at }), story, now, step.act);
  }
  return now;
};

const startOf = (deps: Deps, story: Story): Told => ({
  attempt: 0,
  revision: -1,
  office: deps.offices.forPlace(story.data.declaration.place).code,
  staff: undefined,
});

/** Tells stories day by day, oldest day first, those of one day side by side. */
const tellAll = async (deps: Deps, stories: readonly Story[], now: number, onProgress: SeedProgress) => {
  const days = workingDaysUpTo(dayInShanghai(now), oldestDay + 1, deps.calendarOf(province));
  const standing = new Map<string, Told | undefined>(stories.map((story) => [story.key, startOf(deps, story)]));
  let done = 0;
  for (let daysAgo = oldestDay; daysAgo >= 0; daysAgo -= 1) {
    const onThatDay = async (story: Story) => {
      const steps = story.steps.flatMap((step) => {
        const at = instantOf(step, days, now);
        return step.daysAgo === daysAgo && at !== undefined ? [{ ...step, at }] : [];
      });
      standing.set(story.key, await tellDay(deps, story, standing.get(story.key), steps));
      if (story.steps.at(-1)?.daysAgo === daysAgo) {
        done += 1;
        onProgress(done, stories.length);
      }
    };
    await Promise.all(stories.map(onThatDay));
  }
  return [...standing.values()].filter((told) => told !== undefined);
};

/**
 * Fills the demo province with registrations in every state, through the same commands as live ones, over the past 30
 * working days. Happens once: a seed that was killed goes on where it stood. Rejects only where a store cannot answer.
 */
export const seed = async ({ deps, onProgress = () => undefined }: SeedOptions): Promise<Seeded> => {
  const { stories, last } = seedStories(deps.divisions);
  const marker = await deps.eventStore.readStream(`registration-${registrationIdOf(last, 0)}`);
  if (marker.length > 0) return { outcome: 'alreadySeeded', registrations: 0 };
  const now = deps.clock();
  // Nobody looks at the pages yet: the views follow by themselves.
  const unseen: Deps = { ...deps, awaitViews: async () => true };
  const told = await tellAll(unseen, stories, now, onProgress);
  const [closed] = await tellAll(unseen, [last], now, () => undefined);
  const registrations = [...told, ...(closed ? [closed] : [])].reduce((sum, { attempt }) => sum + attempt + 1, 0);
  return { outcome: 'seeded', registrations };
};
