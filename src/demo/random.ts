import { createHash } from 'node:crypto';

/** A run of chances that is the same for the same seed. */
export type Random = {
  /** A whole number from 0 up to, not including, `below`. */
  below: (below: number) => number;
  pick: <T>(from: readonly [T, ...T[]]) => T;
  /** True in so many of a hundred cases. */
  percent: (share: number) => boolean;
};

/** A generator (mulberry32) that starts from a text. */
export const randomOf = (seed: string): Random => {
  let state = createHash('sha256').update(seed).digest().readUInt32BE();
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    pick: <T>(from: readonly [T, ...T[]]): T => from[below(from.length)] ?? from[0],
    percent: (share) => below(100) < share,
  };
};

/** The one of a list that may turn out empty; throws where it does. */
export const pickFrom = <T>(random: Random, from: readonly T[]): T => {
  const [first, ...rest] = from;
  if (first === undefined) throw new RangeError('Nothing to pick from: name a division that has others under it.');
  return random.pick([first, ...rest]);
};

/** A UUIDv7 that is the same for the same text, its last byte zero as for every command id. */
export const demoId = (text: string): string => {
  const bytes = createHash('sha256').update(`gz-demo|${text}`).digest('hex');
  const variant = '89ab'.charAt(Number.parseInt(bytes.charAt(3), 16) % 4);
  return `019a0000-0000-7${bytes.slice(0, 3)}-${variant}${bytes.slice(4, 7)}-${bytes.slice(7, 17)}00`;
};
