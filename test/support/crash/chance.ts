import { randomInt } from 'node:crypto';
import { type Random, randomOf } from '../../../src/demo/random.ts';

/** A fault run's chances: `seed` makes them again, `rounds` says how often things fail. */
export type Chance = Random & {
  seed: string;
  rounds: number;
  /** Another run of chances, for what goes on side by side. */
  of: (what: string) => Random;
  /** Milliseconds between two bounds. */
  between: (from: number, to: number) => number;
};

/**
 * Chances of one test by `CRASH_SEED`, or new ones, and its rounds by `CRASH_ROUNDS`, or the few that `npm run crash` has time
 * for. Prints both.
 */
export const chanceOf = (test: string, fewRounds: number): Chance => {
  const seed = process.env['CRASH_SEED'] ?? String(randomInt(1_000_000));
  const rounds = Number(process.env['CRASH_ROUNDS'] ?? fewRounds);
  process.stderr.write(`\n${test}: CRASH_SEED=${seed} CRASH_ROUNDS=${rounds}\n`);
  const random = randomOf(`${test}|${seed}`);
  return {
    ...random,
    seed,
    rounds,
    of: (what) => randomOf(`${test}|${seed}|${what}`),
    between: (from, to) => from + random.below(to - from),
  };
};
