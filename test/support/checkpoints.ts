import { type SigningCheckpoints, signCheckpoints } from '#application/log/signCheckpoints.ts';
import type { Running } from './application.ts';

const minute = 60_000;

/**
 * Signs checkpoints of an application, at most one a minute of its clock, and looks only when told to: `round` comes back
 * when it has.
 */
export const startSigner = ({ services: { deps }, tree }: Running, differing: Partial<SigningCheckpoints> = {}) => {
  let look = Promise.withResolvers<void>();
  let looked = Promise.withResolvers<void>();
  const wait = (): Promise<void> => {
    look = Promise.withResolvers<void>();
    looked.resolve();
    return look.promise;
  };
  const faults: string[] = [];
  const note = (_: object, message: string) => void faults.push(message);
  const { standing, stop } = signCheckpoints({
    ...deps,
    head: tree.head,
    intervalMs: minute,
    wait,
    log: { warn: note, error: note },
    ...differing,
  });
  return {
    standing,
    stop,
    faults,
    /** Comes back when it has looked for the first time, which it does by itself. */
    first: (): Promise<void> => looked.promise,
    round: async (): Promise<void> => {
      await looked.promise;
      looked = Promise.withResolvers<void>();
      look.resolve();
      await looked.promise;
    },
  };
};

/** Waits until the tree and the views stand at the end of the log. */
export const caughtUp = async ({ services: { deps }, tree }: Running): Promise<void> => {
  const last = await deps.eventStore.lastPosition();
  while ((tree.head()?.position ?? -1) < last) await deps.wait(5);
  await deps.awaitViews(['logCheckpoint', 'certificate'], last);
};

/** Lets a minute pass and signs a checkpoint over all that is in the log. */
export const checkpointed = async (app: Running): Promise<void> => {
  await caughtUp(app);
  app.clock.now += minute;
  const signer = startSigner(app);
  await signer.round();
  await signer.stop();
  await caughtUp(app);
};
