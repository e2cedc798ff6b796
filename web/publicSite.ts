import type { FastifyInstance } from 'fastify';
import { certificateApi } from './api/certificates.ts';
import { logApi } from './api/logApi.ts';
import { placesApi } from './api/places.ts';
import { publicApi } from './api/publicApi.ts';
import { revokedApi } from './api/revokedApi.ts';
import { certificateRoutes } from './routes/public/certificate.ts';
import { checkRoutes } from './routes/public/check.ts';
import { childrenRoutes } from './routes/public/children.ts';
import { divisionRoutes } from './routes/public/divisions.ts';
import { guidanceRoutes } from './routes/public/guidance.ts';
import { justSubmittedRoutes } from './routes/public/justSubmitted.ts';
import { logRoutes } from './routes/public/log.ts';
import { lookupRoutes } from './routes/public/lookup.ts';
import { offlineRoutes } from './routes/public/offline.ts';
import { ownCopyRoutes } from './routes/public/ownCopy.ts';
import { privacyRoutes } from './routes/public/privacy.ts';
import { receiptRoutes } from './routes/public/receipt.ts';
import { registrationRoutes } from './routes/public/registration.ts';
import { stepRoutes } from './routes/public/steps.ts';
import { type Examples, taskRoutes } from './routes/public/tasks.ts';
import { verifyRoutes } from './routes/public/verify.ts';
import { createSite, type SiteOptions } from './site.ts';

/** What the public site needs besides: made-up couples that a visitor of the demo may fill the form with. */
export type PublicOptions = Omit<SiteOptions, 'site'> & {
  examples?: Examples;
};

const entries = [
  { href: '/', label: 'public.nav.start' },
  { href: '/register', label: 'public.nav.register' },
  { href: '/lookup', label: 'public.nav.lookup' },
  { href: '/verify', label: 'public.nav.verify' },
];

/** The main menu; pages of the form have none, so that nothing leads away from them. */
const navFor = (path: string) =>
  path.startsWith('/register/') ? [] : entries.map((entry) => ({ ...entry, current: entry.href === path }));

/** The sheets that pages need besides those of every page, by the first part of their path. */
const sheets: ReadonlyMap<string, readonly string[]> = new Map([
  ['', ['guide']],
  ['register', ['form', 'division', 'answers', 'outcome']],
  ['receipt', ['outcome']],
  ['registration', ['outcome', 'answers']],
  ['verify', ['outcome', 'answers']],
  ['personal-data', ['answers']],
  ['log', ['outcome', 'answers', 'log']],
]);

const stylesFor = (path: string): readonly string[] =>
  (sheets.get(path.split('/')[1] ?? '') ?? []).map((topic) => `public-${topic}.css`);

/** The public site (E1): couples register, look up, print; anyone verifies. */
export const buildPublicSite = async (options: PublicOptions): Promise<FastifyInstance> => {
  const app = await createSite({ ...options, site: 'public' });
  publicApi(app, options.services);
  certificateApi(app, options.services);
  revokedApi(app, options.services);
  placesApi(app, options.services);
  logApi(app, options.services);
  app.addHook('onRequest', async (request) => {
    const path = request.url.split('?')[0] ?? '';
    request.common = { ...request.common, nav: navFor(path), styles: stylesFor(path) };
  });
  const pages = { app, services: options.services };
  guidanceRoutes(pages);
  privacyRoutes(pages);
  taskRoutes(pages, options.examples);
  stepRoutes(pages);
  childrenRoutes(pages);
  checkRoutes(pages);
  justSubmittedRoutes(pages);
  receiptRoutes(pages);
  lookupRoutes(pages);
  registrationRoutes(pages);
  ownCopyRoutes(pages);
  certificateRoutes(pages);
  verifyRoutes(pages);
  offlineRoutes(pages);
  divisionRoutes(pages);
  logRoutes(pages);
  return app;
};
