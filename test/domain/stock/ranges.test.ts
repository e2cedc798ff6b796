import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  common,
  firstOf,
  includes,
  merged,
  type Range,
  type Ranges,
  single,
  sizeOf,
  union,
  without,
} from '#domain/stock/ranges.ts';
import { serialsOf } from '../../support/stockPlaces.ts';

const range: fc.Arbitrary<Range> = fc
  .tuple(fc.integer({ min: 1, max: 60 }), fc.nat(12))
  .map(([from, length]) => ({ from, to: from + length }));
const list = fc.array(range, { maxLength: 8 });
const ranges: fc.Arbitrary<Ranges> = list.map(merged);

/** The one list of a set of serials, serial by serial. */
const listOf = (serials: Iterable<number>): Ranges => merged([...serials].map(single));
const setOf = (of: Ranges): Set<number> => new Set(serialsOf(of));

describe('ranges of serials', () => {
  test.prop([list])('are one list per set: sorted, apart, neither overlapping nor touching', (any) => {
    const one = merged(any);
    expect(setOf(one)).toEqual(setOf(any));
    for (const [n, { from, to }] of one.entries()) {
      expect(from).toBeLessThanOrEqual(to);
      expect(from).toBeGreaterThan((one[n - 1]?.to ?? -1) + 1);
    }
    expect(merged(any.toReversed())).toEqual(one);
  });

  test.prop([ranges, ranges])('are joined, cut and compared as their serials are', (one, other) => {
    expect(union(one, other)).toEqual(listOf([...setOf(one), ...setOf(other)]));
    expect(without(one, other)).toEqual(listOf(serialsOf(one).filter((serial) => !setOf(other).has(serial))));
    expect(common(one, other)).toEqual(listOf(serialsOf(one).filter((serial) => setOf(other).has(serial))));
    expect(sizeOf(one)).toBe(setOf(one).size);
  });

  test.prop([ranges, fc.nat(80)])('tell whether they have a serial, and which are their first', (one, n) => {
    expect(includes(one, n)).toBe(setOf(one).has(n));
    expect(firstOf(one, n)).toEqual(listOf(serialsOf(one).slice(0, n)));
  });

  it('cost no more for a million serials than for one', () => {
    const million = [{ from: 202600000001, to: 202601000000 }];
    expect(without(million, [single(202600500000)])).toEqual([
      { from: 202600000001, to: 202600499999 },
      { from: 202600500001, to: 202601000000 },
    ]);
    expect(sizeOf(million)).toBe(1_000_000);
  });
});
