import {
  BACKWARDS,
  type RecordedEvent as ClientEvent,
  END,
  ErrorType,
  START,
  type StreamingRead,
} from '@eventstore/db-client';
import type { EventStore, RecordedEvent } from '#application/ports.ts';
import type { Call } from './calls.ts';
import type { CallOptions } from './connection.ts';
import { typeOf } from './faults.ts';
import { lastPositionBy, type PageBefore } from './lastPosition.ts';
import { isSystemEvent, placeOf, positionOf, recorded } from './recorded.ts';

const pageSize = 2_000;

/** The reading side of the port, page by page, so that each call stays within its bound however long the log is. */
export const reading = (
  call: Call,
  options: CallOptions,
): Pick<EventStore, 'readStream' | 'readAll' | 'lastPosition'> => {
  // A missing stream shows in the iteration, as an error (table, Read).
  const streamPage = (stream: string, from: number): Promise<readonly ClientEvent[]> =>
    call(({ client }, { signal }) =>
      collect(client.readStream(stream, { fromRevision: BigInt(from), maxCount: pageSize, ...options }), signal).catch(
        (fault: unknown) => {
          if (typeOf(fault) === ErrorType.STREAM_NOT_FOUND) return [];
          throw fault;
        },
      ),
    );
  const logPage = (after: number, maxCount: number): Promise<readonly ClientEvent[]> => {
    const fromPosition = after === 0 ? START : placeOf(after);
    return call(({ client }, { signal }) => collect(client.readAll({ fromPosition, maxCount, ...options }), signal));
  };
  // Backwards is exclusive (table, Read).
  const logPageBefore: PageBefore = (position, maxCount) => {
    const fromPosition = position === undefined ? END : placeOf(position);
    const backwards = { direction: BACKWARDS, fromPosition, maxCount, ...options } as const;
    return call(({ client }, { signal }) => collect(client.readAll(backwards), signal));
  };

  const readStream = async (stream: string, fromRevision = 0): Promise<readonly RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    for (;;) {
      const page = await streamPage(stream, fromRevision + events.length);
      for (const event of page) events.push(recorded(event));
      if (page.length < pageSize) return events;
    }
  };
  // Forwards is inclusive and unfiltered (table, Read). A page of system events only is read on from, since fewer
  // events than asked for mean the end of the log to callers.
  const readAll = async (after: number, limit: number): Promise<readonly RecordedEvent[]> => {
    const events: RecordedEvent[] = [];
    let position = after;
    for (let asked = Math.min(limit + 1, pageSize); events.length < limit; asked = pageSize) {
      const page = await logPage(position, asked);
      for (const event of page) if (isOwn(event, position)) events.push(recorded(event));
      position = lastOf(page) ?? position;
      if (page.length < asked) break;
    }
    return events.slice(0, limit);
  };
  return { readStream, readAll, lastPosition: lastPositionBy(logPageBefore) };
};

const isOwn = (event: ClientEvent, after: number): boolean => !isSystemEvent(event) && positionOf(event) > after;

const lastOf = (page: readonly ClientEvent[]): number | undefined => {
  const last = page.at(-1);
  return last && positionOf(last);
};

type Resolved = { event?: ClientEvent };

// The error listener stays: after a deadline an error may still come, and would end the process unheard.
const collect = <E extends Resolved>(stream: StreamingRead<E>, signal: AbortSignal): Promise<readonly ClientEvent[]> =>
  new Promise((resolve, reject) => {
    const events: ClientEvent[] = [];
    stream.on('data', ({ event }: E) => {
      if (event !== undefined) events.push(event);
    });
    stream.on('error', reject);
    stream.on('end', () => resolve(events));
    const cancel = (): void => {
      reject(signal.reason);
      stream.cancel().catch(() => {});
    };
    signal.addEventListener('abort', cancel, { once: true });
  });
