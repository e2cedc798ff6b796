import { ErrorType } from '@eventstore/db-client';
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
