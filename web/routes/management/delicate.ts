import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { lacksRecentProof, requireRecentProof } from './access.ts';

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

const isDelicate = ({ routeOptions }: FastifyRequest): boolean => delicate.has(routeOptions.url ?? '');

/** Whether who sits there must show again who they are before a request does anything. */
export const isProofDue = (services: Services, request: FastifyRequest): boolean =>
  isDelicate(request) && lacksRecentProof(services, request);

/** Asks again, before what is delicate, who sits there (ASVS 5, 7.5.3). */
export const askProofs = (app: FastifyInstance, services: Services): void => {
  app.addHook('onRequest', async (request, reply) => {
    return isDelicate(request) ? requireRecentProof(services)(request, reply) : undefined;
  });
};
