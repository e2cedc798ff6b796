import type { ReadLog } from './checkLog.ts';
import type { KeptLeaves } from './keptLeaves.ts';
import { ahead, type Entry, openSides, type Sides, type Start } from './sides.ts';

/**
 * How the log differs from the hashes that are kept beside it. `index` counts kept hashes from 0, `place` is the event's
 * or, where one was dropped, that of the event before it; from `otherLog` on nothing fits any more.
 */
export type Change = {
  kind: 'altered' | 'inserted' | 'dropped' | 'moved' | 'otherLog';
  index: number;
  place: string;
  hash: string;
  /** What is kept in the place of an event that was altered. */
  kept?: string | undefined;
};

const mostChanges = 100;

/** Nearest place from which both go on alike: how many entries each has before it. */
const nextAlike = (events: readonly Entry[], hashes: readonly string[]): readonly [number, number] | undefined => {
  const places = new Map([...hashes.entries()].toReversed().map(([n, hash]) => [hash, n] as const));
  let nearest: readonly [number, number] | undefined;
  const far = () => (nearest === undefined ? Number.POSITIVE_INFINITY : nearest[0] + nearest[1]);
  for (const [n, { hash }] of events.entries()) {
    const other = places.get(hash);
    if (other !== undefined && n + other < far()) nearest = [n, other];
    if (n + 1 >= far()) break;
  }
  return nearest;
};

/** The changes in so many events and hashes that both sides have before they go on alike. */
const changesIn = ({ events, hashes, index, before }: Sides, mine: number, theirs: number): readonly Change[] => {
  const both = Math.min(mine, theirs);
  const own = events.slice(0, mine).map(
    ({ place, hash }, n): Change => ({
      kind: n < both ? 'altered' : 'inserted',
      index: index() + Math.min(n, theirs),
      place,
      hash,
      kept: n < both ? hashes[n] : undefined,
    }),
  );
  const gone = hashes.slice(both, theirs).map(
    (hash, n): Change => ({
      kind: 'dropped',
      index: index() + both + n,
      place: events[both - 1]?.place ?? before(),
      hash,
    }),
  );
  return [...own, ...gone];
};

/** What is missing in one place and stands in another was moved. */
const withMoves = (changes: readonly Change[]): readonly Change[] => {
  const missing = new Set(changes.map(({ kind, hash, kept }) => (kind === 'dropped' ? hash : kept)));
  const standing = new Set(changes.filter(({ kind }) => kind !== 'dropped').map(({ hash }) => hash));
  return changes
    .filter(({ kind, hash }) => kind !== 'dropped' || !standing.has(hash))
    .map((change) => (change.kind !== 'dropped' && missing.has(change.hash) ? { ...change, kind: 'moved' } : change));
};

/** How many leading entries are alike. */
const alikeIn = ({ events, hashes }: Sides): number => {
  const first = events.findIndex(({ hash }, n) => hash !== hashes[n]);
  return first === -1 ? events.length : first;
};

/** Walks log and kept hashes side by side and says where they differ, the first hundred times. */
export const nameChanges = async (log: ReadLog, kept: KeptLeaves, start: Start): Promise<readonly Change[]> => {
  const sides = openSides(log, kept, start);
  const changes: Change[] = [];
  for (;;) {
    await sides.fill();
    const { events, hashes } = sides;
    if (hashes.length === 0 || changes.length >= mostChanges) break;
    const alike = alikeIn(sides);
    if (alike > 0) {
      sides.pass(alike, alike);
      continue;
    }
    // At the end of what is kept, further events are no change: their hashes only were not kept yet.
    const [mine, theirs] = nextAlike(events, hashes) ?? [Math.min(events.length, hashes.length), hashes.length];
    if (Math.max(mine, theirs) >= ahead) {
      changes.push({ kind: 'otherLog', index: sides.index(), place: events[0]?.place ?? sides.before(), hash: '' });
      break;
    }
    changes.push(...changesIn(sides, mine, theirs));
    sides.pass(mine, theirs);
  }
  return withMoves(changes);
};
