import type { Chance } from './chance.ts';
import { nothingSeen, type Seen } from './client.ts';
import { change, submit } from './coupleActs.ts';
import { handle } from './officeActs.ts';
import { type Story, storyOf } from './story.ts';
import type { Target, Visitor } from './visitor.ts';

/** Couples and offices at work, so many side by side, until told to come to an end. */
export type Load = {
  stories: readonly Story[];
  seen: Seen;
  /** How many acts were acknowledged so far. */
  acked: () => number;
  /** Lets every couple's story come to its end, then rests until `resume`. */
  rest: () => Promise<void>;
  resume: () => void;
};

const tell = async (visitor: Visitor, story: Story): Promise<void> => {
  const { random } = visitor;
  await submit(visitor, story);
  if (story.queryCode !== undefined && random.percent(15)) await change(visitor, story, 'Amended');
  if (story.queryCode !== undefined && random.percent(12)) {
    await change(visitor, story, 'Withdrawn');
    // Whoever withdrew is free to register again.
    await submit(visitor, story);
  }
  await handle(visitor, story);
  if (story.end === 'rejected' && random.percent(50)) await submit(visitor, story);
};

/** Starts the load; its chances come from the run's seed, couple by couple. */
export const startLoad = (chance: Chance, target: Target, workers: number): Load => {
  const stories: Story[] = [];
  const seen = nothingSeen();
  const desks = new Map<string, Promise<string>>();
  let resting = false;
  let working: Promise<unknown> = Promise.resolve();

  const work = async (): Promise<void> => {
    while (!resting) {
      const n = stories.length;
      const random = chance.of(`couple ${n}`);
      const story = storyOf(n, random);
      stories.push(story);
      await tell({ target, random, seen, desks }, story).catch((fault: unknown) => {
        seen.faults.push(`couple ${n}: ${String(fault)}`);
      });
    }
  };
  const resume = (): void => {
    resting = false;
    working = Promise.all(Array.from({ length: workers }, work));
  };
  resume();
  return {
    stories,
    seen,
    acked: () => stories.reduce((sum, { acked }) => sum + acked.length, 0),
    rest: async () => {
      resting = true;
      await working;
    },
    resume,
  };
};
