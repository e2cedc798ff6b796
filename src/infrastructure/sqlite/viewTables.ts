import type { ViewDeclaration } from '#application/ports.ts';
import type { ViewDatabase } from './viewDatabase.ts';

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** The table of one generation of a view, quoted. */
export const tableOf = (view: string, generation: number): string => quoted(`view ${view} ${generation}`);

/** The generated column that holds a member of the row, quoted. */
export const columnOf = (member: string): string => quoted(`key ${member}`);

/** The index over these members; named after them, so that a changed declaration makes another index. */
export const indexOf = (view: string, generation: number, members: readonly string[]): string =>
  quoted(`by ${members.join(' ')} of ${view} ${generation}`);

/** Creates what is missing of a generation's table, columns and indexes. Runs inside a write transaction. */
export const ensureTable = (db: ViewDatabase, view: ViewDeclaration, generation: number): void => {
  const table = tableOf(view.name, generation);
  db.exec(`CREATE TABLE IF NOT EXISTS ${table} (id TEXT PRIMARY KEY, position INTEGER NOT NULL, json TEXT) STRICT`);
  const present = columnsOf(db, table);
  const indexes = Object.values(view.indexes);
  for (const member of new Set(indexes.flat())) {
    if (!present.has(columnOf(member))) db.exec(`ALTER TABLE ${table} ADD COLUMN ${generatedColumn(member)}`);
  }
  for (const members of indexes) {
    const keys = [...members.map(columnOf), 'id'].join(', ');
    const name = indexOf(view.name, generation, members);
    db.exec(`CREATE INDEX IF NOT EXISTS ${name} ON ${table} (${keys}) WHERE json IS NOT NULL`);
  }
};

/** Drops the generation's table with its indexes. Runs inside a write transaction. */
export const dropTable = (db: ViewDatabase, view: string, generation: number): void =>
  db.exec(`DROP TABLE IF EXISTS ${tableOf(view, generation)}`);

const columnsOf = (db: ViewDatabase, table: string): Set<string> =>
  new Set(
    db
      .statement(`PRAGMA table_xinfo(${table})`)
      .all()
      .map((column) => quoted(String(column.name))),
  );

// A row without the member sorts before every number and text, and lies outside every bound.
const generatedColumn = (member: string): string => {
  const path = literal(`$."${member}"`);
  return `${columnOf(member)} ANY GENERATED ALWAYS AS (ifnull(json_extract(json, ${path}), -9e999)) VIRTUAL`;
};
