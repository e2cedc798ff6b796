import { ErrorType, type EventData, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import type { AppendResult, EventStore, ExpectedRevision, NewEvent, RecordedEvent } from '#application/ports.ts';
import type { Call } from './calls.ts';
import type { CallOptions, Session } from './connection.ts';
import { typeOf } from './faults.ts';
import { positionNumber } from './recorded.ts';

const maxAppendSize = 1_048_576;
// More than the protocol adds to an event, so that what passes here passes there.
const eventOverhead = 64;

type ReadStream = EventStore['readStream'];
type Answer = { revision: number; position: number | undefined } | { actual: ExpectedRevision };

/**
 * Appends with an expected revision, never ANY, and asks again on an unknown outcome with the same ids and the same
 * expected revision, which the server answers as the first time (table, Append: what a crash left included).
 */
export const appending = (call: Call, options: CallOptions, readStream: ReadStream): EventStore['append'] => {
  const positionAt = async (stream: string, revision: number): Promise<number> =>
    (await readStream(stream, revision))[0]?.position ?? 0;
  return async (stream, expected, events) => {
    const packed = pack(stream, expected, events);
    const before = expected === 'none' ? -1 : expected;
    // The server lets an empty append succeed and creates nothing; its answer says no more than this.
    if (packed.length === 0) return { outcome: 'appended', revision: before, position: 0 };
    const answer = await call(({ client }, { ms }) => appendOnce(client, stream, expected, packed, { ...options, ms }));
    if ('actual' in answer) return repeatedOr(answer.actual, await readOn(readStream, stream, before, answer), events);
    const { revision } = answer;
    return { outcome: 'appended', revision, position: answer.position ?? (await positionAt(stream, revision)) };
  };
};

type AppendOptions = CallOptions & { ms: number };

// Credentials of the call, not of the client, make it the plain Append call: the batch call would let a broken
// connection of one client reject appends of another, and leave what it cannot serialise unsettled (table, Append).
const appendOnce = async (
  client: Session['client'],
  stream: string,
  expected: ExpectedRevision,
  events: EventData[],
  { ms, ...options }: AppendOptions,
): Promise<Answer> => {
  const expectedRevision = expected === 'none' ? NO_STREAM : BigInt(expected);
  try {
    const result = await client.appendToStream(stream, events, { expectedRevision, deadline: ms, ...options });
    const commit = result.position?.commit;
    return {
      revision: Number(result.nextExpectedRevision),
      position: commit === undefined ? undefined : positionNumber(commit),
    };
  } catch (fault) {
    if (typeOf(fault) === ErrorType.WRONG_EXPECTED_VERSION) return { actual: actualOf(fault) };
    if (typeOf(fault) === ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED) throw tooBig({ cause: fault });
    throw fault;
  }
};

const actualOf = (fault: unknown): ExpectedRevision => {
  const { actualVersion } = fault as { actualVersion: bigint | string };
  return typeof actualVersion === 'bigint' ? Number(actualVersion) : 'none';
};

const readOn = (
  readStream: ReadStream,
  stream: string,
  before: number,
  { actual }: { actual: ExpectedRevision },
): Promise<readonly RecordedEvent[]> | readonly RecordedEvent[] =>
  actual === 'none' || actual <= before ? [] : readStream(stream, before + 1);

// A conflict with ourselves is none: an earlier attempt of this append stands where this one would.
const repeatedOr = (
  actual: ExpectedRevision,
  standing: readonly RecordedEvent[],
  events: readonly NewEvent[],
): AppendResult => {
  const last = standing[events.length - 1];
  const same = events.every(({ id }, i) => standing[i]?.id === id.toLowerCase());
  if (last === undefined || !same) return { outcome: 'conflict', actual };
  return { outcome: 'appended', revision: last.revision, position: last.position };
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const pack = (stream: string, expected: ExpectedRevision, events: readonly NewEvent[]): EventData[] => {
  if (expected !== 'none' && !(Number.isSafeInteger(expected) && expected >= 0)) {
    throw new RangeError(`Expected revision ${expected}: pass 'none' or the revision of the last event, from 0.`);
  }
  for (const name of [stream, ...events.map(({ type }) => type)]) {
    if (name.startsWith('$')) throw new RangeError(`${name}: names that begin with $ are the server's own.`);
  }
  const sizes = events.map(({ id, type, data, meta }) => {
    if (!uuid.test(id)) throw new RangeError(`Event id ${id}: pass a UUID.`);
    // What no JSON can hold is refused here: inside the client it would never settle (table, Append).
    const text = JSON.stringify(data) + JSON.stringify(meta);
    return Buffer.byteLength(text) + 2 * Buffer.byteLength(type) + eventOverhead;
  });
  if (sizes.reduce((sum, size) => sum + size, 0) > maxAppendSize) throw tooBig();
  return events.map(({ id, type, data, meta }) => jsonEvent({ id, type, data, metadata: meta }));
};

// The limit is on the whole append, and nothing of it is written (table, Append).
const tooBig = (options?: { cause: unknown }): RangeError =>
  new RangeError(
    `一次追加超过事件库上限 An append may hold ${maxAppendSize} bytes at most: nothing was written.`,
    options,
  );
