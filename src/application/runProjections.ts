import { type AnyEvent, FoldFailure, foldBatch, idsOf, type Projection } from '#projections/projection.ts';
import { type Follower, type Following, followLog, Halted, type Log } from './followLog.ts';
import type { EventStore, RecordedEvent, StoredRow, ViewName, ViewStore } from './ports.ts';

/** Brings a stored event to its current version; throws on one that this program does not know. */
export type Upcast = (event: RecordedEvent) => AnyEvent;

export type RunningProjections = {
  eventStore: EventStore;
  viewStore: ViewStore;
  projections: readonly Projection[];
  upcast: Upcast;
  wait: (ms: number) => Promise<void>;
  log: Log;
  onProgress?: (view: string, position: number) => void;
};

/** Loads, folds and commits one batch of a view; throws `FoldFailure` with everything before it committed. */
export const project = async (
  viewStore: ViewStore,
  name: ViewName,
  projection: Projection,
  events: readonly AnyEvent[],
): Promise<void> => {
  const fold = async (part: readonly AnyEvent[], position: number) => {
    const loaded = await viewStore.load(name, idsOf(projection, part));
    const rows = foldBatch(projection, part, new Map(loaded.map((row) => [row.id, row])));
    await viewStore.commit(name, rows as readonly StoredRow[], position);
  };
  try {
    await fold(events, events.at(-1)?.position ?? 0);
  } catch (failure) {
    if (!(failure instanceof FoldFailure)) throw failure;
    const before = events.filter((event) => event.position < failure.event.position);
    const last = before.at(-1);
    if (last !== undefined) await fold(before, last.position);
    throw failure;
  }
};

const halted = ({ event, message }: FoldFailure) =>
  new Halted({ position: event.position, type: event.type, stream: event.stream, message });

const upcastAll = (upcast: Upcast, events: readonly RecordedEvent[]): readonly AnyEvent[] =>
  events.map((event) => {
    try {
      return upcast(event);
    } catch (cause) {
      throw halted(new FoldFailure(event, { cause }));
    }
  });

/**
 * Carries every projection along the log until stopped. One that throws stops alone and says at which event; the
 * others go on. A store that does not answer is tried again.
 */
export const runProjections = (running: RunningProjections): Following => {
  const { eventStore, viewStore, upcast, wait, log, onProgress } = running;
  const follower = (projection: Projection): Follower => ({
    name: projection.name,
    open: () => viewStore.checkpoint({ view: projection.name }),
    take: async (events, reached) => {
      try {
        await project(viewStore, { view: projection.name }, projection, upcastAll(upcast, events));
      } catch (failure) {
        throw failure instanceof FoldFailure ? halted(failure) : failure;
      }
      reached(events.at(-1)?.position ?? 0);
    },
  });
  return followLog({
    eventStore,
    followers: running.projections.map(follower),
    pace: 'slowest',
    wait,
    log,
    onProgress,
  });
};
