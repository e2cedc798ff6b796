import shared from '@eventstore/db-client/generated/shared_pb.js';
import messages from '@eventstore/db-client/generated/streams_pb.js';
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import type { Expected, LoggedEvent, Outcome, ProposedEvent } from './log.ts';

const { AppendResp, ReadResp } = messages;
type ReadResponse = messages.ReadResp;

const ticksPerMillisecond = 10_000n;

/** An event as the server answers it to a read or a subscription. */
export const eventMessage = (event: LoggedEvent): ReadResponse => {
  const recorded = new ReadResp.ReadEvent.RecordedEvent();
  recorded.setId(new shared.UUID().setString(event.id));
  recorded.setStreamIdentifier(streamIdentifier(event.stream));
  recorded.setStreamRevision(String(event.revision));
  recorded.setCommitPosition(String(event.position));
  recorded.setPreparePosition(String(event.position));
  recorded.getMetadataMap().set('type', event.type);
  recorded.getMetadataMap().set('content-type', event.json ? 'application/json' : 'application/octet-stream');
  recorded.getMetadataMap().set('created', String(BigInt(event.created) * ticksPerMillisecond));
  recorded.setData(event.data);
  recorded.setCustomMetadata(event.meta);
  const read = new ReadResp.ReadEvent().setEvent(recorded).setCommitPosition(String(event.position));
  return new ReadResp().setEvent(read);
};

export const streamNotFound = (name: string): ReadResponse =>
  new ReadResp().setStreamNotFound(new ReadResp.StreamNotFound().setStreamIdentifier(streamIdentifier(name)));

export const confirmation = (): ReadResponse =>
  new ReadResp().setConfirmation(new ReadResp.SubscriptionConfirmation().setSubscriptionId(crypto.randomUUID()));

export const checkpoint = (position: bigint): ReadResponse =>
  new ReadResp().setCheckpoint(
    new ReadResp.Checkpoint().setCommitPosition(String(position)).setPreparePosition(String(position)),
  );

export const caughtUp = (): ReadResponse => new ReadResp().setCaughtUp(new ReadResp.CaughtUp());

/** The stream that a client named. */
export const nameOf = (identifier: shared.StreamIdentifier | undefined): string =>
  Buffer.from(identifier?.getStreamName_asU8() ?? []).toString('utf8');

/** The revision that an append expects. */
export const expectedBy = (options: messages.AppendReq.Options): Expected => {
  if (options.hasNoStream()) return 'no_stream';
  return options.hasAny() ? 'any' : Number(options.getRevision());
};

export const proposedEvent = (message: messages.AppendReq.ProposedMessage): ProposedEvent => ({
  id: message.getId()?.getString() ?? '',
  type: message.getMetadataMap().get('type') ?? '',
  json: message.getMetadataMap().get('content-type') === 'application/json',
  data: message.getData_asU8(),
  meta: message.getCustomMetadata_asU8(),
});

/** The answer to an append: a conflict is an answer too, not an error. */
export const appendAnswer = (outcome: Outcome, expected: Expected): messages.AppendResp =>
  outcome.outcome === 'written'
    ? new AppendResp().setSuccess(success(outcome.revision, outcome.position))
    : new AppendResp().setWrongExpectedVersion(wrongExpectedVersion(outcome.current, expected));

const success = (revision: number, position: bigint | undefined): messages.AppendResp.Success => {
  const answer = new AppendResp.Success();
  if (revision === -1) answer.setNoStream(new shared.Empty());
  else answer.setCurrentRevision(String(revision));
  if (position === undefined) return answer.setNoPosition(new shared.Empty());
  const at = String(position);
  return answer.setPosition(new AppendResp.Position().setCommitPosition(at).setPreparePosition(at));
};

const wrongExpectedVersion = (current: number, expected: Expected): messages.AppendResp.WrongExpectedVersion => {
  const answer = new AppendResp.WrongExpectedVersion();
  if (current === -1) answer.setCurrentNoStream(new shared.Empty());
  else answer.setCurrentRevision(String(current));
  if (typeof expected === 'number') return answer.setExpectedRevision(String(expected));
  return answer.setExpectedNoStream(new shared.Empty());
};

/** A refusal of the whole call; `exception` is how the server names it to its clients. */
export const refusal = (code: status, details: string, exception: Record<string, string> = {}): ServiceError => {
  const metadata = new Metadata();
  for (const [key, value] of Object.entries(exception)) metadata.set(key, value);
  return Object.assign(new Error(details), { code, details, metadata });
};

/** What a node says that does not lead, to a call that wants the leader. */
export const notLeader = (leaderPort: number): ServiceError =>
  refusal(status.NOT_FOUND, 'Leader info available', {
    exception: 'not-leader',
    'leader-endpoint-host': '127.0.0.1',
    'leader-endpoint-port': String(leaderPort),
  });

/** What a live subscription whose consumer stalls is told. */
export const consumerTooSlow = (): ServiceError =>
  refusal(
    status.ABORTED,
    'Operation timed out: Consumer too slow to handle event while live. Client resubscription required.',
  );

const streamIdentifier = (name: string): shared.StreamIdentifier =>
  new shared.StreamIdentifier().setStreamName(Uint8Array.from(Buffer.from(name, 'utf8')));
