/** Runs a task when its turn comes; undefined at once where too many wait already. */
export type BoundedQueue = <T>(task: () => Promise<T>) => Promise<T | undefined>;

/** A queue that runs `width` tasks at a time and lets `most` more wait, first come, first served. */
export const boundedQueue = (width: number, most: number): BoundedQueue => {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running >= width) {
      if (waiting.length >= most) return undefined;
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    } else running += 1;
    try {
      return await task();
    } finally {
      // The next one takes this place over, so that nobody who comes between can.
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
};
