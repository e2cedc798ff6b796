import type { Projection } from '#projections/projection.ts';
import type { EventStore, ViewStore } from './ports.ts';
import { project, type Upcast } from './runProjections.ts';

const batch = 2000;

export type Rebuilding = {
  eventStore: EventStore;
  viewStore: ViewStore;
  upcast: Upcast;
  onProgress: (done: number, total: number) => void;
};

/** Folds a view anew beside the one that answers, then lets it answer instead; both sites stay up. */
export const rebuildView = async (projection: Projection, rebuilding: Rebuilding): Promise<void> => {
  const { eventStore, viewStore, upcast, onProgress } = rebuilding;
  const generation = await viewStore.beginRebuild(projection.name);
  const name = { view: projection.name, generation };
  for (let position = 0; ; ) {
    const events = await eventStore.readAll(position, batch);
    position = events.at(-1)?.position ?? position;
    if (events.length > 0) await project(viewStore, name, projection, events.map(upcast));
    onProgress(position, await eventStore.lastPosition());
    if (events.length < batch && (await viewStore.finishRebuild(projection.name, generation))) return;
  }
};
