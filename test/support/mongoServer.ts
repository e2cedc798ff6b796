import { builtFerretdb, type Ferretdb, startFerretdb } from './ferretdb.ts';

/** A server for the contracts; `real` is the one that `VIEW_STORE_URL` names: give it a database for tests only. */
export type MongoServer = { url: string; real: boolean; dispose: () => Promise<void> };

/** The server that `VIEW_STORE_URL` names, or FerretDB; undefined where the tests have to be skipped. */
export const mongoServer = async (): Promise<MongoServer | undefined> => {
  const url = process.env['VIEW_STORE_URL'];
  if (url !== undefined) return { url, real: true, dispose: async () => undefined };
  const ferretdb = await ferretdbServer();
  return ferretdb && { url: ferretdb.url, real: false, dispose: ferretdb.dispose };
};

/** FerretDB; undefined, with one loud line, where there is no Go to build it with. In CI that is a failure. */
export const ferretdbServer = async (): Promise<Ferretdb | undefined> => {
  const program = await builtFerretdb();
  if (program !== undefined) return startFerretdb(program);
  const why = 'The MongoDB adapters are NOT tested: there is no Go to build FerretDB with, and no VIEW_STORE_URL.';
  if (process.env['CI']) throw new Error(why);
  console.error(`\n!!! ${why}\n`);
  return undefined;
};
