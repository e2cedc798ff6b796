/** A JSON object as stores keep it. */
export type Json = { readonly [key: string]: unknown };

/** Revision that an append expects its stream to stand at: that of the last event, from 0, or `none`. */
export type ExpectedRevision = number | 'none';

/** An event on its way into a stream. `id` (UUIDv7) makes a repeated append the same append. */
export type NewEvent = { id: string; type: string; data: Json; meta: Json };

/** An event as the log holds it. `position` orders the whole log, `revision` its stream; `at` is UTC ISO 8601. */
export type RecordedEvent = NewEvent & {
  stream: string;
  revision: number;
  position: number;
  at: string;
};

/** The append is durable, or the stream stood elsewhere and nothing was written. */
export type AppendResult =
  | { outcome: 'appended'; revision: number; position: number }
  | { outcome: 'conflict'; actual: ExpectedRevision };

/** What a subscription calls: with batches in order, never two at once; a throw ends the subscription. */
export type Subscriber = {
  onEvents: (events: readonly RecordedEvent[]) => Promise<void>;
  onFailure: (failure: unknown) => void;
};

/**
 * The log. Positions rise strictly (embedded: gap-free from 1). Appending the same ids at the same expected
 * revision again answers as the first time. Rejects with `StoreUnavailable` when the store cannot answer.
 */
export type EventStore = {
  append: (stream: string, expected: ExpectedRevision, events: readonly NewEvent[]) => Promise<AppendResult>;
  /** All events of a stream from a revision on; none where the stream is absent. */
  readStream: (stream: string, fromRevision?: number) => Promise<readonly RecordedEvent[]>;
  /** At most `limit` events after a position (exclusive; 0 is the start). */
  readAll: (after: number, limit: number) => Promise<readonly RecordedEvent[]>;
  /** Catches up from after a position, then follows the log until the returned function is called. */
  subscribe: (after: number, subscriber: Subscriber) => () => Promise<void>;
  /** Position of the last event, 0 for an empty log. */
  lastPosition: () => Promise<number>;
  close: () => Promise<void>;
};

/** One row of a view: a fold of the events that concern `id`, up to `position`. */
export type Row = Json & { readonly id: string };

/** A row with the position it was folded to; `row` absent means deleted. */
export type StoredRow = { id: string; position: number; row: Row | undefined };

/** What a store must know of a view: its name and, per index, the row's members that make its key, in order. */
export type ViewDeclaration = {
  name: string;
  indexes: { readonly [index: string]: readonly string[] };
};

/** Rows whose first index members equal `equals`; ordered by the rest of the index, then by id. */
export type ViewQuery = {
  index: string;
  equals: readonly (string | number)[];
  /** Bounds on the member after `equals`: at least `from`, below `before`. */
  from?: string | number;
  before?: string | number;
  descending?: boolean;
  limit: number;
  /** Cursor of the page before. */
  after?: string;
};

/** A page of rows and, where more follow, the cursor to ask for them with. */
export type Page = { rows: readonly Row[]; next: string | undefined };

/** A view under its current generation, or one being rebuilt beside it. */
export type ViewName = { view: string; generation?: number };

/**
 * The views. A row is written only over an older position, so replay is a no-op; `commit` writes the rows before
 * (or with) the checkpoint. Rejects with `StoreUnavailable` when the store cannot answer.
 */
export type ViewStore = {
  /** Creates or migrates what the declarations need; safe to call by many processes at once. */
  prepare: (views: readonly ViewDeclaration[]) => Promise<void>;
  get: (view: string, ids: readonly string[]) => Promise<readonly Row[]>;
  find: (view: string, query: ViewQuery) => Promise<Page>;
  /** How many rows match, counted no further than `query.limit`. */
  count: (view: string, query: ViewQuery) => Promise<number>;
  /** The stored rows with their positions, deleted ones included: what folding starts from. */
  load: (view: ViewName, ids: readonly string[]) => Promise<readonly StoredRow[]>;
  /** Writes rows over older positions only, then moves the checkpoint forward to `position` (never back). */
  commit: (view: ViewName, rows: readonly StoredRow[], position: number) => Promise<void>;
  /** The position up to which a view (or a reaction, by its name) has been carried. */
  checkpoint: (name: ViewName) => Promise<number>;
  /** Stored rows after an id in the store's own order of ids, deleted ones included: the whole view, page by page. */
  scan: (view: ViewName, after: string, limit: number) => Promise<readonly StoredRow[]>;
  /** The generation that answers now; who folds pins it, so that a row read under one is never written under another. */
  generation: (view: string) => Promise<number>;
  /** Starts an empty generation beside the one that answers; the number to pass as `generation`. */
  beginRebuild: (view: string) => Promise<number>;
  /** Lets that generation answer instead, once it stands at least where the old one does; false: not yet. */
  finishRebuild: (view: string, generation: number) => Promise<boolean>;
  close: () => Promise<void>;
};

/** Small state with an end: sessions, drafts, tries, locks. Never a source of truth for registrations. */
export type TransientStore = {
  get: (kind: string, id: string, now: number) => Promise<Json | undefined>;
  put: (kind: string, id: string, value: Json, expiresAt: number) => Promise<void>;
  remove: (kind: string, id: string) => Promise<void>;
  /** Adds one, or `by`, to a counter that starts anew once expired, never below none; returns the new count. */
  increment: (kind: string, id: string, now: number, expiresAt: number, by?: number) => Promise<number>;
  /** Puts only where nothing unexpired stands; false where something does. */
  putIfAbsent: (kind: string, id: string, value: Json, now: number, expiresAt: number) => Promise<boolean>;
  /** Puts only where something unexpired stands; false where nothing does: what was removed stays so. */
  replaceIfPresent: (kind: string, id: string, value: Json, now: number, expiresAt: number) => Promise<boolean>;
  close: () => Promise<void>;
};

/** Wrapped data keys, one per registration; destroying one makes what it sealed unreadable for ever. */
export type DataKeys = {
  /** A key that no one used before, already durable. */
  next: () => Promise<DataKey>;
  /** Asks the keeper each time: a key destroyed anywhere is found nowhere from then on. */
  find: (id: string) => Promise<DataKey | undefined>;
  /** Destroys a key for ever, durably, whether it stood here or not; again is the same. */
  destroy: (id: string) => Promise<void>;
  /** Keys as they are kept, after an id in the keeper's own order of ids: to be kept elsewhere too. */
  kept: (after: string, limit: number) => Promise<readonly KeptKey[]>;
  /** Keeps what another keeper kept under the same master key; what stands here stays, but what was destroyed there ends here. */
  keep: (keys: readonly KeptKey[]) => Promise<void>;
  /** Puts another wrapping in the place of the one named, and nowhere else: never over a destroyed key. */
  rewrap: (keys: readonly Rewrapped[]) => Promise<void>;
  close: () => Promise<void>;
};

/** A data key as every keeper keeps it: wrapped by the master key and bound to its id; `wrapped` is empty once destroyed. */
export type KeptKey = { id: string; wrapped: string };

/** A kept key under another master key; `from` is the wrapping that it takes the place of. */
export type Rewrapped = KeptKey & { from: string };

/** An opened data key (AES-256). */
export type DataKey = { id: string; key: import('node:crypto').KeyObject };

/** Scans of documents, already sealed, each by an id that is never given twice. Rejects with `StoreUnavailable`. */
export type ScanStore = {
  /** Durable once it resolves; what stands under the id already is written over. */
  put: (id: string, bytes: Uint8Array) => Promise<void>;
  get: (id: string) => Promise<Uint8Array | undefined>;
  /** Again is the same. */
  delete: (id: string) => Promise<void>;
  /** At most `limit` ids after one, in the order of their bytes: the whole store, page by page. */
  list: (after: string, limit: number) => Promise<readonly string[]>;
  close: () => Promise<void>;
};

/** Milliseconds since 1970, UTC. */
export type Clock = () => number;

/** A new UUIDv7 whose last byte is zero: events of one command number themselves in it. */
export type Ids = () => string;

/** The named generation of a view no longer exists: a rebuild took its place. Ask for `generation` again. */
export class GenerationGone extends Error {
  override name = 'GenerationGone';
}

/** A store or a service cannot answer now; the same request may succeed later. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}
