import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { projections } from '#projections/index.ts';
import { type AnyEvent, FoldFailure, foldBatch, idsOf, type Projection } from '#projections/projection.ts';
import { histories, logOf, rowsAfter, submitted } from './histories.ts';

/** The log cut at these places, each batch beginning up to `again` events early, as after a crash. */
const cut = (log: readonly AnyEvent[], places: readonly number[], again: number) => {
  const bounds = [...new Set(places.map((place) => place % (log.length + 1)))].sort((a, b) => a - b);
  return [...bounds, log.length].map((end, n) => log.slice(Math.max(0, (bounds[n - 1] ?? 0) - again), end));
};

describe('every projection', () => {
  test.each(projections.map((projection) => [projection.name, projection] as const))(
    '%s folds to the same rows in any batches, and however often they are folded again',
    (_, projection) => {
      const places = fc.array(fc.nat({ max: 200 }), { maxLength: 8 });
      fc.assert(
        fc.property(histories, places, fc.nat({ max: 5 }), (log, at, again) => {
          const batches = cut(log, at, again);
          expect(rowsAfter(projection, batches)).toEqual(rowsAfter(projection, [log]));
          expect(rowsAfter(projection, [...batches, log])).toEqual(rowsAfter(projection, [log]));
        }),
      );
    },
  );

  test.each(projections.map((projection) => [projection.name, projection] as const))(
    '%s writes rows whose ids are those it asked for, and no personal data but sealed',
    (_, projection) => {
      fc.assert(
        fc.property(histories, (log) => {
          const ids = new Set(idsOf(projection, log));
          for (const [id, row] of rowsAfter(projection, [log])) {
            expect(ids.has(id)).toBe(true);
            expect(row.id).toBe(id);
            for (const name of ['personal', 'outcome']) {
              if (row[name] !== undefined) expect(row[name]).toMatch(/^s1\./);
            }
          }
        }),
      );
    },
  );

  test('is one of those in the list, under a name of its own', () => {
    const names = projections.map(({ name }) => name);
    expect(names).toContain('registration');
    expect(new Set(names).size).toBe(names.length);
  });
});

describe('counters', () => {
  test('equal a count of the registrations by office and status', () => {
    const [registration, counters] = ['registration', 'counters'].map((name) =>
      projections.find((projection) => projection.name === name),
    ) as [Projection, Projection];
    fc.assert(
      fc.property(histories, (log) => {
        const counted: Record<string, number> = {};
        for (const { office, status } of rowsAfter(registration, [log]).values()) {
          const key = `${office}/${status}`;
          counted[key] = (counted[key] ?? 0) + 1;
        }
        const kept = [...rowsAfter(counters, [log])].flatMap(([office, { id: _, ...statuses }]) =>
          Object.entries(statuses).flatMap(([status, count]) => (count === 0 ? [] : [[`${office}/${status}`, count]])),
        );
        expect(Object.fromEntries(kept)).toEqual(counted);
      }),
      { numRuns: 300 },
    );
  });
});

describe('folding', () => {
  const failing: Projection = {
    name: 'failing',
    indexes: {},
    keysOf: ({ data }) => [String(data['parity'])],
    on: {
      Submitted: (row, { position }, id) => {
        if (position === 3) throw new RangeError('no third');
        return { id, seen: Number(row?.['seen'] ?? 0) + 1 };
      },
    },
  };

  test('names the event that it could not fold, and why', () => {
    const log = logOf(['a', 'b', 'c', 'd'].map((id) => submitted(id)));
    const fold = () => foldBatch(failing, log, new Map());
    expect(fold).toThrow(FoldFailure);
    expect(fold).toThrow('no third');
    expect(() => idsOf({ ...failing, keysOf: () => JSON.parse('{') }, log)).toThrow(FoldFailure);
  });

  test('leaves out events that no handler is for, whatever they are called', () => {
    const log = logOf(['toString', 'constructor', '__proto__'].map((type) => ({ ...submitted('a'), type })));
    expect(foldBatch(failing, log, new Map())).toEqual([]);
  });

  test('keeps a tombstone where a row ended, and none where there never was one', () => {
    const ending: Projection = {
      ...failing,
      on: { ...failing.on, Withdrawn: () => undefined },
    };
    const withdrawn = { ...submitted('a'), type: 'Withdrawn' };
    expect(foldBatch(ending, logOf([submitted('a'), withdrawn]), new Map())).toEqual([
      { id: '1', position: 2, row: undefined },
    ]);
    expect(foldBatch(ending, logOf([withdrawn]), new Map())).toEqual([]);
  });
});
