import type { Db } from 'mongodb';
import {
  GenerationGone,
  type Page,
  type Row,
  type StoredRow,
  type ViewDeclaration,
  type ViewName,
  type ViewQuery,
  type ViewStore,
} from '#application/ports.ts';
import { cursorValue, pageOf } from '#application/viewQuery.ts';
import { type MongoPlace, openMongo } from './connection.ts';
import {
  addView,
  beginGeneration,
  currentGeneration,
  finishGeneration,
  generationsOf,
  gone,
  moveName,
  moveView,
  positionOf,
} from './viewCatalog.ts';
import { ensureGeneration, sweep } from './viewCollections.ts';
import { countFilter, pageSelection } from './viewFilter.ts';
import { ensureIndexes, keptFrom, readRows, rowFrom, rowsIn, scanRows, writeRows } from './viewRows.ts';

type Context = { declared: Map<string, ViewDeclaration>; believed: Map<string, number> };

/**
 * The views in MongoDB, a replica set or one server; many processes may open them. Index members are texts or numbers; a
 * row that lacks one sorts first and lies outside bounds. Rejects with `InvalidCursor`, `GenerationGone`, `StoreUnavailable`.
 */
export const openMongoViewStore = async (place: MongoPlace): Promise<ViewStore> => {
  const { answer, answerPatiently, close } = await openMongo(place);
  const context: Context = { declared: new Map(), believed: new Map() };
  return {
    prepare: (views) => answerPatiently((db) => prepare(db, context, views)),
    get: (view, ids) => answer((db) => get(db, context, view, ids)),
    find: (view, query) => answer((db) => find(db, context, view, query)),
    count: (view, query) => answer((db) => count(db, context, view, query)),
    load: (name, ids) => answer((db) => load(db, context, name, ids)),
    commit: async (name, rows, position) => {
      const kept = rows.map(keptFrom);
      await answer((db) => commit(db, name, kept, position));
    },
    checkpoint: (name) => answer((db) => positionOf(db, name)),
    scan: ({ view, generation }, after, limit) =>
      answer((db) => pinned(db, context, { view, generation }, (n) => scanRows(rowsIn(db, view, n), after, limit))),
    generation: (view) => answer((db) => currentGeneration(db, view)),
    beginRebuild: (view) => answer((db) => beginRebuild(db, context, view)),
    finishRebuild: (view, generation) => answer((db) => finishRebuild(db, view, generation)),
    close,
  };
};

const prepare = async (db: Db, { declared }: Context, views: readonly ViewDeclaration[]): Promise<void> => {
  for (const view of views) {
    await addView(db, view.name);
    await ensureGeneration(db, view);
    declared.set(view.name, view);
  }
  await sweep(
    db,
    views.map(({ name }) => name),
  );
};

const declarationOf = ({ declared }: Context, view: string): ViewDeclaration => {
  const declaration = declared.get(view);
  if (declaration === undefined) throw new RangeError(`View ${view} is not prepared here; call prepare with it first.`);
  return declaration;
};

/**
 * Reads the generation that answered last and makes sure that it still does: a collection that was dropped reads as an
 * empty one. Where another took its place, reads that.
 */
const onCurrent = async <T>(
  db: Db,
  { believed }: Context,
  view: string,
  read: (generation: number) => Promise<T>,
): Promise<T> => {
  for (let generation = believed.get(view) ?? (await currentGeneration(db, view)); ; ) {
    if (generation === 0) throw new RangeError(`View ${view} is not prepared; call prepare with it first.`);
    const found = await read(generation);
    const current = await currentGeneration(db, view);
    believed.set(view, current);
    if (current === generation) return found;
    generation = current;
  }
};

const get = async (db: Db, context: Context, view: string, ids: readonly string[]): Promise<readonly Row[]> => {
  const rows = await onCurrent(db, context, view, (generation) => readRows(rowsIn(db, view, generation), ids));
  return rows.flatMap(({ row }) => row ?? []);
};

const find = (db: Db, context: Context, view: string, query: ViewQuery): Promise<Page> => {
  const { filter, sort, order } = pageSelection(declarationOf(context, view), query);
  return onCurrent(db, context, view, async (generation) => {
    const options = { sort, limit: query.limit + 1, projection: { json: 1 } };
    const found = await rowsIn(db, view, generation).find(filter, options).toArray();
    return pageOf(
      query,
      found.flatMap((each) => rowFrom(each) ?? []),
      { row: (row) => row, keys: (row) => [...order.map((member) => cursorValue(row[member])), row.id] },
    );
  });
};

const count = (db: Db, context: Context, view: string, query: ViewQuery): Promise<number> => {
  const filter = countFilter(declarationOf(context, view), query);
  return onCurrent(db, context, view, (generation) =>
    rowsIn(db, view, generation).countDocuments(filter, { limit: query.limit }),
  );
};

const load = (db: Db, context: Context, name: ViewName, ids: readonly string[]): Promise<readonly StoredRow[]> =>
  pinned(db, context, name, (generation) => readRows(rowsIn(db, name.view, generation), ids));

/** Reads the generation named, which must then still be there, or the one that answers. */
const pinned = async <T>(
  db: Db,
  context: Context,
  { view, generation }: { view: string; generation?: number | undefined },
  read: (generation: number) => Promise<T>,
): Promise<T> => {
  if (generation === undefined) return onCurrent(db, context, view, read);
  const rows = await read(generation);
  if (!(await generationsOf(db, view)).includes(generation)) throw gone(view, generation);
  return rows;
};

type Kept = ReturnType<typeof keptFrom>;

const commit = async (db: Db, name: ViewName, rows: readonly Kept[], position: number): Promise<void> => {
  const { view, generation } = name;
  if (generation !== undefined) return commitTo(db, view, generation, rows, position);
  for (let current = await currentGeneration(db, view); ; ) {
    if (current === 0) return commitName(db, view, rows, position);
    const before = current;
    try {
      return await commitTo(db, view, before, rows, position);
    } catch (error) {
      current = await currentGeneration(db, view);
      if (!(error instanceof GenerationGone) || current === before) throw error;
    }
  }
};

const commitName = async (db: Db, name: string, rows: readonly Kept[], position: number): Promise<void> => {
  if (rows.length > 0) throw new RangeError(`View ${name} is not prepared; call prepare with it first.`);
  await moveName(db, name, position);
};

/** Rows first, then the checkpoint. Rows that came too late made the dropped collection anew: it goes again. */
const commitTo = async (
  db: Db,
  view: string,
  generation: number,
  rows: readonly Kept[],
  position: number,
): Promise<void> => {
  await writeRows(rowsIn(db, view, generation), rows);
  try {
    await moveView(db, view, generation, position);
  } catch (error) {
    if (rows.length > 0) await sweep(db, [view]);
    throw error;
  }
};

const beginRebuild = async (db: Db, context: Context, view: string): Promise<number> => {
  const declaration = declarationOf(context, view);
  const generation = await beginGeneration(db, view);
  await ensureIndexes(db, declaration, generation);
  await sweep(db, [view]);
  return generation;
};

const finishRebuild = async (db: Db, view: string, generation: number): Promise<boolean> => {
  const finished = await finishGeneration(db, view, generation);
  if (finished) await sweep(db, [view]);
  return finished;
};
