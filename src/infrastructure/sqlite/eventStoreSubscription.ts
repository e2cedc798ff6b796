import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordedEvent, Subscriber } from '#application/ports.ts';
import type { News } from './eventStoreNews.ts';

const batchSize = 1000;

/** What a subscription follows: a way to read on, word of when to, and whom to tell that it is over. */
export type Followed = {
  readAll: (after: number, limit: number) => readonly RecordedEvent[];
  news: News;
  ended: () => void;
};

/**
 * Reads on from a position, batch by batch, and waits for news at the end of the log. The returned function ends it
 * and resolves once no call of the subscriber is running: awaiting it inside `onEvents` would wait for itself.
 */
export const follow = (followed: Followed, after: number, subscriber: Subscriber): (() => Promise<void>) => {
  const { readAll, news, ended } = followed;
  let stopped = false;
  let fresh = false;
  let wake = (): void => {};
  const stopListening = news.listen(() => {
    fresh = true;
    wake();
  });

  const nextNews = (): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      if (fresh || stopped) resolve();
    });

  const run = async (): Promise<void> => {
    let position = after;
    // Other work of this thread gets its turn between batches, and before the first.
    for (await nextTurn(); !stopped; await nextTurn()) {
      fresh = false;
      const events = readAll(position, batchSize);
      const last = events.at(-1);
      if (last !== undefined) await subscriber.onEvents(events);
      position = last?.position ?? position;
      // A short batch was the end of the log: what came after it is news.
      if (events.length < batchSize) await nextNews();
    }
  };

  const done = run()
    .finally(() => {
      stopListening();
      ended();
    })
    .catch(subscriber.onFailure);
  return () => {
    stopped = true;
    wake();
    return done;
  };
};
