import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { EventStore, ExpectedRevision } from '#application/ports.ts';

/** An append to one of a few streams, at a distance from where it stands; or an earlier one once more. */
type Step =
  | { kind: 'append'; stream: number; off: number; count: number }
  | { kind: 'repeat'; which: number; off: number };

type Append = { stream: string; expected: number; ids: readonly string[] };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      stream: fc.nat({ max: 2 }),
      off: fc.constantFrom(0, 0, 0, 0, -1, -2, 1),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('repeat' as const),
      which: fc.nat({ max: 20 }),
      off: fc.constantFrom(0, 0, 1),
    }),
  },
);

const revisionOf = (revision: number): ExpectedRevision => (revision === -1 ? 'none' : revision);

/** The rule in three lines, on arrays of ids; -1 is `none`. */
const modelAppend = (ids: string[], append: Append): { outcome: string; at: number } => {
  const end = append.expected + append.ids.length;
  const same = append.ids.every((id, i) => ids[append.expected + 1 + i] === id);
  if (append.expected === ids.length - 1) ids.push(...append.ids);
  else if (!same) return { outcome: 'conflict', at: ids.length - 1 };
  return { outcome: 'appended', at: end };
};

const chosen = (
  next: Step,
  made: readonly Append[],
  streams: readonly string[],
  logs: Map<string, string[]>,
): Append => {
  const earlier = next.kind === 'repeat' ? made[next.which % Math.max(1, made.length)] : undefined;
  if (earlier !== undefined) return { ...earlier, expected: earlier.expected + next.off };
  const stream = streams[next.kind === 'append' ? next.stream : 0] ?? '';
  const stands = (logs.get(stream)?.length ?? 0) - 1;
  const count = next.kind === 'append' ? next.count : 1;
  const expected = Math.max(-1, stands + next.off);
  return { stream, expected, ids: Array.from({ length: count }, () => randomUUID()) };
};

const answersAs = async (store: EventStore, append: Append, logs: Map<string, string[]>): Promise<void> => {
  const foreseen = modelAppend(logs.get(append.stream) ?? [], append);
  const events = append.ids.map((id) => ({ id, type: 'Happened', data: {}, meta: {} }));
  const result = await store.append(append.stream, revisionOf(append.expected), events);
  if (result.outcome === 'conflict') {
    expect({ outcome: result.outcome, at: result.actual }).toEqual({ ...foreseen, at: revisionOf(foreseen.at) });
  } else expect({ outcome: result.outcome, at: result.revision }).toEqual(foreseen);
};

/** Random appends, stale, ahead, repeated or right, are answered and kept as the model answers and keeps them. */
export const agreesWithModel = (store: () => EventStore): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), async (steps) => {
      const streams = [randomUUID(), randomUUID(), randomUUID()].map((name) => `model-${name}`);
      const logs = new Map<string, string[]>(streams.map((stream) => [stream, []]));
      const made: Append[] = [];
      for (const next of steps) {
        const append = chosen(next, made, streams, logs);
        made.push(append);
        await answersAs(store(), append, logs);
      }
      for (const [stream, ids] of logs) {
        const read = await store().readStream(stream);
        expect(read.map(({ id }) => id)).toEqual(ids);
      }
    }),
    { numRuns: 30 },
  );
