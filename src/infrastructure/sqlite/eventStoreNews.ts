/** Tells listeners that the log may have grown; false alarms are fine, missed ones are not. */
export type News = {
  /** Calls `heard` on news until the returned function is called. */
  listen: (heard: () => void) => () => void;
  /** How often news came so far: what was read at the same number is all that was known of. */
  heard: () => number;
};

const pollMs = 250;

/** The channel that carries a log's news between the threads of this process. */
export const newsChannel = (file: string): string => `events:${file}`;

/**
 * News from this process come by broadcast, at once; what other processes write is noticed by polling the last
 * position. Both run only while somebody listens.
 */
export const createNews = (file: string, lastPosition: () => number): News => {
  const listeners = new Set<() => void>();
  let stopFollowing: (() => void) | undefined;
  let announced = 0;
  const announce = (): void => {
    announced += 1;
    for (const heard of listeners) heard();
  };
  return {
    listen: (heard) => {
      listeners.add(heard);
      stopFollowing ??= follow(file, lastPosition, announce);
      return () => {
        listeners.delete(heard);
        if (listeners.size > 0) return;
        stopFollowing?.();
        stopFollowing = undefined;
      };
    },
    heard: () => announced,
  };
};

const follow = (file: string, lastPosition: () => number, announce: () => void): (() => void) => {
  const channel = new BroadcastChannel(newsChannel(file));
  channel.onmessage = announce;
  let known = -1;
  const poll = (): void => {
    const position = positionOr(lastPosition, -1);
    // A log that cannot be read is news too: the listener's own read then meets the fault and reports it.
    if (position !== known || position === -1) announce();
    known = position;
  };
  const timer = setInterval(poll, pollMs);
  return () => {
    clearInterval(timer);
    channel.close();
  };
};

const positionOr = (lastPosition: () => number, otherwise: number): number => {
  try {
    return lastPosition();
  } catch {
    return otherwise;
  }
};
