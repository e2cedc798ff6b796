import { GenerationGone, type ViewDeclaration, type ViewName } from '#application/ports.ts';
import type { ViewDatabase } from './viewDatabase.ts';
import { dropTable, ensureTable } from './viewTables.ts';

/** Which generation of a view answers, and how far each has been carried. */
export type Generations = ReturnType<typeof viewGenerations>;

/** Creates the two tables that the generations stand in. Safe to repeat. */
export const ensureGenerations = (db: ViewDatabase): void =>
  db.write(() =>
    db.exec(`
      CREATE TABLE IF NOT EXISTS views (
        view TEXT PRIMARY KEY, current INTEGER NOT NULL, latest INTEGER NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS checkpoints (
        view TEXT, generation INTEGER, position INTEGER NOT NULL, PRIMARY KEY (view, generation)) STRICT, WITHOUT ROWID`),
  );

const sql = {
  current: 'SELECT current, latest FROM views WHERE view = ?',
  add: 'INSERT INTO views (view, current, latest) VALUES (?, 1, 1) ON CONFLICT DO NOTHING',
  latest: 'UPDATE views SET latest = ? WHERE view = ?',
  letAnswer: 'UPDATE views SET current = ? WHERE view = ?',
  checkpoint: 'SELECT position FROM checkpoints WHERE view = ? AND generation = ?',
  move: `INSERT INTO checkpoints (view, generation, position) VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET position = excluded.position WHERE excluded.position > position`,
  forget: 'DELETE FROM checkpoints WHERE view = ? AND generation = ?',
  others: 'SELECT generation FROM checkpoints WHERE view = ? AND generation <> ?',
};

/** Bookkeeping over the two tables; all but `current` and `checkpoint` run inside a write transaction. */
export const viewGenerations = (db: ViewDatabase) => {
  const current = (view: string): number => Number(db.statement(sql.current).get(view)?.current ?? 0);
  const exists = (view: string, generation: number): boolean =>
    db.statement(sql.checkpoint).get(view, generation) !== undefined;
  const checkpoint = ({ view, generation }: ViewName): number => {
    const row = db.statement(sql.checkpoint).get(view, generation ?? current(view));
    if (row === undefined && generation !== undefined) throw gone(view, generation);
    return Number(row?.position ?? 0);
  };
  const move = (view: string, generation: number, position: number): void => {
    db.statement(sql.move).run(view, generation, position);
  };
  const drop = (view: string, generation: number): void => {
    dropTable(db, view, generation);
    db.statement(sql.forget).run(view, generation);
  };
  const others = (view: string): readonly number[] =>
    db
      .statement(sql.others)
      .all(view, current(view))
      .map((row) => Number(row.generation));
  return {
    current,
    exists,
    checkpoint,
    move,
    add: (view: ViewDeclaration): void => {
      db.statement(sql.add).run(view.name);
      ensureTable(db, view, current(view.name));
      move(view.name, current(view.name), 0);
    },
    /** An unfinished rebuild is given up for the new one: most likely its process died. */
    begin: (view: ViewDeclaration): number => {
      const next = Number(db.statement(sql.current).get(view.name)?.latest ?? 0) + 1;
      for (const unfinished of others(view.name)) drop(view.name, unfinished);
      db.statement(sql.latest).run(next, view.name);
      ensureTable(db, view, next);
      move(view.name, next, 0);
      return next;
    },
    finish: (view: string, generation: number): boolean => {
      const before = current(view);
      if (before === generation) return true;
      if (checkpoint({ view, generation }) < checkpoint({ view })) return false;
      db.statement(sql.letAnswer).run(generation, view);
      drop(view, before);
      return true;
    },
  };
};

/** Says that a generation was replaced while someone still worked on it. */
export const gone = (view: string, generation: number): GenerationGone =>
  new GenerationGone(`Generation ${generation} of view ${view} is no more: a newer rebuild took its place.`);
