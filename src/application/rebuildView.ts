import type { Projection } from '#projections/projection.ts';
import type { EventStore, ViewStore } from './ports.ts';
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

/**
 * Folds a view anew beside the one that answers, then lets it answer instead; both sites stay up. Throws `FoldFailure`,
 * `LogTooShort`, and `GenerationGone` where another rebuild of the view began meanwhile; the old view then stays.
 */
export const rebuildView = async (projection: Projection, rebuilding: Rebuilding): Promise<void> => {
  const { eventStore, viewStore, upcast, onProgress } = rebuilding;
  const view = projection.name;
  const generation = await viewStore.beginRebuild(view);
  for (let position = 0; ; ) {
    const answering = await viewStore.checkpoint({ view });
    const events = await eventStore.readAll(position, batch);
    position = events.at(-1)?.position ?? position;
    await project({ viewStore, projection, generation, upcast }, events);
    if (events.length < batch && (await viewStore.finishRebuild(view, generation)))
      return onProgress(position, position);
    if (events.length === 0 && position < answering) {
      throw new LogTooShort(`View ${view} was folded up to ${answering}, but the log ends at ${position}.`);
    }
    onProgress(position, Math.max(position, await eventStore.lastPosition()));
  }
};
