/** Positions of the views as they move, and who waits for them. */
export const viewProgress = (wait: (ms: number) => Promise<void>, bound: number) => {
  const positions = new Map<string, number>();
  const waiting = new Set<() => void>();
  const reached = (views: readonly string[], position: number) =>
    views.every((view) => (positions.get(view) ?? 0) >= position);
  return {
    /** Tells that a view has come to a position. */
    moved: (view: string, position: number): void => {
      positions.set(view, Math.max(position, positions.get(view) ?? 0));
      for (const check of waiting) check();
    },
    /** True once all views have reached a position, false when the bound (ms) has passed. */
    until: async (views: readonly string[], position: number): Promise<boolean> => {
      if (reached(views, position)) return true;
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const check = () => {
        if (reached(views, position)) resolve(true);
      };
      waiting.add(check);
      void wait(bound).then(() => resolve(false));
      return promise.finally(() => waiting.delete(check));
    },
  };
};
