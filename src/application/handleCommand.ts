import type { From } from '#domain/access/events.ts';
import type { Decider, Kind } from '#domain/decider.ts';
import type { Actor } from './actor.ts';
import { chooseKey, decode, type EventMeta, encode, keyIdOf, type OpenedEvent } from './eventCodec.ts';
import type { Clock, DataKeys, EventStore, ExpectedRevision, RecordedEvent } from './ports.ts';
import type { Sealing } from './sealing.ts';

/** What handling needs of the world. */
export type Handling = {
  eventStore: EventStore;
  dataKeys: DataKeys;
  sealing: Sealing;
  clock: Clock;
  /** Told of each command how it ended, by words of closed unions only. */
  observe?: (command: string, outcome: string) => void;
};

/** One act: whose, under which id (a repeated id is the same act), and on which revision it was based, if on one. */
export type Act = {
  commandId: string;
  actor: Actor;
  basedOn?: number | undefined;
  /** Where the request behind it came from (S6). */
  from?: From | undefined;
  /** Seals under this data key instead of the stream's own. */
  keyId?: string | undefined;
  /** Number of the act's first event in this stream, where one act writes to several: event ids stay unique. */
  firstEvent?: number;
};

/** An aggregate as read: its state, where its stream stands, what happened, and its last event as the log holds it. */
export type Loaded<K extends Kind> = {
  state: K['state'];
  revision: ExpectedRevision;
  events: readonly OpenedEvent[];
  last: RecordedEvent | undefined;
  keyId: string | undefined;
};

/** What others did meanwhile: what, when, who, and no more of it. */
export type Happened = { type: string } & Pick<EventMeta, 'at' | 'actor'>;

const happened = ({ type, meta: { at, actor } }: OpenedEvent): Happened => ({ type, at, actor });

/** Done (perhaps by an earlier sending of the same act), refused with a reason, or based on what is no longer so. */
export type Handled<K extends Kind> =
  | { outcome: 'done'; state: K['state']; revision: number; position: number; repeated: boolean }
  | { outcome: 'rejected'; rejection: K['rejection'] }
  | { outcome: 'stale'; revision: ExpectedRevision; since: readonly Happened[] };

const mostAttempts = 20;

/** Reads and folds one aggregate. */
export const load = async <K extends Kind>(deps: Handling, decider: Decider<K>, id: string): Promise<Loaded<K>> => {
  const recorded = await deps.eventStore.readStream(`${decider.category}-${id}`);
  const events = await Promise.all(recorded.map((event) => decode(event, deps.sealing)));
  return {
    state: events.reduce((state, event) => decider.evolve(state, event as unknown as K['event']), decider.initialState),
    revision: events.at(-1)?.revision ?? 'none',
    events,
    last: recorded.at(-1),
    keyId: keyIdOf(recorded, deps.sealing),
  };
};

const standing = <K extends Kind>({ state, events }: Loaded<K>, repeated: boolean): Handled<K> => ({
  outcome: 'done',
  state,
  revision: events.at(-1)?.revision ?? -1,
  position: events.at(-1)?.position ?? 0,
  repeated,
});

/** Decides on a loaded state and appends once; undefined where another append came between. */
const attempt = async <K extends Kind>(
  deps: Handling,
  decider: Decider<K>,
  id: string,
  { loaded, command, act }: { loaded: Loaded<K>; command: K['command']; act: Act },
): Promise<Handled<K> | undefined> => {
  if (loaded.events.some((event) => event.meta.commandId === act.commandId)) return standing(loaded, true);
  if (act.basedOn !== undefined && act.basedOn !== loaded.revision) {
    const since = loaded.events.filter((event) => event.revision > (act.basedOn ?? -1));
    return { outcome: 'stale', revision: loaded.revision, since: since.map(happened) };
  }
  const decision = decider.decide(command, loaded.state);
  if (decision.outcome === 'rejected') return decision;
  if (decision.events.length === 0) return standing(loaded, false);
  return appendDecided(deps, decider, id, { loaded, events: decision.events, act });
};

/** Appends what was decided on a loaded state, at the revision it was read; undefined where another append came between. */
export const appendDecided = async <K extends Kind>(
  deps: Handling,
  decider: Decider<K>,
  id: string,
  { loaded, events: decided, act }: { loaded: Loaded<K>; events: readonly K['event'][]; act: Act },
): Promise<Handled<K> | undefined> => {
  const stream = `${decider.category}-${id}`;
  const { actor, commandId, from } = act;
  const meta = { at: new Date(deps.clock()).toISOString(), actor, commandId, ...(from && { from }) };
  const key = await chooseKey(decided, act.keyId ?? loaded.keyId, deps.dataKeys);
  const { sealing } = deps;
  const events = encode(decided, { stream, last: loaded.last, meta, key, sealing, first: act.firstEvent ?? 0 });
  const appended = await deps.eventStore.append(stream, loaded.revision, events);
  if (appended.outcome === 'conflict') return undefined;
  const state = decided.reduce((now, event) => decider.evolve(now, event), loaded.state);
  return { outcome: 'done', state, revision: appended.revision, position: appended.position, repeated: false };
};

/** How a command ended, in one word of closed unions: what observers are told. */
export const endOf = (ended: { outcome: string; repeated?: boolean; rejection?: { type: string } }): string =>
  ended.rejection?.type ?? (ended.repeated ? 'repeated' : ended.outcome);

/**
 * Reads an aggregate, unless the caller has just read it, decides, and appends at the revision it read; reads again where
 * another append came between. A repeated `commandId` answers as the first time. Throws only on faults.
 */
export const handleCommand = async <K extends Kind>(
  deps: Handling,
  decider: Decider<K>,
  id: string,
  command: K['command'],
  act: Act,
  read?: Loaded<K>,
): Promise<Handled<K>> => {
  let loaded = read ?? (await load(deps, decider, id));
  for (let tries = 0; tries < mostAttempts; tries += 1) {
    const handled = await attempt(deps, decider, id, { loaded, command, act });
    if (handled !== undefined) {
      deps.observe?.(command.type, endOf(handled));
      return handled;
    }
    loaded = await load(deps, decider, id);
  }
  throw new Error(`${decider.category}-${id} changed ${mostAttempts} times while one command was decided.`);
};
