import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApplicantView } from '#application/applicantQueries.ts';
import type { Services } from '#application/services.ts';
import { randomToken } from '../../tokens.ts';
import { giveToken, tokenIn } from './cookies.ts';

const cookie = 'visit';
const kind = 'visit';
/** A registration stays open in a browser for so long after the last look at it. */
const lifetimeMs = 30 * 60_000;

/** A registration opened in this browser; `receipt`: just submitted here, so its query code may be shown. */
export type Visit = { registrationId: string; receipt: boolean };

const keyOf = ({ deps }: Services, token: string) => deps.sealing.lookupKey('visit', token);

const keep = async (services: Services, reply: FastifyReply, token: string, visit: Visit): Promise<void> => {
  const { deps } = services;
  await deps.transientStore.put(kind, keyOf(services, token), visit, deps.clock() + lifetimeMs);
  giveToken(reply, cookie, token, lifetimeMs);
};

/** Opens a registration in this browser under a token that no one had before. */
export const openVisit = (services: Services, reply: FastifyReply, visit: Visit): Promise<void> =>
  keep(services, reply, randomToken(services), visit);

/** What is open in this browser, its time begun anew; undefined where nothing is. */
export const currentVisit = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<(Visit & { view: ApplicantView }) | undefined> => {
  const { deps, applicant } = services;
  const token = tokenIn(request, cookie);
  if (token === undefined) return undefined;
  const stored = await deps.transientStore.get(kind, keyOf(services, token), deps.clock());
  if (stored === undefined) return undefined;
  const visit = { registrationId: String(stored['registrationId']), receipt: stored['receipt'] === true };
  const view = await applicant.view(visit.registrationId);
  if (view === undefined) return undefined;
  await keep(services, reply, token, visit);
  return { ...visit, view };
};

/** Closes what is open in this browser. */
export const closeVisit = async (services: Services, request: FastifyRequest, reply: FastifyReply): Promise<void> => {
  const token = tokenIn(request, cookie);
  if (token === undefined) return;
  await services.deps.transientStore.remove(kind, keyOf(services, token));
  giveToken(reply, cookie, undefined, 0);
};
