import type { DatabaseSync } from 'node:sqlite';
import type { Json, RecordedEvent } from '#application/ports.ts';

/** The log's reading side on a connection of the calling thread; answers at once or throws. */
export type EventStoreReader = {
  readStream: (stream: string, fromRevision: number) => readonly RecordedEvent[];
  readAll: (after: number, limit: number) => readonly RecordedEvent[];
  lastPosition: () => number;
};

// position, stream, version, type, event_id, at, data, meta
type Row = [number, string, number, string, Uint8Array, number, string, string];

const columns = 'position, s.name, version, type, event_id, at, data, meta';

/** Prepares the reads on a connection to the log. */
export const createReader = (database: DatabaseSync): EventStoreReader => {
  const ofStream = database.prepare(
    `select ${columns} from streams s join events e on e.stream = s.id where s.name = ? and version >= ? order by version`,
  );
  const ofLog = database.prepare(
    `select ${columns} from events e join streams s on s.id = e.stream where position > ? order by position limit ?`,
  );
  const last = database.prepare('select max(position) as position from events');
  ofStream.setReturnArrays(true);
  ofLog.setReturnArrays(true);
  return {
    readStream: (stream, fromRevision) => recorded(ofStream.all(stream, fromRevision)),
    readAll: (after, limit) => recorded(ofLog.all(after, limit)),
    lastPosition: () => Number(last.get()?.['position'] ?? 0),
  };
};

const recorded = (rows: unknown[]): RecordedEvent[] => {
  const instant = createInstants();
  return (rows as Row[]).map(([position, stream, revision, type, id, at, data, meta]) => ({
    id: uuid(id),
    type,
    data: JSON.parse(data) as Json,
    meta: JSON.parse(meta) as Json,
    stream,
    revision,
    position,
    at: instant(at),
  }));
};

// Events written together share their instant: format it once.
const createInstants = (): ((at: number) => string) => {
  let last = Number.NaN;
  let text = '';
  return (at) => {
    if (at !== last) text = new Date(at).toISOString();
    last = at;
    return text;
  };
};

const uuid = (bytes: Uint8Array): string => {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};
