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

/** FerretDB; undefined where it cannot be built, which in CI is a failure. Told loudly where the answer is asked for. */
export const ferretdbServer = async ({ loud = false } = {}): Promise<Ferretdb | undefined> => {
  try {
    return await startFerretdb(await builtFerretdb());
  } catch (cause) {
    const [reason] = String(cause).split('\n');
    const why = `The MongoDB adapters are NOT fully tested: there is no FerretDB here (${reason}).`;
    if (process.env['CI']) throw new Error(why, { cause });
    if (loud) console.error(`\n!!! ${why}\n`);
    return undefined;
  }
};
