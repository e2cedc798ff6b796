import { type EndPoint, ErrorType, NotLeaderError } from '@eventstore/db-client';
import { StoreUnavailable } from '#application/ports.ts';

// The server has understood the call and refuses it: asking again would not help.
const refusals: ReadonlySet<unknown> = new Set([
  ErrorType.WRONG_EXPECTED_VERSION,
  ErrorType.STREAM_NOT_FOUND,
  ErrorType.STREAM_DELETED,
  ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED,
  ErrorType.ACCESS_DENIED,
  ErrorType.INVALID_ARGUMENT,
]);

/** How the client names a failure; raw gRPC errors, which it lets through at times, have no name (table, Append). */
export const typeOf = (fault: unknown): unknown => (fault as { type?: unknown } | undefined)?.type;

/** Whether a call may yet succeed as it is: anything but a refusal and our own faults, an unknown outcome included. */
export const isPassing = (fault: unknown): boolean =>
  !(fault instanceof TypeError || fault instanceof RangeError || refusals.has(typeOf(fault)));

// gRPC's status UNAVAILABLE.
const unavailableCode = 14;

const spoiling: ReadonlySet<unknown> = new Set([
  ErrorType.UNAVAILABLE,
  ErrorType.CANCELLED,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.NOT_LEADER,
]);

/** Whether another connection, perhaps to another node, may do what this one could not. */
export const spoilsConnection = (fault: unknown): boolean =>
  fault instanceof Unanswered ||
  spoiling.has(typeOf(fault)) ||
  (fault as { code?: unknown } | undefined)?.code === unavailableCode;

/** The node that leads, where a node that does not lead told so. */
export const leaderIn = (fault: unknown): EndPoint | undefined =>
  fault instanceof NotLeaderError ? fault.leader : undefined;

/** The deadline of a call has passed unanswered. */
export class Unanswered extends Error {
  override name = 'Unanswered';
}

/** What the port says when the server cannot answer now. */
export const unavailable = (cause: unknown): StoreUnavailable =>
  new StoreUnavailable(`事件库暂时不能应答 The event store does not answer: ${messageOf(cause)}`, { cause });

/** The fault as operators should read it. */
export const explained = (fault: unknown): unknown =>
  typeOf(fault) === ErrorType.ACCESS_DENIED
    ? new Error('事件库拒绝了此用户 The event store refuses this user: see the rights it needs in the README.', {
        cause: fault,
      })
    : fault;

const messageOf = (fault: unknown): string => (fault instanceof Error ? fault.message : String(fault));
