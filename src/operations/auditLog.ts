import { canonicalText, chainHashOf } from '#application/log/canonical.ts';
import type { CheckpointKeys, SignedCheckpoint } from '#application/log/checkpoint.ts';
import { growingRoot } from '#application/log/growingRoot.ts';
import { leafHash } from '#application/log/merkle.ts';
import { type GrownTile, treeFrom } from '#application/log/tree.ts';
import type { EventStore, RecordedEvent, ViewStore } from '#application/ports.ts';
import { checkNext, placeOf } from './auditChain.ts';
import { auditCheckpoints, type Met } from './auditCheckpoints.ts';
import type { ChainBook } from './chainBook.ts';
import { readOn } from './checkLog.ts';
import type { Checking } from './findings.ts';
import { type KeptLeaves, openKeptLeaves, provenOf } from './keptLeaves.ts';
import type { Start } from './sides.ts';

/** A log to audit: with the hashes kept beside it, if there are any, and a checkpoint saved elsewhere, if there is one. */
export type AuditedLog = {
  eventStore: EventStore;
  viewStore: ViewStore | undefined;
  keys: CheckpointKeys;
  book: ChainBook;
  gapFree: boolean;
  earlier: SignedCheckpoint | undefined;
};

/** What the walk found out, besides its findings. */
export type Audit = {
  events: number;
  newest: Met | undefined;
  /** How many of the first events, and of the hashes kept of them, a checkpoint proves to be what was signed. */
  proven: { log: number; kept: number };
  broken: ReturnType<ReturnType<typeof auditCheckpoints>['broken']>;
  kept: KeptLeaves;
  /** The first event that is not the one whose hash is kept in its place; absent where all are. */
  differs: Start | undefined;
  /** Tiles above the leaves, as the log makes them. */
  upper: ReadonlyMap<string, GrownTile>;
  /** Root of as many first events as the checkpoint saved elsewhere has; absent where the log has fewer. */
  earlierRoot: string | undefined;
};

const nothingKept: KeptLeaves = { size: 0, slice: async () => [] };

type Walking = { end: number; firstSize: number } & Pick<Checking, 'findings'>;

const hashesOf = (event: RecordedEvent) => {
  const text = canonicalText(event);
  return { leaf: leafHash(text), chain: chainHashOf(text) };
};

const firstSizeIn = async (eventStore: EventStore): Promise<number> => {
  const [first] = await eventStore.readStream('checkpoint-1');
  return Number((first?.data as { size?: number } | undefined)?.size ?? 0);
};

/** What is carried from event to event. */
const openWalk = (log: AuditedLog, kept: KeptLeaves, { end, firstSize, findings }: Walking) => {
  const checkpoints = auditCheckpoints(log.keys, firstSize, findings);
  const [tree, earlier] = [treeFrom(), growingRoot()];
  const upper = new Map<string, GrownTile>();
  const at: Start = { index: 0, after: 0, before: '0', end };
  let differs: Start | undefined;
  return {
    checkpoints,
    upper,
    at,
    take: (event: RecordedEvent, keptHash: Buffer | undefined): void => {
      const { leaf, chain } = hashesOf(event);
      checkNext(log.book, event, chain, findings);
      checkpoints.take(event, { hash: leaf, position: event.position });
      tree.append(leaf, event.position);
      if (log.earlier !== undefined && at.index < log.earlier.size) earlier.add(leaf);
      if (at.index < kept.size && keptHash?.equals(leaf) !== true) differs ??= { ...at };
      at.index += 1;
      at.after = event.position;
      at.before = placeOf(event);
    },
    /** After each batch: tiles of leaves are compared one by one, those above them at the end. */
    keepUpper: (): void => {
      for (const tile of tree.grown()) if (tile.row.level > 0) upper.set(tile.id, tile);
    },
    differs: () => differs ?? (at.index < kept.size ? { ...at } : undefined),
    earlierRoot: () => (earlier.size() === log.earlier?.size ? earlier.root().toString('base64') : undefined),
  };
};

/** Walks through a log once: every chain, every time, every checkpoint, every kept hash. */
export const auditLog = async (log: AuditedLog, { findings, onProgress }: Checking): Promise<Audit> => {
  const kept = log.viewStore === undefined ? nothingKept : await openKeptLeaves(log.viewStore);
  const end = await log.eventStore.lastPosition();
  const firstSize = await firstSizeIn(log.eventStore);
  const walk = openWalk(log, kept, { end, firstSize, findings });
  const { at, checkpoints, upper } = walk;
  for (;;) {
    const read = await readOn(log, at.after, findings);
    const events = read.filter(({ position }) => position <= end);
    const hashes = await kept.slice(at.index, events.length);
    for (const [n, event] of events.entries()) walk.take(event, hashes[n]);
    walk.keepUpper();
    onProgress(Math.min(at.after, end), end);
    if (events.length === 0 || at.after >= end) break;
  }
  const differs = walk.differs();
  return {
    events: at.index,
    newest: checkpoints.newest(),
    proven: {
      log: checkpoints.proven(),
      kept: differs === undefined ? 0 : await provenOf(kept, checkpoints.unfit()),
    },
    broken: checkpoints.broken(),
    kept,
    differs,
    upper,
    earlierRoot: walk.earlierRoot(),
  };
};
