import type { Projection } from '#projections/projection.ts';
import { addLeaves } from './log/keepTree.ts';
import { logTiles } from './log/tiles.ts';
import { treeFrom } from './log/tree.ts';
import type { EventStore, RecordedEvent, ViewStore } from './ports.ts';
import { project, type Upcast } from './runProjections.ts';

const batch = 2000;

export type Rebuilding = {
  eventStore: EventStore;
  viewStore: ViewStore;
  upcast: Upcast;
  /** Told after each batch, last with `done` equal to `total`. */
  onProgress: (done: number, total: number) => void;
};

/** The log ends before what a view was folded from: another log, or one restored from an older backup. */
export class LogTooShort extends Error {
  override name = 'LogTooShort';
}

type Take = (events: readonly RecordedEvent[]) => Promise<void>;

const rebuild = async (view: string, rebuilding: Rebuilding, takeInto: (generation: number) => Take): Promise<void> => {
  const { eventStore, viewStore, onProgress } = rebuilding;
  const generation = await viewStore.beginRebuild(view);
  const take = takeInto(generation);
  for (let position = 0; ; ) {
    const answering = await viewStore.checkpoint({ view });
    const events = await eventStore.readAll(position, batch);
    position = events.at(-1)?.position ?? position;
    await take(events);
    if (events.length < batch && (await viewStore.finishRebuild(view, generation)))
      return onProgress(position, position);
    if (events.length === 0 && position < answering) {
      throw new LogTooShort(`View ${view} was folded up to ${answering}, but the log ends at ${position}.`);
    }
    onProgress(position, Math.max(position, await eventStore.lastPosition()));
  }
};

/**
 * Folds a view anew beside the one that answers, then lets it answer instead; both sites stay up. Throws `FoldFailure`,
 * `LogTooShort`, and `GenerationGone` where another rebuild of the view began meanwhile; the old view then stays.
 */
export const rebuildView = (projection: Projection, rebuilding: Rebuilding): Promise<void> => {
  const { viewStore, upcast } = rebuilding;
  return rebuild(
    projection.name,
    rebuilding,
    (generation) => (events) => project({ viewStore, projection, generation, upcast }, events),
  );
};

/** Makes the hash tree of the log anew in the same way. */
export const rebuildTree = (rebuilding: Rebuilding): Promise<void> =>
  rebuild(logTiles.name, rebuilding, (generation) => {
    const tree = treeFrom();
    return (events) => addLeaves(rebuilding.viewStore, { tree, generation }, events);
  });
