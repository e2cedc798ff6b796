import type { FastifyInstance } from 'fastify';
import { managementApi } from './api/managementApi.ts';
import { type CarriedParts, healthRoutes } from './routes/health.ts';
import { recogniseStaff } from './routes/management/access.ts';
import { askProofs } from './routes/management/delicate.ts';
import { managementPages } from './routes/management/pages.ts';
import { passkeyScript } from './routes/management/passkeyScript.ts';
import { securityRoutes } from './routes/management/security.ts';
import { type DemoSignIn, signInRoutes } from './routes/management/signIn.ts';
import { signInStepRoutes } from './routes/management/signInSteps.ts';
import { createSite, type SiteOptions } from './site.ts';

/** What the management site needs besides: what it carries of projections and reactions, and in the demo who may sign in. */
export type ManagementOptions = Omit<SiteOptions, 'site'> & {
  carried: CarriedParts;
  metrics?: { contentType: string; text: () => Promise<string> };
  demoSignIn?: DemoSignIn;
};

/** The management site (E1), for the internal network alone (§2.2). */
export const buildManagementSite = async (options: ManagementOptions): Promise<FastifyInstance> => {
  const app = await createSite({ ...options, site: 'management' });
  healthRoutes(app, options);
  managementApi(app, options.services);
  passkeyScript(app);
  recogniseStaff(app, options.services);
  askProofs(app, options.services);
  signInRoutes(app, options.services, options.demoSignIn);
  await app.register(securityRoutes(options.services));
  signInStepRoutes(app, options.services, options.demoSignIn);
  await app.register(managementPages(options.services));
  return app;
};
