import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApplicantView } from '#application/applicantQueries.ts';
import type { Services } from '#application/services.ts';
import { randomToken } from '../../tokens.ts';
import { giveToken, tokenIn } from './cookies.ts';

const cookie = 'visit';
const kind = 'visit';
const minute = 60_000;
/** A registration stays open in a browser for so long after the last look at it, and never longer than `whole`. */
const lifetimeMs = { idle: 30 * minute, whole: 2 * 60 * minute };

/** A registration opened in this browser; until `receiptUntil` its query code may be shown: it was submitted here (R3). */
export type Visit = { registrationId: string; receiptUntil?: number };

type Kept = Visit & { endsAt: number };
type Opened = { token: string; visit: Kept; view: ApplicantView };

const keyOf = ({ deps }: Services, token: string) => deps.sealing.lookupKey('visit', token);

const keep = async (services: Services, reply: FastifyReply, token: string, visit: Kept): Promise<void> => {
  const { deps } = services;
  const now = deps.clock();
  const until = Math.min(now + lifetimeMs.idle, visit.endsAt);
  await deps.transientStore.put(kind, keyOf(services, token), visit, until);
  giveToken(reply, cookie, token, until - now);
};

/** Opens a registration in this browser under a token that no one had before. */
export const openVisit = (services: Services, reply: FastifyReply, visit: Visit): Promise<void> =>
  keep(services, reply, randomToken(services), { ...visit, endsAt: services.deps.clock() + lifetimeMs.whole });

const opened = async (services: Services, request: FastifyRequest): Promise<Opened | undefined> => {
  const { deps, applicant } = services;
  const token = tokenIn(request, cookie);
  if (token === undefined) return undefined;
  const visit = (await deps.transientStore.get(kind, keyOf(services, token), deps.clock())) as Kept | undefined;
  const view = visit && (await applicant.view(visit.registrationId));
  return view && { token, visit, view };
};

/** Whether a registration is open in this browser; asking leaves its time as it is. */
export const hasVisit = async (services: Services, request: FastifyRequest): Promise<boolean> =>
  (await opened(services, request)) !== undefined;

/** What is open in this browser, its idle time begun anew; undefined where nothing is. */
export const currentVisit = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<(Visit & { view: ApplicantView }) | undefined> => {
  const found = await opened(services, request);
  if (found === undefined) return undefined;
  const { token, visit, view } = found;
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
