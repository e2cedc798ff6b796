import { type AnyBulkWriteOperation, type Collection, type Db, type Document, MongoBulkWriteError } from 'mongodb';
import { type Row, type StoredRow, StoreUnavailable, type ViewDeclaration } from '#application/ports.ts';
import { isTaken } from './connection.ts';
import { fieldOf, fieldsOf, indexKeys } from './viewFilter.ts';

/**
 * A row as kept: its JSON, for no other form holds every name and value as they are, and beside it the members that
 * indexes may be over. A deleted row keeps its position only.
 */
type Kept = Document & { _id: string; position: number; live: boolean; json: string | null };

const tries = 5;

/** The collection of one generation of a view. */
export const rowsIn = (db: Db, view: string, generation: number): Collection<Kept> =>
  db.collection<Kept>(`${prefixOf(view)}${generation}`);

const prefixOf = (view: string): string => `view.${view}.`;

/** The generations of a view that have a collection, whether or not there still is such a generation. */
export const generationsAmong = (collections: readonly string[], view: string): readonly number[] => {
  const prefix = prefixOf(view);
  return collections
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)));
};

/** Creates what is missing of the indexes that the declaration asks for; many may do so at once. */
export const ensureIndexes = async (db: Db, view: ViewDeclaration, generation: number): Promise<void> => {
  const rows = rowsIn(db, view.name, generation);
  for (const members of Object.values(view.indexes)) {
    await rows.createIndex(indexKeys(members), { name: `by ${members.map(fieldOf).join(' ')}` });
  }
};

/** The row in a kept document; undefined where it was deleted. */
export const rowFrom = ({ json }: Pick<Kept, 'json'>): Row | undefined =>
  json === null ? undefined : (JSON.parse(json) as Row);

/** The stored rows under these ids, in this order. */
export const readRows = async (rows: Collection<Kept>, ids: readonly string[]): Promise<readonly StoredRow[]> => {
  if (ids.length === 0) return [];
  const found = await rows
    .find({ _id: { $in: [...new Set(ids)] } }, { projection: { position: 1, json: 1 } })
    .toArray();
  const byId = new Map(found.map((each) => [each._id, each]));
  return ids.flatMap((id) => {
    const kept = byId.get(id);
    return kept === undefined ? [] : [{ id, position: kept.position, row: rowFrom(kept) }];
  });
};

/** The stored rows after an id, in the server's order of ids. */
export const scanRows = async (rows: Collection<Kept>, after: string, limit: number): Promise<readonly StoredRow[]> => {
  const found = await rows
    .find({ _id: { $gt: after } }, { projection: { position: 1, json: 1 } })
    .sort({ _id: 1 })
    .limit(limit)
    .toArray();
  return found.map((kept) => ({ id: kept._id, position: kept.position, row: rowFrom(kept) }));
};

/** What is to be kept of a row; throws where no JSON can hold it. */
export const keptFrom = ({ id, position, row }: StoredRow): Kept =>
  row === undefined
    ? { _id: id, position, live: false, json: null }
    : { ...fieldsOf(row), _id: id, position, live: true, json: JSON.stringify(row) };

/**
 * Writes each over an older position only. Where that is not older, or someone inserted it meanwhile, the server finds the
 * key taken: what then does not stand at its position or a newer one is written again.
 */
export const writeRows = async (rows: Collection<Kept>, kept: readonly Kept[]): Promise<void> => {
  let left = kept;
  for (let n = 0; left.length > 0; n += 1) {
    if (n === tries) throw new StoreUnavailable(`${left.length} rows were taken by another write ${tries} times.`);
    if (await upsertAll(rows, left)) return;
    const ids = left.map(({ _id }) => _id);
    const held = await rows.find({ _id: { $in: ids } }, { projection: { position: 1 } }).toArray();
    const positions = new Map(held.map(({ _id, position }) => [_id, position]));
    left = left.filter(({ _id, position }) => (positions.get(_id) ?? 0) < position);
  }
};

/** True where all were written; false where a key was taken, whatever became of the rest. */
const upsertAll = async (rows: Collection<Kept>, kept: readonly Kept[]): Promise<boolean> => {
  const operations = kept.map(
    ({ _id, ...replacement }): AnyBulkWriteOperation<Kept> => ({
      replaceOne: { filter: { _id, position: { $lt: replacement['position'] } }, replacement, upsert: true },
    }),
  );
  try {
    await rows.bulkWrite(operations, { ordered: false });
    return true;
  } catch (error) {
    if (!isTaken(error)) throw error;
    if (error instanceof MongoBulkWriteError) throwOther(error);
    return false;
  }
};

/** Among the taken keys may be a fault of another kind, or word that too few servers hold what was written. */
const throwOther = (error: MongoBulkWriteError): void => {
  const other = [error.writeErrors].flat().find(({ code }) => code !== 11_000);
  if (other !== undefined) throw error;
  const unheld = error.result.getWriteConcernError();
  if (unheld !== undefined) throw new StoreUnavailable(`Too few servers hold what was written (${unheld.errmsg}).`);
};
