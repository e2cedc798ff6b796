import type { EventStore } from '#application/ports.ts';
import type { Sealing } from '#application/sealing.ts';
import type { RegistrationState } from '#domain/registration/state.ts';
import { logFolds } from './logFolds.ts';
import { logOrder } from './logOrder.ts';
import type { Acked, Story } from './story.ts';

/** A log read as it grows; each reading answers with everything that was found wrong so far. */
export type LogCheck = {
  /**
   * Reads on from where the last reading ended, having seen that what was read then still stands: order, doubles, seals,
   * and every act that was acknowledged in these stories, once.
   */
  read: (log: EventStore, sealing: Sealing, stories: readonly Story[]) => Promise<string[]>;
  /** Once everything has come to rest: one live registration per couple, one certificate per registered one. */
  settled: () => string[];
  events: () => number;
  registrations: ReadonlyMap<string, RegistrationState>;
};

const batch = 5_000;

/** Checks a log from nothing; `gapFree` where its positions are promised to be. */
export const checkLog = ({ gapFree }: { gapFree: boolean }): LogCheck => {
  const order = logOrder(gapFree);
  const folds = logFolds();

  const lost = async (log: EventStore): Promise<string[]> => {
    const last = order.last();
    if (last === undefined) return [];
    const [same] = await log.readStream(last.stream, last.revision);
    const stands = same?.id === last.id && same.position === last.position;
    return stands ? [] : [`lost: ${last.type} of ${last.stream} at ${last.position}`];
  };
  const readOn = async (log: EventStore, sealing: Sealing): Promise<void> => {
    for (;;) {
      const events = await log.readAll(order.last()?.position ?? 0, batch);
      for (const event of events) {
        order.add(event);
        await folds.add(event, sealing);
      }
      if (events.length === 0) return;
    }
  };
  const idOf = (act: Acked, sealing: Sealing): string | undefined =>
    'id' in act ? act.id : folds.ofQueryCode(sealing.lookupKey('queryCode', act.queryCode));
  const unkept = (act: Acked, sealing: Sealing): string[] => {
    const id = idOf(act, sealing);
    const types = order.typesOf(`registration-${id}`);
    const times = types.filter((type) => type === `${act.type}.v1`).length;
    return times === 1 && types.length > act.revision ? [] : [`${act.type} of ${id} stands ${times} times`];
  };
  return {
    registrations: folds.registrations,
    events: order.count,
    settled: folds.faults,
    read: async (log, sealing, stories) => {
      const faults = await lost(log);
      await readOn(log, sealing);
      const acked = stories.flatMap((story) => story.acked);
      return [...faults, ...order.faults, ...acked.flatMap((act) => unkept(act, sealing))];
    },
  };
};
