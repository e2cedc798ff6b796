import type { RecordedEvent as ClientEvent } from '@eventstore/db-client';
import { isSystemEvent, positionOf } from './recorded.ts';

/** At most so many events before a position, exclusive, the latest first; before the end of the log where none is given. */
export type PageBefore = (position: number | undefined, maxCount: number) => Promise<readonly ClientEvent[]>;

const newestPage = 64;
const olderPage = 2_000;

/**
 * Looks backwards for the last event that is not the server's own; 0 where there is none. Remembers how far it looked,
 * so that a log where only statistics grow is not walked through again each time.
 */
export const lastPositionBy = (pageBefore: PageBefore): (() => Promise<number>) => {
  let known = { top: 0, last: 0 };

  const scan = async (newest: readonly ClientEvent[]): Promise<number> => {
    let page = newest;
    for (;;) {
      const own = page.find((event) => !isSystemEvent(event));
      if (own !== undefined) return positionOf(own);
      const oldest = page.at(-1);
      if (oldest === undefined) return 0;
      if (positionOf(oldest) <= known.top) return known.last;
      page = await pageBefore(positionOf(oldest), olderPage);
    }
  };

  return async () => {
    const newest = await pageBefore(undefined, newestPage);
    const top = newest[0] === undefined ? 0 : positionOf(newest[0]);
    // A log that became shorter is another one, or an older one restored.
    if (top < known.top) known = { top: 0, last: 0 };
    known = { top, last: await scan(newest) };
    return known.last;
  };
};
