import type { Log } from '../followLog.ts';

type Watching = { goOn: () => Promise<void>; wait: (ms: number) => Promise<void>; log: Log; everyMs?: number };

/** How often it is looked for imports that another process left behind, in ms: seldom beside how long one takes. */
const usualMs = 10_000;

/** Goes on with imports that a process left behind, at the start and now and then, until stopped. */
export const goOnWithImports = ({ goOn, wait, log, everyMs = usualMs }: Watching): { stop: () => Promise<void> } => {
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  let stopping = false;
  const run = async (): Promise<void> => {
    while (!stopping) {
      await goOn().catch((fault: unknown) => {
        log.warn({ fault: String(fault) }, 'Imports of rosters could not be gone on with; trying again.');
      });
      await Promise.race([wait(everyMs), ended]);
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping = true;
      end();
      await running;
    },
  };
};
