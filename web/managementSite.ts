import type { FastifyInstance } from 'fastify';
import type { Standing } from '#application/followLog.ts';
import { healthRoutes } from './routes/health.ts';
import { createSite, type SiteOptions } from './site.ts';

/** What the management site needs besides: where projections and reactions stand, and in the demo who may sign in. */
export type ManagementOptions = Omit<SiteOptions, 'site'> & {
  standing: () => Record<string, Standing>;
  demoSignIn?: { accounts: readonly { account: string; name: string; office: string }[]; password: string };
};

/** The management site (E1), for the internal network alone (§2.2). */
export const buildManagementSite = async (options: ManagementOptions): Promise<FastifyInstance> => {
  const app = await createSite({ ...options, site: 'management' });
  healthRoutes(app, options);
  return app;
};
