import type { FastifyRequest } from 'fastify';
import type { ApplicantView } from '#application/applicantQueries.ts';
import type { Services } from '#application/services.ts';
import { Problem } from '../problems.ts';

const context = 'holder token';
const lifetimeMs = 30 * 60_000;

type Held = { registrationId: string; until: number };

const bearerIn = (request: FastifyRequest): string | undefined =>
  /^Bearer ([\w.-]{20,600})$/.exec(request.headers.authorization ?? '')?.[1];

/** The bearer token of a request. Throws `unauthenticated`. */
export const bearerOf = (request: FastifyRequest): string => {
  const token = bearerIn(request);
  if (token === undefined) throw new Problem('unauthenticated');
  return token;
};

/** A token for whoever opened a registration by query code and name: sealed, needs no store, ends after 30 minutes. */
export const holderToken = ({ deps }: Services, registrationId: string): { token: string; expiresAt: string } => {
  const until = deps.clock() + lifetimeMs;
  const token = deps.sealing.sealTransient({ registrationId, until } satisfies Held, context);
  return { token, expiresAt: new Date(until).toISOString() };
};

/** The registration that a request's token opens. Throws `notOpened`. */
export const heldBy = async (services: Services, request: FastifyRequest): Promise<ApplicantView> => {
  const token = bearerIn(request);
  const held =
    token === undefined ? undefined : (services.deps.sealing.openTransient(token, context) as Held | undefined);
  const isLive = held !== undefined && held.until > services.deps.clock();
  const view = isLive ? await services.applicant.view(held.registrationId) : undefined;
  if (view === undefined) throw new Problem('notOpened', { detail: request.text('problems.notOpened.token') });
  return view;
};
