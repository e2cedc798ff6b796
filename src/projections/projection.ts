/** One row of a view, as its store keeps it. */
export type Row = { readonly id: string; readonly [member: string]: unknown };

/** A domain event with where and when it happened; `position` orders the log, `at` is UTC ISO 8601. */
export type Occurred<E> = E & {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly position: number;
  readonly at: string;
  readonly meta: { readonly [key: string]: unknown };
};

/** Any stored event in its current version: `type` without version, personal parts still sealed. */
export type AnyEvent = Occurred<{ readonly type: string; readonly data: { readonly [key: string]: unknown } }>;

/** A row with the position it was folded to; `row` absent means deleted. */
export type FoldedRow = { id: string; position: number; row: Row | undefined };

/** A view as a fold per row, the way runners and stores see it. Handlers are pure: same row and event, same row. */
export type Projection = {
  readonly name: string;
  /** Ids of the rows that an event concerns. */
  readonly keysOf: (event: AnyEvent) => readonly string[];
  /** By event type: the next row, `undefined` for none. What has no handler is passed over. */
  readonly on: {
    readonly [type: string]: ((row: Row | undefined, event: AnyEvent, id: string) => Row | undefined) | undefined;
  };
  /** Per index the members that make its key, in order. */
  readonly indexes: { readonly [index: string]: readonly string[] };
};

/** The same as its author writes it, over a union of domain events and the shape of its row. */
export type ProjectionOf<E extends { type: string; data: object }, R extends { readonly id: string }> = {
  readonly name: string;
  readonly keysOf: (event: Occurred<E>) => readonly string[];
  readonly on: {
    readonly [T in E['type']]?: (
      row: R | undefined,
      event: Occurred<Extract<E, { type: T }>>,
      id: string,
    ) => R | undefined;
  };
  readonly indexes: { readonly [index: string]: readonly (keyof R & string)[] };
};

/** A projection for the list in `index.ts`: its own types end here, since stores hand back plain JSON. */
export const projection = <E extends { type: string; data: object }, R extends { readonly id: string }>(
  definition: ProjectionOf<E, R>,
): Projection => definition as unknown as Projection;

/** A handler threw: the event it could not fold, and why. Events before it are not affected. */
export class FoldFailure extends Error {
  override name = 'FoldFailure';
  readonly event: AnyEvent;
  constructor(event: AnyEvent, { cause }: { cause: unknown }) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.event = event;
  }
}

/** Ids of all rows that the events concern: what must be loaded before folding. Throws `FoldFailure`. */
export const idsOf = (projection: Projection, events: readonly AnyEvent[]): readonly string[] => [
  ...new Set(events.flatMap((event) => keysOf(projection, event))),
];

/**
 * Folds events in order over loaded rows and returns each changed row once. Events at or below a row's position are
 * passed over, so folding a batch again changes nothing. Throws `FoldFailure`.
 */
export const foldBatch = (
  projection: Projection,
  events: readonly AnyEvent[],
  rowsById: ReadonlyMap<string, FoldedRow>,
): readonly FoldedRow[] => {
  const changed = new Map<string, FoldedRow>();
  for (const event of events) {
    for (const id of keysOf(projection, event)) {
      const next = foldOne(
        projection,
        event,
        changed.get(id) ?? rowsById.get(id) ?? { id, position: 0, row: undefined },
      );
      if (next !== undefined) changed.set(id, next);
    }
  }
  return [...changed.values()];
};

const handlerOf = ({ on }: Projection, type: string) => (Object.hasOwn(on, type) ? on[type] : undefined);

const keysOf = (projection: Projection, event: AnyEvent): readonly string[] => {
  if (handlerOf(projection, event.type) === undefined) return [];
  try {
    return projection.keysOf(event);
  } catch (cause) {
    throw new FoldFailure(event, { cause });
  }
};

const foldOne = (projection: Projection, event: AnyEvent, before: FoldedRow): FoldedRow | undefined => {
  if (event.position <= before.position) return undefined;
  try {
    const row = handlerOf(projection, event.type)?.(before.row, event, before.id);
    // No row before and none after leaves no tombstone: most events concern no row of most views.
    return row === undefined && before.row === undefined ? undefined : { id: before.id, position: event.position, row };
  } catch (cause) {
    throw new FoldFailure(event, { cause });
  }
};
