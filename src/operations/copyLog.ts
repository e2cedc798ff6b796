import { isDeepStrictEqual } from 'node:util';
import type { EventStore, RecordedEvent } from '#application/ports.ts';
import { type Compared, compareLogs } from './compareLogs.ts';
import type { Progress } from './copiedFiles.ts';
import { OperationError } from './program.ts';

const batch = 2000;

/** Two logs; `appendsAtOnce` is how many appends the target takes in one transaction, in their order. */
export type Copying = {
  source: EventStore;
  target: EventStore;
  appendsAtOnce: number;
  progressOf: (phase: string) => Progress;
};

/** Events that were appended together, as far as one can tell: neighbours of one stream and one command. */
export const appendsIn = (events: readonly RecordedEvent[]): readonly (readonly RecordedEvent[])[] => {
  const appends: RecordedEvent[][] = [];
  for (const event of events) {
    const before = appends.at(-1)?.at(-1);
    const together =
      before?.stream === event.stream && isDeepStrictEqual(before.meta['commandId'], event.meta['commandId']);
    if (together) appends.at(-1)?.push(event);
    else appends.push([event]);
  }
  return appends;
};

/** Appends what one append was, at the revision that it was at, under the same ids: twice is once. */
const repeat = async (target: EventStore, events: readonly RecordedEvent[]): Promise<void> => {
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return;
  const expected = first.revision === 0 ? 'none' : first.revision - 1;
  const copies = events.map(({ id, type, data, meta }) => ({ id, type, data, meta }));
  const appended = await target.append(first.stream, expected, copies);
  if (appended.outcome === 'appended' && appended.revision === last.revision) return;
  const actual = appended.outcome === 'conflict' ? appended.actual : appended.revision;
  throw new OperationError(
    `目标的流 ${first.stream} 在版本 ${actual}，应为 ${expected}：有别的程序在写目标。\n` +
      `Stream ${first.stream} of the target stands at ${actual}, not at ${expected}: something else writes to the target.`,
  );
};

const copyOn = async ({ source, target, appendsAtOnce, progressOf }: Copying, begun: Compared): Promise<void> => {
  const onProgress = progressOf('copy');
  for (let after = begun.source; ; ) {
    const events = await source.readAll(after, batch);
    const last = events.at(-1);
    if (last === undefined) return;
    const appends = appendsIn(events);
    for (let n = 0; n < appends.length; n += appendsAtOnce) {
      await Promise.all(appends.slice(n, n + appendsAtOnce).map((events) => repeat(target, events)));
    }
    after = last.position;
    onProgress(after, Math.max(after, await source.lastPosition()));
  }
};

/**
 * Copies a log in its order: same ids, same revisions. Goes on where an earlier run stopped, and at the end compares every
 * event of both. Throws `OperationError` where the target holds anything else.
 */
export const copyLog = async (copying: Copying): Promise<Compared & { copied: number }> => {
  const { source, target, progressOf } = copying;
  const begun = await compareLogs(source, target, progressOf('compare'));
  if (begun.ended === 'source') throw longer(begun);
  await copyOn(copying, begun);
  const done = await compareLogs(source, target, progressOf('verify'));
  if (done.ended === 'source') throw longer(done);
  return { ...done, copied: done.events - begun.events };
};

const longer = ({ events }: Compared): OperationError =>
  new OperationError(
    `目标在来源的 ${events} 个事件之后还有别的事件。 The target goes on after the ${events} events of the source.`,
  );
