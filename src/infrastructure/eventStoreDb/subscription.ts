import { setTimeout as pause } from 'node:timers/promises';
import type { Subscriber } from '#application/ports.ts';
import type { Connection } from './connection.ts';
import { explained, isPassing } from './faults.ts';
import { type Intake, openIntake } from './intake.ts';

/** What a subscription follows, and whom to tell that it was lost and begins again, and that it is over. */
export type Followed = {
  connection: Connection;
  confirmMs: number;
  onTrouble: (trouble: unknown) => void;
  ended: () => void;
};

const firstPauseMs = 100;
const longestPauseMs = 5_000;

/**
 * Follows the log over the losses of single subscriptions: begins again after the last event that was delivered, with
 * growing pauses (table, Subscribe: there is no reconnect). Ends when stopped, by a throw of the subscriber, or where
 * the server refuses. The returned function resolves once no call of the subscriber is running.
 */
export const follow = (followed: Followed, after: number, subscriber: Subscriber): (() => Promise<void>) => {
  const { connection, confirmMs, onTrouble, ended } = followed;
  const stopping = new AbortController();
  const { signal } = stopping;
  let position = after;

  const deliver = async (intake: Intake): Promise<boolean> => {
    let progress = false;
    for (let events = await intake.next(); events && !signal.aborted; events = await intake.next()) {
      await subscriber.onEvents(events);
      position = events.at(-1)?.position ?? position;
      progress = true;
    }
    return progress;
  };
  const run = async (): Promise<void> => {
    for (let faults = 0; !signal.aborted; faults += 1) {
      const session = connection.session();
      const intake = openIntake(session, position, connection.options, confirmMs);
      signal.addEventListener('abort', intake.close);
      const progress = await deliver(intake).finally(intake.close);
      signal.removeEventListener('abort', intake.close);
      if (signal.aborted) return;
      if (!isPassing(intake.loss())) throw explained(intake.loss());
      connection.mend(session, intake.loss());
      onTrouble(intake.loss());
      if (progress) faults = 0;
      await pause(Math.min(firstPauseMs * 2 ** faults, longestPauseMs), undefined, { signal }).catch(() => {});
    }
  };

  const done = run().finally(ended).catch(subscriber.onFailure);
  return () => {
    stopping.abort();
    return done;
  };
};
