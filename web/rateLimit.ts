import type { FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { Problem } from './problems.ts';

/** So many tries within a window, counted in the shared store: the same limit whichever instance answers. */
export type RateLimit = { kind: string; most: number; windowMs: number };

const counted = async ({ deps }: Services, { kind, most, windowMs }: RateLimit, who: string): Promise<void> => {
  const now = deps.clock();
  const key = deps.sealing.lookupKey('rateLimit', who);
  const count = await deps.transientStore.increment(`limit:${kind}`, key, now, now + windowMs);
  if (count > most) throw new Problem('tooMany');
};

/** Counts a try of this visitor's address; throws `tooMany` beyond the limit. Addresses are kept as keyed hashes. */
export const limitByAddress = (services: Services, limit: RateLimit, request: FastifyRequest): Promise<void> =>
  counted(services, limit, request.ip);

/** Counts a try against one thing, such as a query code, whoever tries. */
export const limitByKey = (services: Services, limit: RateLimit, key: string): Promise<void> =>
  counted(services, limit, key);
