import type { From } from '#domain/access/events.ts';
import { storedType, toCurrent } from '#domain/eventVersions.ts';
import type { Actor } from './actor.ts';
import { chainHash, type Hashed } from './log/canonical.ts';
import type { DataKey, DataKeys, Json, NewEvent, RecordedEvent } from './ports.ts';
import type { Sealing } from './sealing.ts';

/** What every act says of itself; `at` is UTC ISO 8601 by the application's clock, `from` is known of requests. */
export type ActMeta = { at: string; actor: Actor; commandId: string; from?: From };

/** What every event says of its making; `previous` is the hash of the event before it in its stream, if it has one. */
export type EventMeta = ActMeta & { previous?: string };

/** An event of an aggregate, opened; `erased`, its personal part empty, once the data key of that is destroyed. */
export type OpenedEvent = {
  type: string;
  data: object;
  meta: EventMeta;
  revision: number;
  position: number;
  erased: boolean;
};

/** The id of the n-th event of a command: the command's own, its last byte counting. */
export const eventId = (commandId: string, index: number): string =>
  commandId.slice(0, -2) + index.toString(16).padStart(2, '0');

/** The data key that a stream's personal parts are sealed with, if it has any. */
export const keyIdOf = (events: readonly RecordedEvent[], sealing: Sealing): string | undefined => {
  const sealed = events.map((event) => event.data['personal']).find((personal) => typeof personal === 'string');
  return sealed === undefined ? undefined : sealing.keyOf(sealed);
};

/** Where events go: into which stream, after which of its events, made by whom, sealed how. */
export type Encoding = {
  stream: string;
  last: Hashed | undefined;
  meta: ActMeta;
  key: DataKey | undefined;
  sealing: Sealing;
  first: number;
};

const encodeOne = (event: { type: string; data: object }, into: Encoding, index: number): NewEvent => {
  const { personal, ...plain } = event.data as { personal?: unknown };
  if (personal !== undefined && into.key === undefined) throw new Error(`${event.type} needs a data key.`);
  return {
    id: eventId(into.meta.commandId, into.first + index),
    type: storedType(event.type),
    data:
      into.key && personal !== undefined
        ? { ...plain, personal: into.sealing.seal(into.key, personal, into.stream) }
        : plain,
    meta: into.last === undefined ? into.meta : { ...into.meta, previous: chainHash(into.last) },
  };
};

/**
 * Makes storable events of domain events: versioned name, personal part sealed with the stream's name as context, each
 * chained to the one before it by that one's hash.
 */
export const encode = (events: readonly { type: string; data: object }[], into: Encoding): readonly NewEvent[] => {
  let last = into.last;
  return events.map((event, index) => {
    const encoded = encodeOne(event, { ...into, last }, index);
    last = { ...encoded, stream: into.stream, revision: (last?.revision ?? -1) + 1 };
    return encoded;
  });
};

/** Opens a stored event in its current version. */
export const decode = async (event: RecordedEvent, sealing: Sealing): Promise<OpenedEvent> => {
  const { type, data } = toCurrent(event.type, event.data);
  const meta = event.meta as unknown as EventMeta;
  const at = { meta, revision: event.revision, position: event.position };
  if (typeof data['personal'] !== 'string') return { type, data, ...at, erased: false };
  const personal = await sealing.open(data['personal'], event.stream);
  return { type, data: { ...data, personal: personal ?? {} } as Json, ...at, erased: personal === undefined };
};

/** The key to seal new events with: the one named, the stream's own, or a new one where none of them is sealed yet. */
export const chooseKey = async (
  events: readonly { data: object }[],
  keyId: string | undefined,
  dataKeys: DataKeys,
): Promise<DataKey | undefined> => {
  if (!events.some((event) => 'personal' in event.data)) return undefined;
  if (keyId === undefined) return dataKeys.next();
  const key = await dataKeys.find(keyId);
  if (key === undefined) throw new Error(`Data key ${keyId} is destroyed: nothing more can be recorded under it.`);
  return key;
};
