import type { Divisions } from '#application/divisions.ts';
import type { MadeStatus } from '#domain/registration/events.ts';
import type { SandboxCouple, Scenario } from '#infrastructure/population/sandboxRecord.ts';
import { makeCouple } from './people.ts';
import { type Random, randomOf } from './random.ts';

export type Ending = MadeStatus;
export type Act =
  | 'submit'
  | 'amend'
  | 'redirect'
  | 'receive'
  | 'accept'
  | 'reject'
  | 'register'
  | 'decline'
  | 'withdraw'
  | 'propose'
  | 'approve'
  | 'revoke'
  | 'resubmit';

/** An act so many working days ago; `hour` is its place in the working day, from 0 to below 1. */
export type Step = { act: Act; daysAgo: number; hour: number };

/** What happens to one couple, oldest act first. After `resubmit` the acts are on the second registration. */
export type Story = SandboxCouple & { key: string; ending: Ending; steps: readonly Step[]; redirectTo?: string };

type Chapter = { place: string; ending: Ending; redirectTo?: string; afterwards?: readonly Act[] };

/** How many working days back the oldest story reaches. */
export const oldestDay = 29;
const focus = '520111004';

const times = (count: number, chapter: Chapter): readonly Chapter[] => Array.from({ length: count }, () => chapter);

// 贵筑街道: a workbench that is full over more than one page, the open ones most.
const atFocus: readonly Chapter[] = [
  ...times(32, { place: focus, ending: 'submitted' }),
  ...times(7, { place: focus, ending: 'received' }),
  ...times(10, { place: focus, ending: 'accepted' }),
  ...times(12, { place: focus, ending: 'registered' }),
  ...times(3, { place: focus, ending: 'rejected' }),
  ...times(2, { place: focus, ending: 'declined' }),
  ...times(2, { place: focus, ending: 'withdrawn' }),
  ...times(2, { place: '520111005', ending: 'submitted', redirectTo: focus }),
  ...times(1, { place: '520111101', ending: 'accepted', redirectTo: focus }),
  ...times(2, { place: focus, ending: 'submitted', redirectTo: '520111' }),
  ...times(2, { place: focus, ending: 'accepted', redirectTo: '520111' }),
  ...times(1, { place: focus, ending: 'registered', redirectTo: '520111' }),
];

/** What comes after a registration: a correction that was approved, one that waits, and a revocation. */
const withSequels: readonly Chapter[] = [
  { place: focus, ending: 'registered', afterwards: ['propose', 'approve'] },
  { place: focus, ending: 'registered', afterwards: ['propose'] },
  { place: focus, ending: 'revoked', afterwards: ['revoke'] },
];

const someEnding = (random: Random): Ending => {
  const chance = random.below(100);
  if (chance < 48) return 'registered';
  if (chance < 60) return 'accepted';
  if (chance < 74) return 'submitted';
  if (chance < 82) return 'received';
  if (chance < 89) return 'rejected';
  return chance < 94 ? 'declined' : 'withdrawn';
};

const townshipsOf = (divisions: Divisions, county: string) =>
  divisions.children(county).filter(({ code }) => code !== focus && divisions.children(code).length > 0);

/** The rest of 花溪区, 红花岗区 and 凯里市 more often, one or two in every other county. */
const elsewhere = (divisions: Divisions): readonly Chapter[] => {
  const counties = divisions.children('52').flatMap(({ code }) => divisions.children(code));
  return counties.flatMap(({ code }) => {
    const random = randomOf(`county|${code}`);
    const count = ['520111', '520302', '522601'].includes(code) ? 30 : 1 + random.below(2);
    const townships = townshipsOf(divisions, code);
    return Array.from({ length: count }, (_, n) => ({
      place: townships[(n + random.below(3)) % townships.length]?.code ?? focus,
      ending: someEnding(random),
    }));
  });
};

const scenarioOf = (random: Random, ending: Ending): Scenario => {
  const chance = random.below(100);
  if (ending === 'registered' || ending === 'revoked') return chance < 88 ? 'matches' : 'nameDiffers';
  if (ending === 'declined') return random.pick(['undeclaredChild', 'marriageDateDiffers', 'absent']);
  if (chance < 60 || ending === 'rejected') return 'matches';
  return random.pick(['nameDiffers', 'marriageDateDiffers', 'undeclaredChild', 'absent', 'slow', 'down']);
};

/** How long ago the office ended, or last did, its part: open ones are fresh, a few of them late. */
const lastDay = (random: Random, ending: Ending): number => {
  if (ending === 'submitted') return random.pick([0, 0, 0, 1, 1, 1, 1, 2, 3, 5]);
  if (ending === 'received') return random.pick([0, 0, 0, 1, 1, 2]);
  if (ending === 'accepted') return random.pick([0, 0, 0, 1, 1, 2, 2, 4]);
  return random.below(oldestDay - 5);
};

const secondTry = [
  { act: 'resubmit', took: 1 },
  { act: 'accept', took: 1 },
  { act: 'register', took: 1 },
] as const;

/** The acts from the submission to the ending, each with the working days that it took. */
const plot = (
  random: Random,
  { ending, redirectTo, afterwards: later = [] }: Chapter,
): readonly { act: Act; took: number }[] => {
  const start: { act: Act; took: number }[] = [{ act: 'submit', took: 0 }];
  if (random.percent(12)) start.push({ act: 'amend', took: 0 });
  if (redirectTo !== undefined) start.push({ act: 'redirect', took: 0 });
  const received = { act: 'receive', took: ending === 'received' ? 0 : random.pick([0, 1, 1]) } as const;
  const accepted = [received, { act: 'accept', took: 0 }] as const;
  switch (ending) {
    case 'submitted':
      return start;
    case 'received':
      return [...start, received];
    case 'accepted':
      return [...start, ...accepted];
    case 'registered':
    case 'revoked':
    case 'declined':
      return [
        ...start,
        ...accepted,
        { act: ending === 'declined' ? 'decline' : 'register', took: random.pick([0, 1, 2, 2, 3]) },
        ...later.map((act) => ({ act, took: 1 })),
      ];
    case 'rejected':
      return [...start, received, { act: 'reject', took: 0 }, ...(random.percent(50) ? secondTry : [])];
    case 'withdrawn':
      return [...start, { act: 'withdraw', took: random.below(2) }];
  }
};

const stepsOf = (random: Random, chapter: Chapter): readonly Step[] => {
  const acts = plot(random, chapter);
  const whole = acts.reduce((sum, { took }) => sum + took, 0);
  const first = Math.min(oldestDay, lastDay(random, chapter.ending) + whole);
  const shift = random.below(1000) / 1000 / acts.length;
  return acts.map(({ act }, index) => {
    const passed = acts.slice(0, index + 1).reduce((sum, { took }) => sum + took, 0);
    return { act, daysAgo: Math.max(0, first - passed), hour: index / acts.length + shift };
  });
};

const storyOf = (divisions: Divisions, chapter: Chapter, number: number): Story => {
  const key = `story-${number}`;
  const random = randomOf(key);
  const scenario = scenarioOf(random, chapter.ending);
  const fromOutside = scenario === 'matches' && random.percent(8);
  const wish = { olderCertificate: random.percent(6), youngMarriage: random.percent(4), fromOutside };
  const data = makeCouple(`pair|${key}`, divisions, { place: chapter.place, ...wish });
  const { ending, redirectTo } = chapter;
  return {
    key,
    ending,
    scenario: fromOutside ? 'outsideProvince' : scenario,
    data,
    steps: stepsOf(random, chapter),
    ...(redirectTo === undefined ? {} : { redirectTo }),
  };
};

/** Told after all others, long ago as it happened: once it stands in the log, the seed is complete. */
const closing = (divisions: Divisions, number: number): Story => ({
  ...storyOf(divisions, { place: focus, ending: 'withdrawn' }, number),
  steps: [
    { act: 'submit', daysAgo: oldestDay, hour: 0.2 },
    { act: 'withdraw', daysAgo: oldestDay, hour: 0.4 },
  ],
});

/** Everything that the seed tells, the same at every start; the sandbox is given these couples too. The last one marks the end. */
export const seedStories = (divisions: Divisions): { stories: readonly Story[]; last: Story } => {
  const chapters = [...atFocus, ...elsewhere(divisions), ...withSequels];
  const stories = chapters.map((chapter, number) => storyOf(divisions, chapter, number));
  return { stories, last: closing(divisions, stories.length) };
};
