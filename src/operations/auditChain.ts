import type { RecordedEvent } from '#application/ports.ts';
import type { ChainBook, LastOfStream } from './chainBook.ts';
import type { Findings } from './findings.ts';

/** Clocks of several instances may differ by so much, ms. */
export const clockTolerance = 5 * 60_000;

/** An event as an operator finds it again: position, stream, revision, type. */
export const placeOf = ({
  position,
  stream,
  revision,
  type,
}: Omit<RecordedEvent, 'id' | 'data' | 'meta' | 'at'>): string => `${position} (${stream} @${revision}, ${type})`;

/** When an event says that it happened; NaN where it does not. */
export const happenedAt = ({ meta }: RecordedEvent): number => Date.parse(String(meta['at']));

const checkRevision = (event: RecordedEvent, last: LastOfStream | undefined, findings: Findings): void => {
  const before = last?.revision ?? -1;
  if (event.revision === before + 1) return;
  const what = event.revision > before + 1 ? 'dropped' : 'out of order or twice';
  findings.add(
    `${event.stream} 的版本 ${before} 之后是 ${event.revision}：中间的事件被删除或次序被改动。`,
    `After revision ${before} of ${event.stream} stands event ${placeOf(event)}: events are ${what}.`,
  );
};

const checkLink = (event: RecordedEvent, last: LastOfStream | undefined, findings: Findings): void => {
  const named = event.meta['previous'];
  if (named === undefined && last?.chained !== true) return;
  if (named === last?.hash || (last !== undefined && event.revision !== last.revision + 1)) return;
  const before = last && placeOf({ stream: event.stream, ...last });
  if (before === undefined) {
    findings.add(
      `事件 ${placeOf(event)} 之前的事件不见了。`,
      `Event ${placeOf(event)} names an event before it, but is the first of its stream: what stood before it was dropped.`,
    );
    return;
  }
  findings.add(
    `事件 ${before} 与其后的 ${placeOf(event)} 接不上：其中之一被改动。`,
    `Event ${before} is not the one that the next of its stream, ${placeOf(event)}, names: one of the two was altered.`,
  );
};

const checkTime = (event: RecordedEvent, last: LastOfStream | undefined, findings: Findings): void => {
  const at = happenedAt(event);
  if (Number.isNaN(at)) {
    findings.add(`事件 ${placeOf(event)} 没有时间。`, `Event ${placeOf(event)} does not say when it happened.`);
  } else if (last !== undefined && at < Date.parse(last.at) - clockTolerance) {
    findings.add(
      `事件 ${placeOf(event)} 的时间早于同一流中的前一事件：被倒填日期。`,
      `Event ${placeOf(event)} says it happened before the one before it in its stream (${String(event.meta['at'])} < ${last.at}): it was back-dated.`,
    );
  }
};

/**
 * Checks the next event of a log against the one before it in its stream: revisions without gaps, the hash that it names,
 * time that does not run back. `hash` is its own (`chainHash`). Streams begun before there was a chain may begin unchained.
 */
export const checkNext = (book: ChainBook, event: RecordedEvent, hash: string, findings: Findings): void => {
  const last = book.last(event.stream);
  checkRevision(event, last, findings);
  checkLink(event, last, findings);
  checkTime(event, last, findings);
  const { revision, position, type, meta } = event;
  const chained = last?.chained === true || meta['previous'] !== undefined;
  book.note(event.stream, { revision, position, type, hash, at: String(meta['at']), chained });
};
