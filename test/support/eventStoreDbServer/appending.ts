import { setTimeout as delay } from 'node:timers/promises';
import type messages from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerReadableStream, type sendUnaryData, status } from '@grpc/grpc-js';
import type { Expected, ProposedEvent, ServerLog } from './log.ts';
import { appendAnswer, expectedBy, nameOf, proposedEvent, refusal } from './messages.ts';

/** What a test asks of the next appends. */
export type AppendFaults = {
  /** Breaks the connection once: before the append is written, or after it and before the answer. */
  lose: 'request' | 'answer' | undefined;
  /** How long each append waits before it is written. */
  delayMs: number;
};

type Append = { stream: string; expected: Expected; events: readonly ProposedEvent[] };

export type AppendCall = ServerReadableStream<messages.AppendReq, messages.AppendResp>;
export type AppendAnswer = sendUnaryData<messages.AppendResp>;

const maxAppendSize = 1_048_576;

/** Answers the plain Append call: one stream, one expected revision, all of the events or none. */
export const appending = (log: ServerLog, faults: AppendFaults, cut: () => void) => {
  const lost = (what: 'request' | 'answer'): boolean => {
    if (faults.lose !== what) return false;
    faults.lose = undefined;
    cut();
    return true;
  };
  const write = async (append: Append, answer: AppendAnswer): Promise<void> => {
    if (faults.delayMs > 0) await delay(faults.delayMs);
    if (lost('request')) return;
    if (sizeOf(append.events) > maxAppendSize) return answer(tooBig());
    const outcome = log.append(append.stream, append.expected, append.events);
    if (!lost('answer')) answer(null, appendAnswer(outcome, append.expected));
  };
  return (call: AppendCall, answer: AppendAnswer): void => {
    const requests: messages.AppendReq[] = [];
    call.on('data', (request: messages.AppendReq) => requests.push(request));
    call.on('error', () => {});
    // A connection that broke half-way ends the requests too, and shows so a turn later: no part of an append is written.
    call.on('end', () =>
      setImmediate(() => {
        if (!call.cancelled) void write(appendOf(requests), answer);
      }),
    );
  };
};

const appendOf = (requests: readonly messages.AppendReq[]): Append => {
  const options = requests.map((request) => request.getOptions()).find((each) => each !== undefined);
  const proposed = requests.map((request) => request.getProposedMessage()).filter((each) => each !== undefined);
  return {
    stream: nameOf(options?.getStreamIdentifier()),
    expected: options === undefined ? 'any' : expectedBy(options),
    events: proposed.map(proposedEvent),
  };
};

const sizeOf = (events: readonly ProposedEvent[]): number =>
  events.reduce((size, { type, data, meta }) => size + 2 * type.length + data.length + meta.length, 0);

const tooBig = () =>
  refusal(status.INVALID_ARGUMENT, `Maximum Append Size of ${maxAppendSize} Exceeded.`, {
    exception: 'maximum-append-size-exceeded',
    'maximum-append-size': String(maxAppendSize),
  });
