/** Asked how far a view has been carried, where another process carries it. */
export type Elsewhere = { carried: () => boolean; checkpoint: (view: string) => Promise<number> };

const pollMs = 20;
const lastLookMs = 500;

/** Positions of the views as they move, and who waits for them, at most `bound` ms. */
export const viewProgress = (wait: (ms: number) => Promise<void>, bound: number, elsewhere?: Elsewhere) => {
  const positions = new Map<string, number>();
  const waiting = new Set<() => void>();
  const reached = (views: readonly string[], position: number) =>
    views.every((view) => (positions.get(view) ?? 0) >= position);
  const moved = (view: string, position: number): void => {
    positions.set(view, Math.max(position, positions.get(view) ?? 0));
    for (const check of waiting) check();
  };
  /** A store that does not answer leaves the wait to its bound. */
  const look = async (views: readonly string[]): Promise<void> => {
    for (const view of views) moved(view, (await elsewhere?.checkpoint(view).catch(() => 0)) ?? 0);
  };
  return {
    /** Tells that a view has come to a position. */
    moved,
    /** True once all views have reached a position, false when the bound (ms) has passed. */
    until: async (views: readonly string[], position: number): Promise<boolean> => {
      if (reached(views, position)) return true;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      let over = false;
      const check = () => {
        if (reached(views, position)) resolve(true);
      };
      waiting.add(check);
      // Where this process was stopped meanwhile, its time has passed unused: the store is asked once more.
      void wait(bound)
        .then(() => (over ? undefined : Promise.race([look(views), wait(lastLookMs)])))
        .then(() => resolve(reached(views, position)));
      void promise.then(() => {
        over = true;
        waiting.delete(check);
      });
      // Beside the bound: a store that hangs must not hold it up.
      const poll = async (): Promise<void> => {
        while (elsewhere?.carried() && !over) {
          await look(views);
          if (!over) await wait(pollMs);
        }
      };
      void poll();
      return promise;
    },
  };
};
