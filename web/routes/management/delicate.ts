import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { askForProof, wantsPage } from './access.ts';
import { formPage } from './formPage.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Of a route that gives rights, passwords or a proven identity, changes what one signs in with, arranges organisations or
     * carries data of many people away: only soon after one has shown who one is. An address: where a form that is not kept
     * is begun anew.
     */
    delicate?: true | `/${string}`;
  }
}

/** For so long a proof of who sits there is enough to open what is delicate, and to send what was filled in there, in ms. */
const proofHoldsMs = { open: 10 * 60_000, send: 30 * 60_000 } as const;

const isReading = ({ method }: FastifyRequest): boolean => method === 'GET' || method === 'HEAD';

/** Whether who sits there must show again who they are before a request does anything; who has not come in is told so elsewhere. */
export const isProofDue = ({ deps }: Services, request: FastifyRequest): boolean => {
  const session = request.bearer ?? request.session;
  if (request.routeOptions.config.delicate === undefined || session === undefined) return false;
  const isIn = session.stage === 'full' || session.stage === 'enrolment';
  return isIn && deps.clock() - session.provenAt > proofHoldsMs[isReading(request) ? 'open' : 'send'];
};

/**
 * Asks again, before what is delicate on pages and in the API, who sits there (ASVS 5, 7.5.3): browsers are led to the proof and
 * back, programs get `proofDue`; a form that is kept is left to `keepForms`.
 */
export const askProofs = (app: FastifyInstance, services: Services): void => {
  app.addHook('onRequest', async (request, reply) => {
    if (!isProofDue(services, request)) return undefined;
    if (request.bearer !== undefined || !wantsPage(request)) throw new Problem('proofDue');
    if (formPage(request) !== undefined) return undefined;
    const { delicate } = request.routeOptions.config;
    return askForProof(reply, typeof delicate === 'string' && !isReading(request) ? delicate : request.url);
  });
};
