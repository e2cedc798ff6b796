import type { FastifyInstance } from 'fastify';
import type { Services } from '#application/services.ts';
import { requireRecentProof } from './access.ts';

/** What gives people rights or passwords, or carries many of them away: only soon after one has shown who one is. */
const delicate: ReadonlySet<string> = new Set([
  '/people/new',
  '/people/:account/grants',
  '/people/:account/password',
  '/people/:account/close',
  '/people/roster',
  '/people/roster/:id/confirm',
  '/people/roster/:id/passwords',
  '/people/roster/:id/passwords.xlsx',
  '/people/roster/people.xlsx',
  '/people/roster/people.csv',
]);

/** Asks again, before what is delicate, who sits there (ASVS 5, 7.5.3). */
export const askProofs = (app: FastifyInstance, services: Services): void => {
  app.addHook('onRequest', async (request, reply) => {
    if (!delicate.has(request.routeOptions.url ?? '')) return undefined;
    const page = request.url.replace(/\/confirm$/, '');
    return requireRecentProof(services, page)(request, reply);
  });
};
