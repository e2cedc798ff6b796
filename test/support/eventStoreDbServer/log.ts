/** An event on its way in, as the protocol carries it. */
export type ProposedEvent = { id: string; type: string; json: boolean; data: Uint8Array; meta: Uint8Array };

/** An event as the stand-in keeps it; commit and prepare position are one, as for every event of an append. */
export type LoggedEvent = ProposedEvent & { stream: string; revision: number; position: bigint; created: number };

export type Expected = number | 'no_stream' | 'any';

export type Outcome =
  | { outcome: 'written'; revision: number; position: bigint | undefined }
  | { outcome: 'conflict'; current: number };

/** The log in memory, by the rules that /work/shared/facts/eventstoredb.md recorded; it outlives stops of the server. */
export type ServerLog = {
  append: (stream: string, expected: Expected, events: readonly ProposedEvent[]) => Outcome;
  events: readonly LoggedEvent[];
  stream: (name: string) => readonly LoggedEvent[] | undefined;
  /** Where in `events` the event at a position stands, if one does. */
  indexOf: (position: bigint) => number | undefined;
  /** Calls on every append until the returned function is called. */
  onGrowth: (grew: () => void) => () => void;
  /** What a restart of the server forgets: which ids came in under ANY. */
  forget: () => void;
};

const recordOverhead = 128;

/** An empty log but for what a server writes for itself first; `from` is its first position. */
export const createServerLog = (from = 1_000n): ServerLog => {
  const events: LoggedEvent[] = [];
  const streams = new Map<string, LoggedEvent[]>();
  const indexes = new Map<bigint, number>();
  const recent = new Set<string>();
  const listeners = new Set<() => void>();
  let next = from;

  const write = (stream: string, proposed: readonly ProposedEvent[]): Outcome => {
    const logged = streams.get(stream) ?? [];
    for (const event of proposed) {
      const kept = { ...event, stream, revision: logged.length, position: next, created: Date.now() };
      indexes.set(next, events.length);
      events.push(kept);
      logged.push(kept);
      recent.add(`${stream} ${event.id}`);
      next += BigInt(recordOverhead + event.data.length + event.meta.length);
    }
    if (logged.length > 0) streams.set(stream, logged);
    for (const grew of listeners) grew();
    return { outcome: 'written', revision: logged.length - 1, position: logged.at(-1)?.position };
  };

  // Under ANY a repeated append is known as such only until the server restarts.
  const anyway = (stream: string, firstId: string, proposed: readonly ProposedEvent[]): Outcome => {
    if (!recent.has(`${stream} ${firstId}`)) return write(stream, proposed);
    const logged = streams.get(stream) ?? [];
    const from = logged.findIndex(({ id }) => id === firstId);
    return repeated(logged, from, proposed);
  };
  const append = (stream: string, expected: Expected, proposed: readonly ProposedEvent[]): Outcome => {
    const logged = streams.get(stream) ?? [];
    const current = logged.length - 1;
    const first = proposed[0];
    if (first === undefined) return { outcome: 'written', revision: current, position: undefined };
    if (expected === 'any') return anyway(stream, first.id, proposed);
    const wanted = expected === 'no_stream' ? -1 : expected;
    // The same ids at the current revision are written again: only a stale revision makes the server look for them.
    return wanted === current ? write(stream, proposed) : repeated(logged, wanted + 1, proposed);
  };

  write('$projections-$all', [systemEvent('$ProjectionsInitialized')]);
  write('$$$settings', [systemEvent('$metadata')]);
  return {
    append,
    events,
    stream: (name) => streams.get(name),
    indexOf: (position) => indexes.get(position),
    onGrowth: (grew) => {
      listeners.add(grew);
      return () => listeners.delete(grew);
    },
    forget: () => recent.clear(),
  };
};

/** An event of the server's own making. */
export const systemEvent = (type: string): ProposedEvent => ({
  id: crypto.randomUUID(),
  type,
  json: true,
  data: Buffer.from('{}'),
  meta: new Uint8Array(),
});

// Same ids at the places this append would have filled: success with the first answer, and new data is ignored.
const repeated = (logged: readonly LoggedEvent[], from: number, proposed: readonly ProposedEvent[]): Outcome => {
  const last = logged[from + proposed.length - 1];
  const same = last !== undefined && proposed.every(({ id }, i) => logged[from + i]?.id === id);
  if (!same) return { outcome: 'conflict', current: logged.length - 1 };
  return { outcome: 'written', revision: last.revision, position: last.position };
};
