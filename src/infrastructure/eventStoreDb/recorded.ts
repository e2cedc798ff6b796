import type { RecordedEvent as ClientEvent, Position } from '@eventstore/db-client';
import type { Json, RecordedEvent } from '#application/ports.ts';

/** An event as the port has it; `at` is when the server wrote it. Data that is no JSON reads as an empty object. */
export const recorded = (event: ClientEvent): RecordedEvent => ({
  id: event.id,
  type: event.type,
  data: event.isJson ? (event.data as Json) : {},
  meta: (event.metadata ?? {}) as Json,
  stream: event.streamId,
  revision: Number(event.revision),
  position: positionOf(event),
  at: event.created.toISOString(),
});

/** The commit position of an event: it rises strictly, for events of one append too, with gaps of a record's length. */
export const positionOf = ({ id, position }: ClientEvent): number => {
  if (position === undefined) throw new TypeError(`Event ${id} came without its position: use a server from 22.6 on.`);
  return positionNumber(position.commit);
};

/** A position as a number; a `RangeError` beyond 2^53 (9 PB of log), where numbers no longer tell neighbours apart. */
export const positionNumber = (commit: bigint): number => {
  if (commit > BigInt(Number.MAX_SAFE_INTEGER)) throw new RangeError(`Position ${commit} is beyond 2^53.`);
  return Number(commit);
};

/** The place of a position in the log: the events of an append have the same commit and prepare position. */
export const placeOf = (position: number): Position => ({ commit: BigInt(position), prepare: BigInt(position) });

/** Whether the server wrote it for itself: statistics, metadata, links of projections, deletions. */
export const isSystemEvent = ({ streamId, type }: ClientEvent): boolean =>
  streamId.startsWith('$') || type.startsWith('$');
