import { setTimeout as pause } from 'node:timers/promises';
import type { Connection, Session } from './connection.ts';
import { explained, isPassing, Unanswered, unavailable } from './faults.ts';

/** How long an attempt may take; the signal ends it when that has passed. */
export type Deadline = { ms: number; signal: AbortSignal };

export type Attempt<T> = (session: Session, deadline: Deadline) => Promise<T>;

/** Asks the server, again where the outcome is unknown, and answers or rejects within a bound. */
export type Call = <T>(attempt: Attempt<T>) => Promise<T>;

const attempts = 4;
const firstPauseMs = 50;

/**
 * Bounds every call to `boundMs`, an attempt to half of it, by a timer of our own: reads ignore the client's deadline
 * (table, Failure). Only what may be asked twice goes through here: reads, and appends with the same ids.
 */
export const boundedCalls = (connection: Connection, boundMs: number): Call => {
  const attemptOnce = <T>(attempt: Attempt<T>, ms: number): Promise<T> =>
    connection.use(async (session) => {
      try {
        return await beforeDeadline(ms, (deadline) => attempt(session, deadline));
      } catch (fault) {
        connection.mend(session, fault);
        throw fault;
      }
    });
  return async (attempt) => {
    const end = performance.now() + boundMs;
    for (let tried = 1; ; tried += 1) {
      const ms = Math.ceil(Math.max(1, Math.min(boundMs / 2, end - performance.now())));
      try {
        return await attemptOnce(attempt, ms);
      } catch (fault) {
        if (!isPassing(fault)) throw explained(fault);
        const pauseMs = firstPauseMs * 2 ** (tried - 1);
        if (tried === attempts || performance.now() + pauseMs >= end) throw unavailable(fault);
        await pause(pauseMs);
      }
    }
  };
};

const beforeDeadline = async <T>(ms: number, work: (deadline: Deadline) => Promise<T>) => {
  const ending = new AbortController();
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const fault = new Unanswered(`no answer within ${ms} ms`);
    ending.abort(fault);
    late.reject(fault);
  }, ms);
  try {
    return await Promise.race([work({ ms, signal: ending.signal }), late.promise]);
  } finally {
    clearTimeout(timer);
  }
};
