import { join } from 'node:path';
import type { Page, Row, StoredRow, ViewDeclaration, ViewName, ViewQuery, ViewStore } from '#application/ports.ts';
import { cursorValue, pageOf } from '#application/viewQuery.ts';
import type { CommitAnswer, CommitRequest } from './viewCommitter.ts';
import { answering, faultOf, openViewDatabase, type ViewDatabase } from './viewDatabase.ts';
import { ensureGenerations, type Generations, gone, viewGenerations } from './viewGenerations.ts';
import { countSelection, pageSelection } from './viewQuery.ts';
import { ensureTable, tableOf } from './viewTables.ts';
import { startWriter, type WriterQueue } from './writerQueue.ts';

const file = 'views.sqlite';
const cacheKib = 65_536;

type Context = {
  db: ViewDatabase;
  generations: Generations;
  declared: Map<string, ViewDeclaration>;
  writer: WriterQueue<CommitRequest, CommitAnswer>;
};

/**
 * The views in `views.sqlite`, commits written by a thread of their own, those of one turn in one transaction; many threads
 * and processes may open it. Index members are texts or numbers; a row that lacks one sorts first and lies outside
 * bounds. Rejects with `InvalidCursor`, `GenerationGone`, `StoreUnavailable`.
 */
export const openViewStore = async ({ directory }: { directory: string }): Promise<ViewStore> => {
  const path = join(directory, file);
  const db = await answering(file, () => openViewDatabase(path, { cacheKib }));
  await answering(file, () => ensureGenerations(db));
  const writer = await startViewWriter(path);
  const context: Context = { db, generations: viewGenerations(db), declared: new Map(), writer };
  const { generations } = context;
  const answer = <T>(work: () => T): Promise<T> => answering(file, work);
  return {
    prepare: (views) => answer(() => db.write(() => prepare(context, views))),
    get: (view, ids) => answer(() => onCurrent(context, view, (generation) => rowsOf(context, view, generation, ids))),
    find: (view, query) =>
      answer(() => onCurrent(context, view, (generation) => page(context, view, generation, query))),
    count: (view, query) =>
      answer(() => onCurrent(context, view, (generation) => count(context, view, generation, query))),
    load: (name, ids) => answer(() => load(context, name, ids)),
    commit: (...asked) => commit(context, ...asked),
    checkpoint: (name) => answer(() => generations.checkpoint(name)),
    scan: (name, after, limit) => answer(() => scan(context, name, after, limit)),
    generation: (view) => answer(() => generations.current(view)),
    beginRebuild: (view) => answer(() => db.write(() => generations.begin(declarationOf(context, view)))),
    finishRebuild: (view, generation) => answer(() => db.write(() => generations.finish(view, generation))),
    close: async () => {
      await writer.close();
      await answer(() => db.close());
    },
  };
};

const startViewWriter = (path: string) =>
  startWriter<CommitRequest, CommitAnswer>({
    script: new URL('./viewWriter.ts', import.meta.url),
    file: path,
    pack: (requests) => requests,
    faultOf: (message, code) => faultOf(file, message, code),
  });

const prepare = ({ db, generations, declared }: Context, views: readonly ViewDeclaration[]): void => {
  for (const view of views) {
    generations.add(view);
    ensureTable(db, view, generations.current(view.name));
    declared.set(view.name, view);
  }
};

const declarationOf = ({ declared }: Context, view: string): ViewDeclaration => {
  const declaration = declared.get(view);
  if (declaration === undefined) throw new RangeError(`View ${view} is not prepared here; call prepare with it first.`);
  return declaration;
};

const tableMissing = (error: unknown): boolean => error instanceof Error && error.message.includes('no such table');

/** Reads the generation that answers; where it was dropped between two statements, its successor. */
const onCurrent = <T>({ generations }: Context, view: string, read: (generation: number) => T): T => {
  const generation = generations.current(view);
  try {
    return read(generation);
  } catch (error) {
    const successor = generations.current(view);
    if (!tableMissing(error) || successor === generation) throw error;
    return read(successor);
  }
};

const rowsOf = ({ db }: Context, view: string, generation: number, ids: readonly string[]): readonly Row[] => {
  const statement = db.statement(`SELECT json FROM ${tableOf(view, generation)} WHERE id = ?`);
  return ids.flatMap((id) => rowFrom(statement.get(id)?.json) ?? []);
};

const rowFrom = (json: unknown): Row | undefined => (typeof json === 'string' ? (JSON.parse(json) as Row) : undefined);

const page = (context: Context, view: string, generation: number, query: ViewQuery): Page => {
  const { sql, values, members } = pageSelection(declarationOf(context, view), generation, query);
  return pageOf(query, context.db.statement(sql).all(...values), {
    row: ({ json }) => JSON.parse(String(json)) as Row,
    keys: (each) => [...members.map((_, n) => each[`k${n}`]), each.id].map(cursorValue),
  });
};

const count = (context: Context, view: string, generation: number, query: ViewQuery): number => {
  const { sql, values } = countSelection(declarationOf(context, view), generation, query);
  return Number(context.db.statement(sql).get(...values)?.rows);
};

const load = (
  { db, generations }: Context,
  { view, generation }: ViewName,
  ids: readonly string[],
): readonly StoredRow[] => {
  const sql = `SELECT id, position, json FROM ${tableOf(view, generation ?? generations.current(view))} WHERE id = ?`;
  return inGeneration({ view, generation }, () => {
    const statement = db.statement(sql);
    return ids.flatMap((id) => {
      const found = statement.get(id);
      return found === undefined ? [] : storedFrom(found);
    });
  });
};

const scan = (
  { db, generations }: Context,
  { view, generation }: ViewName,
  after: string,
  limit: number,
): readonly StoredRow[] => {
  const table = tableOf(view, generation ?? generations.current(view));
  const sql = `SELECT id, position, json FROM ${table} WHERE id > ? ORDER BY id LIMIT ?`;
  return inGeneration({ view, generation }, () => db.statement(sql).all(after, limit).map(storedFrom));
};

const storedFrom = ({ id, position, json }: Record<string, unknown>): StoredRow => ({
  id: String(id),
  position: Number(position),
  row: rowFrom(json),
});

/** Reads a generation's table; a pinned one that was dropped is gone. */
const inGeneration = <T>({ view, generation }: { view: string; generation: number | undefined }, read: () => T): T => {
  try {
    return read();
  } catch (error) {
    if (generation !== undefined && tableMissing(error)) throw gone(view, generation);
    throw error;
  }
};

/** Rows become text here, so that one that no JSON can hold fails its own commit alone. */
const packed = (name: ViewName, rows: readonly StoredRow[], position: number): CommitRequest => ({
  name,
  rows: rows.map(({ id, position: at, row }) => ({ id, position: at, json: row ? JSON.stringify(row) : null })),
  position,
});

const commit = async ({ writer }: Context, ...asked: Parameters<ViewStore['commit']>): Promise<void> => {
  const request = packed(...asked);
  const { view, generation } = request.name;
  if ((await writer.ask(request)) === 'gone') throw gone(view, generation ?? 0);
};
