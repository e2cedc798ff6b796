import { DatabaseSync } from 'node:sqlite';
import { MongoClient } from 'mongodb';
import type { StoredRow, ViewStore } from '#application/ports.ts';

/** What is measured of views: writing a batch durably, the first 30 rows of an office by due day, and one row. */
export type Views = {
  write: (rows: readonly StoredRow[]) => Promise<unknown>;
  page: (equals: readonly [office: string, status: string]) => Promise<unknown>;
  get: (id: string) => Promise<unknown>;
  close: () => Promise<void>;
};

const limit = 30;
const members = ['office', 'status', 'dueOn'];

/** Through our port. */
export const portViews = async (store: ViewStore, view: string): Promise<Views> => {
  await store.prepare([{ name: view, indexes: { due: members } }]);
  return {
    write: (rows) => store.commit({ view }, rows, rows.at(-1)?.position ?? 0),
    page: (equals) => store.find(view, { index: 'due', equals, limit }),
    get: (id) => store.get(view, [id]),
    close: store.close,
  };
};

/** The floor of the embedded store: bare statements on this thread over one table with the same index. */
export const bareSqliteViews = (file: string): Views => {
  const db = new DatabaseSync(file);
  db.exec(`pragma journal_mode = wal; pragma synchronous = full;
    create table rows (id text primary key, office text, status text, dueOn text, json text not null) strict;
    create index due on rows (office, status, dueOn, id)`);
  const put = db.prepare('insert or replace into rows values (?, ?, ?, ?, ?)');
  const page = db.prepare(`select json from rows where office = ? and status = ? order by dueOn, id limit ${limit}`);
  const one = db.prepare('select json from rows where id = ?');
  const parsed = (found: Record<string, unknown> | undefined): unknown => JSON.parse(String(found?.['json']));
  return {
    write: async (rows) => {
      db.exec('begin immediate');
      for (const { id, row } of rows) {
        put.run(id, ...members.map((member) => String(row?.[member])), JSON.stringify(row));
      }
      db.exec('commit');
    },
    page: async (equals) => page.all(...equals).map(parsed),
    get: async (id) => parsed(one.get(id)),
    close: async () => db.close(),
  };
};

/** The floor of MongoDB: the driver alone, inserting and finding in a collection with the same index. */
export const bareMongoViews = async (url: string, name: string): Promise<Views> => {
  const client = new MongoClient(url, { writeConcern: { w: 'majority' } });
  const rows = client.db().collection<{ _id: string }>(name);
  await rows.createIndex({ office: 1, status: 1, dueOn: 1, _id: 1 });
  return {
    write: (batch) => rows.insertMany(batch.map(({ id, row }) => ({ _id: id, ...row }))),
    page: ([office, status]) => rows.find({ office, status }).sort({ dueOn: 1, _id: 1 }).limit(limit).toArray(),
    get: (id) => rows.findOne({ _id: id }),
    close: () => client.close(),
  };
};
