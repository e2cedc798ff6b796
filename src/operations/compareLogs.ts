import { createHash } from 'node:crypto';
import type { EventStore, RecordedEvent } from '#application/ports.ts';
import type { Progress } from './copiedFiles.ts';
import { OperationError } from './program.ts';

const batch = 2000;

/** How far two logs are the same, where each then stands, and the SHA-256 of what they share. */
export type Compared = {
  events: number;
  source: number;
  target: number;
  sha256: string;
  ended: 'source' | 'target' | 'both';
};

/** An event without what each store gives it anew: position and the instant of writing. */
const contentOf = ({ stream, revision, id, type, data, meta }: RecordedEvent): string =>
  [stream, revision, id.toLowerCase(), type, canonical(data), canonical(meta)].join('\n');

/** JSON whose members stand in the order of their names: stores may keep another. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  );

/** Hands out a log's events one by one; `undefined` at its end. */
const walk = (log: EventStore) => {
  let [read, next, after]: [readonly RecordedEvent[], number, number] = [[], 0, 0];
  return async (): Promise<RecordedEvent | undefined> => {
    if (next === read.length) {
      read = await log.readAll(after, batch);
      next = 0;
    }
    const event = read[next];
    next += 1;
    after = event?.position ?? after;
    if (event === undefined) next = read.length;
    return event;
  };
};

/**
 * Walks two logs side by side from their start, events of the same content in the same order, until one ends. Throws
 * `OperationError` at the first event that differs.
 */
export const compareLogs = async (source: EventStore, target: EventStore, onProgress: Progress): Promise<Compared> => {
  const total = await source.lastPosition();
  const [nextOfSource, nextOfTarget] = [walk(source), walk(target)];
  const hash = createHash('sha256');
  const shared = { events: 0, source: 0, target: 0 };
  for (;;) {
    const [one, other] = [await nextOfSource(), await nextOfTarget()];
    if (one === undefined || other === undefined) {
      const ended = one === other ? 'both' : one === undefined ? 'source' : 'target';
      onProgress(total, total);
      return { ...shared, sha256: hash.digest('hex'), ended };
    }
    const content = contentOf(one);
    if (content !== contentOf(other)) throw differing(one, other);
    hash.update(`${content}\n`);
    Object.assign(shared, { events: shared.events + 1, source: one.position, target: other.position });
    if (shared.events % batch === 0) onProgress(Math.min(one.position, total), total);
  }
};

const differing = (one: RecordedEvent, other: RecordedEvent): OperationError =>
  new OperationError(
    `两个事件库在位置 ${one.position}（来源）与 ${other.position}（目标）处不同。\n` +
      `The logs differ: the source has ${one.type} of ${one.stream} @${one.revision} at position ${one.position}, ` +
      `the target ${other.type} of ${other.stream} @${other.revision} at ${other.position}. Begin with an empty target.`,
  );
