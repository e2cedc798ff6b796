import type { FastifyInstance } from 'fastify';
import { afterAll } from 'vitest';
import { buildManagementSite } from '#web/managementSite.ts';
import { buildPublicSite } from '#web/publicSite.ts';
import { demoCodeOf } from '../../src/demo/app.ts';
import { demoCouples } from '../../src/demo/demoCouples.ts';
import { demoPassword, featuredAccounts } from '../../src/demo/staff.ts';
import { type Running, startApplication } from './application.ts';

/** Both sites over a running application; `lines` is what they logged. */
export type Sites = {
  publicSite: FastifyInstance;
  managementSite: FastifyInstance;
  lines: object[];
  close: () => Promise<void>;
};

const cookieSecret = 'a secret for tests, long enough to be taken';

/** Builds both sites; they answer `inject`, and listen where a test calls `listen`. */
export const buildSites = async ({ services }: Running): Promise<Sites> => {
  const lines: object[] = [];
  const shared = { services, cookieSecret, log: (line: object) => lines.push(line) };
  const publicSite = await buildPublicSite({ ...shared, examples: demoCouples });
  const accounts = featuredAccounts.map(({ account, name, office }) => ({ account, name, office }));
  const managementSite = await buildManagementSite({
    ...shared,
    carried: { names: [], standing: () => ({}) },
    metrics: { contentType: 'text/plain; version=0.0.4', text: async () => '' },
    demoSignIn: { accounts, password: demoPassword, codeOf: demoCodeOf },
  });
  return {
    publicSite,
    managementSite,
    lines,
    close: async () => {
      await Promise.all([publicSite.close(), managementSite.close()]);
    },
  };
};

/** An application and both its sites for the tests of one file, stopped after the last of them. */
export const openSites = async (): Promise<{ app: Running; sites: Sites }> => {
  const app = await startApplication();
  const sites = await buildSites(app);
  afterAll(async () => {
    await sites.close();
    await app.stop();
  });
  return { app, sites };
};
