import type { RecordedEvent } from '#application/ports.ts';

/** Events in the order in which a log gives them, and what is wrong with that order. */
export const logOrder = (gapFree: boolean) => {
  const faults: string[] = [];
  const streams = new Map<string, string[]>();
  const ids = new Set<string>();
  const acts = new Set<string>();
  let last: RecordedEvent | undefined;
  let count = 0;

  /** Positions rise, without gaps where the log promises so; revisions count up from 0. */
  const inOrder = (event: RecordedEvent, at: string, revision: number): void => {
    const before = last?.position ?? 0;
    if (event.position <= before) faults.push(`out of order: ${at}`);
    if (gapFree && event.position !== before + 1) faults.push(`a gap before ${at}`);
    if (event.revision !== revision) faults.push(`revision ${event.revision} instead of ${revision}: ${at}`);
  };
  /** No event stands twice, and no act happened twice to the same aggregate: it may say several things, but each once. */
  const once = (event: RecordedEvent, at: string): void => {
    const { personal: _, ...plain } = event.data;
    const act = `${event.stream} ${event.type} ${String(event.meta['commandId'])}`;
    const said = `${act} ${JSON.stringify(plain)}`;
    if (ids.has(event.id)) faults.push(`a doubled event: ${event.id} ${at}`);
    if (acts.has(said)) faults.push(`a doubled act: ${act}`);
    ids.add(event.id);
    acts.add(said);
  };
  return {
    faults,
    count: () => count,
    last: () => last,
    /** The stored types of a stream's events. */
    typesOf: (stream: string): readonly string[] => streams.get(stream) ?? [],
    add: (event: RecordedEvent): void => {
      const at = `${event.type} of ${event.stream} at ${event.position}`;
      const stream = streams.get(event.stream) ?? [];
      streams.set(event.stream, stream);
      inOrder(event, at, stream.length);
      once(event, at);
      stream.push(event.type);
      last = event;
      count += 1;
    },
  };
};
