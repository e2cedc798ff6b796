import messages from '@eventstore/db-client/generated/streams_pb.js';
import { type ServerWritableStream, status } from '@grpc/grpc-js';
import type { LoggedEvent, ServerLog } from './log.ts';
import { eventMessage, nameOf, refusal, streamNotFound } from './messages.ts';

export type ReadCall = ServerWritableStream<messages.ReadReq, messages.ReadResp>;

type Options = messages.ReadReq.Options;

/** Answers a read of a stream or of $all; filters are ignored here, as the client sends none. */
export const read = (log: ServerLog, call: ReadCall, options: Options): void => {
  const name = nameOf(options.getStream()?.getStreamIdentifier());
  const found = options.hasStream() ? ofStream(log, name, options) : ofLog(log, options);
  if (found === 'absent') call.write(streamNotFound(name));
  else if (found === 'nowhere') return void call.emit('error', noSuchPosition());
  else for (const event of found.slice(0, Number(options.getCount()))) call.write(eventMessage(event));
  call.end();
};

/** Where in the log to begin: inclusive forwards, as the server reads. A position that no event has is a fault. */
export const indexFrom = (log: ServerLog, options: Options): number | 'nowhere' => {
  const all = options.getAll();
  if (all === undefined || all.hasStart()) return 0;
  if (all.hasEnd()) return log.events.length;
  return log.indexOf(BigInt(all.getPosition()?.getCommitPosition() ?? '0')) ?? 'nowhere';
};

export const noSuchPosition = () => refusal(status.UNKNOWN, 'Unexpected: no log record begins at this position.');

const backwards = (options: Options): boolean =>
  options.getReadDirection() === messages.ReadReq.Options.ReadDirection.BACKWARDS;

// Past the end there is nothing forwards; backwards starts at the last. A missing stream is an answer, not an error.
const ofStream = (log: ServerLog, name: string, options: Options): readonly LoggedEvent[] | 'absent' => {
  const events = log.stream(name);
  const from = options.getStream();
  if (events === undefined || from === undefined) return 'absent';
  const revision = from.hasRevision() ? Number(from.getRevision()) : from.hasEnd() ? events.length - 1 : 0;
  return backwards(options) ? events.slice(0, revision + 1).toReversed() : events.slice(revision);
};

// Forwards inclusive, backwards exclusive.
const ofLog = (log: ServerLog, options: Options): readonly LoggedEvent[] | 'nowhere' => {
  const from = indexFrom(log, options);
  if (from === 'nowhere') return from;
  const count = Number(options.getCount());
  if (!backwards(options)) return log.events.slice(from, from + count);
  return log.events.slice(Math.max(0, from - count), from).toReversed();
};
