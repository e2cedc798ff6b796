import { type RecordedEvent as ClientEvent, START, streamNameFilter } from '@eventstore/db-client';
import type { RecordedEvent } from '#application/ports.ts';
import type { CallOptions, Session } from './connection.ts';
import { Unanswered } from './faults.ts';
import { isSystemEvent, placeOf, recorded } from './recorded.ts';

/** One subscription of the client, from its beginning to its loss. */
export type Intake = {
  /** What came in since, at least one event; nothing once the subscription is lost and all it brought was taken. */
  next: () => Promise<readonly RecordedEvent[] | undefined>;
  /** Why it was lost. */
  loss: () => unknown;
  close: () => void;
};

const mailboxBound = 500;

const ownStreams = streamNameFilter({ regex: '^[^$]' });

/**
 * Subscribes to $all after a position (exclusive; table, Subscribe), without system streams. Takes in a bounded number
 * of events ahead of its reader, then lets the server wait: one that is live gives up then, which is a loss like others.
 */
export const openIntake = (session: Session, after: number, options: CallOptions, confirmMs: number): Intake => {
  const mailbox: RecordedEvent[] = [];
  let loss: { cause: unknown } | undefined;
  let arrived = Promise.withResolvers<void>();
  const fromPosition = after === 0 ? START : placeOf(after);
  const stream = session.client.subscribeToAll({ fromPosition, filter: ownStreams, ...options });

  // After a loss nothing more is taken in: the next subscription brings it again.
  const lose = (cause: unknown): void => {
    if (loss !== undefined) return;
    loss = { cause };
    clearTimeout(confirmation);
    session.ended.removeEventListener('abort', replaced);
    stream.unsubscribe().catch(() => {});
    stream.resume();
    arrived.resolve();
  };
  const take = (event: ClientEvent): void => {
    if (!isSystemEvent(event)) mailbox.push(recorded(event));
    if (mailbox.length >= mailboxBound) stream.pause();
    arrived.resolve();
  };
  const replaced = (): void => lose(new Error('The client was replaced.'));
  const confirmation = setTimeout(() => lose(new Unanswered(`not confirmed within ${confirmMs} ms`)), confirmMs);
  session.ended.addEventListener('abort', replaced);
  // Without an error listener the process dies, and after an error nothing else is emitted (table, Subscribe).
  stream.on('error', lose);
  stream.on('end', () => lose(new Error('The server ended the subscription.')));
  stream.on('confirmation', () => clearTimeout(confirmation));
  stream.on('data', ({ event }: { event?: ClientEvent }) => {
    if (event === undefined || loss !== undefined) return;
    try {
      take(event);
    } catch (fault) {
      lose(fault);
    }
  });

  return {
    next: async () => {
      while (mailbox.length === 0 && loss === undefined) {
        await arrived.promise;
        arrived = Promise.withResolvers<void>();
      }
      const events = mailbox.splice(0);
      if (loss === undefined) stream.resume();
      return events.length === 0 ? undefined : events;
    },
    loss: () => loss?.cause,
    close: () => lose(undefined),
  };
};
