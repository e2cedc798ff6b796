import type { FastifyInstance } from 'fastify';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { certificateApi } from './api/certificates.ts';
import { placesApi } from './api/places.ts';
import { publicApi } from './api/publicApi.ts';
import { createSite, type SiteOptions } from './site.ts';

/** What the public site needs besides: made-up couples that a visitor of the demo may fill the form with. */
export type PublicOptions = Omit<SiteOptions, 'site'> & {
  examples?: readonly { key: string; scenario: string; data: RegistrationData }[];
};

/** The public site (E1): couples register, look up, print; anyone verifies. */
export const buildPublicSite = async (options: PublicOptions): Promise<FastifyInstance> => {
  const app = await createSite({ ...options, site: 'public' });
  publicApi(app, options.services);
  certificateApi(app, options.services);
  placesApi(app, options.services);
  return app;
};
