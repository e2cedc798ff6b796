import {
  type AnyEvent,
  type FoldedRow,
  FoldFailure,
  foldBatch,
  idsOf,
  type Projection,
} from '#projections/projection.ts';
import { type Follower, type Following, followLog, haltedAt, type Log } from './followLog.ts';
import { type EventStore, GenerationGone, type RecordedEvent, type StoredRow, type ViewStore } from './ports.ts';

/** Brings a stored event to its current version; throws on one that this program does not know. */
export type Upcast = (event: RecordedEvent) => AnyEvent;

/** A view store under one generation of a projection's view, and how events are read for it. */
export type Projecting = { viewStore: ViewStore; projection: Projection; generation: number; upcast: Upcast };

export type RunningProjections = {
  eventStore: EventStore;
  viewStore: ViewStore;
  projections: readonly Projection[];
  /** What else is carried by the same reading of the log. */
  beside?: readonly Follower[];
  upcast: Upcast;
  wait: (ms: number) => Promise<void>;
  log: Log;
  onProgress?: (view: string, position: number) => void;
};

/** Brings each event to its current version once for all projections that are fed with it. */
const onceForAll = (upcast: Upcast): Upcast => {
  const known = new WeakMap<RecordedEvent, AnyEvent>();
  return (event) => {
    const before = known.get(event);
    if (before !== undefined) return before;
    const current = upcast(event);
    known.set(event, current);
    return current;
  };
};

/** The events in their current version, up to the first that this program does not know. */
const upcastAll = (upcast: Upcast, recorded: readonly RecordedEvent[]) => {
  const events: AnyEvent[] = [];
  for (const event of recorded) {
    try {
      events.push(upcast(event));
    } catch (cause) {
      return { events, failure: new FoldFailure(event, { cause }) };
    }
  }
  return { events, failure: undefined };
};

/** The rows that these events change. */
const fold = async (
  { viewStore, projection, generation }: Projecting,
  events: readonly AnyEvent[],
): Promise<readonly FoldedRow[]> => {
  const ids = idsOf(projection, events);
  if (ids.length === 0) return [];
  const loaded = await viewStore.load({ view: projection.name, generation }, ids);
  return foldBatch(projection, events, new Map(loaded.map((row) => [row.id, row])));
};

const foldAndCommit = async (projecting: Projecting, events: readonly AnyEvent[], passed?: Passed): Promise<void> => {
  const { viewStore, projection, generation } = projecting;
  const last = events.at(-1);
  if (last === undefined) return;
  const rows = await fold(projecting, events);
  if (rows.length === 0 && passed !== undefined) return passed(last.position);
  await viewStore.commit({ view: projection.name, generation }, rows as readonly StoredRow[], last.position);
};

/** Told instead of a commit how far the log was read without changing a row. */
type Passed = (position: number) => void;

/** Loads, folds and commits one batch of a view; throws `FoldFailure` with everything before it committed. */
export const project = async (
  projecting: Projecting,
  recorded: readonly RecordedEvent[],
  passed?: Passed,
): Promise<void> => {
  const { events, failure: unknown } = upcastAll(projecting.upcast, recorded);
  try {
    await foldAndCommit(projecting, events, unknown === undefined ? passed : undefined);
  } catch (failure) {
    if (!(failure instanceof FoldFailure)) throw failure;
    await foldAndCommit(
      projecting,
      events.filter((event) => event.position < failure.event.position),
    );
    throw failure;
  }
  if (unknown !== undefined) throw unknown;
};

/**
 * Commits checkpoints behind the work, one at a time and the newest only: nobody waits for them, and one that is lost
 * means no more than reading events again that change nothing.
 */
const trailing = (commit: (position: number) => Promise<void>): Passed => {
  let wanted = 0;
  let committing = false;
  const run = async (): Promise<void> => {
    committing = true;
    for (let done = -1; done !== wanted; ) {
      done = wanted;
      await commit(done).catch(() => undefined);
    }
    committing = false;
  };
  return (position) => {
    wanted = position;
    if (!committing) void run();
  };
};

/**
 * Follows under the generation that answers. Where a rebuild takes its place, that one stands at least as far: the batch
 * is folded over the new rows instead, and never a row read under one generation is written under another.
 */
const follower = ({ viewStore, upcast }: RunningProjections, projection: Projection): Follower => {
  const view = projection.name;
  let generation = 0;
  const passed = trailing((position) => viewStore.commit({ view, generation }, [], position));
  const projectBatch = async (events: readonly RecordedEvent[]): Promise<void> => {
    try {
      await project({ viewStore, projection, generation, upcast }, events, passed);
    } catch (fault) {
      if (!(fault instanceof GenerationGone)) throw fault;
      generation = await viewStore.generation(view);
      await project({ viewStore, projection, generation, upcast }, events);
    }
  };
  return {
    name: view,
    open: async () => {
      generation = await viewStore.generation(view);
      return viewStore.checkpoint({ view, generation });
    },
    take: async (events, reached) => {
      try {
        await projectBatch(events);
      } catch (fault) {
        throw fault instanceof FoldFailure ? haltedAt(fault.event, fault) : fault;
      }
      reached(events.at(-1)?.position ?? 0);
    },
  };
};

/**
 * Carries every projection along the log until stopped. One that throws stops alone and says at which event; the
 * others go on. A store that does not answer is tried again.
 */
export const runProjections = (running: RunningProjections): Following => {
  const { eventStore, wait, log, onProgress } = running;
  const upcast = onceForAll(running.upcast);
  const views = running.projections.map((projection) => follower({ ...running, upcast }, projection));
  const followers = [...views, ...(running.beside ?? [])];
  return followLog({ eventStore, followers, pace: 'slowest', wait, log, onProgress });
};
