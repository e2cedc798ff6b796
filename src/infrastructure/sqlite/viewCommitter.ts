import type { ViewName } from '#application/ports.ts';
import type { ViewDatabase } from './viewDatabase.ts';
import { viewGenerations } from './viewGenerations.ts';
import { tableOf } from './viewTables.ts';

/** A row ready to be written: its JSON text, or null for a deleted one. */
export type PackedRow = { id: string; position: number; json: string | null };

/** A commit ready to be written. */
export type CommitRequest = { name: ViewName; rows: readonly PackedRow[]; position: number };

/** Written, or of a generation that is no more. */
export type CommitAnswer = 'committed' | 'gone';

/** Writes commits in one transaction, each checked alone; a throw means that none of them was written. */
export const createCommitter = (db: ViewDatabase) => {
  const generations = viewGenerations(db);
  const commit = ({ name, rows, position }: CommitRequest): CommitAnswer => {
    if (name.generation !== undefined && !generations.exists(name.view, name.generation)) return 'gone';
    const generation = name.generation ?? generations.current(name.view);
    if (rows.length > 0) {
      const upsert = db.statement(`INSERT INTO ${tableOf(name.view, generation)} (id, position, json) VALUES (?, ?, ?)
        ON CONFLICT (id) DO UPDATE SET position = excluded.position, json = excluded.json
        WHERE excluded.position > position`);
      for (const { id, position: at, json } of rows) upsert.run(id, at, json);
    }
    generations.move(name.view, generation, position);
    return 'committed';
  };
  return (requests: readonly CommitRequest[]): readonly CommitAnswer[] => db.write(() => requests.map(commit));
};
