import type { FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { normaliseQueryCode } from '#domain/registration/queryCode.ts';
import { networkOf, originOf } from './origin.ts';
import { Problem } from './problems.ts';

/** So many tries within a window, counted in the shared store: the same limit whichever instance answers. */
export type RateLimit = { kind: string; most: number; windowMs: number };

const minute = 60_000;

/** Every limit there is; pages and API count together. */
export const limits = {
  /** Submissions of an address: a village office may send in many. */
  submissions: { kind: 'submit', most: 60, windowMs: 60 * minute },
  /** Forms begun by an address; what fills a disk does not stop at this. */
  beginnings: { kind: 'draft', most: 300, windowMs: 60 * minute },
  /** Answers to posted forms that are kept to be shown to an address. */
  shownPages: { kind: 'shown', most: 600, windowMs: 60 * minute },
  /** Registrations that an address tries in vain to open by query code (R4). */
  openings: { kind: 'open', most: 20, windowMs: 10 * minute },
  /** Tries in vain at one query code, whoever makes them (R4). */
  openingsOfOneCode: { kind: 'openCode', most: 10, windowMs: 60 * minute },
  /** Certificates that an address verifies (C1). */
  verifications: { kind: 'verify', most: 120, windowMs: 10 * minute },
  /** Certificates that an address lets print: each takes a browser. */
  prints: { kind: 'print', most: 60, windowMs: 10 * minute },
  /** Checkpoints and proofs of the log that an address asks for. */
  logReadings: { kind: 'log', most: 300, windowMs: 10 * minute },
  /** Sign-ins that an address tries, to whatever accounts. */
  signIns: { kind: 'signIn', most: 100, windowMs: 10 * minute },
  /** Rosters that an account uploads, read or refused. */
  rosters: { kind: 'roster', most: 60, windowMs: 10 * minute },
  /** Searches for people by an account: nobody leafs through a province. */
  searches: { kind: 'search', most: 120, windowMs: 10 * minute },
  /** Questions of an account to other systems: about couples, and about names and ID numbers. */
  inquiries: { kind: 'inquiry', most: 120, windowMs: 10 * minute },
  /** Files that an account takes away: spreadsheets, certificates. */
  files: { kind: 'file', most: 120, windowMs: 10 * minute },
  /** Scans that an account sends or takes away. */
  scans: { kind: 'scan', most: 120, windowMs: 10 * minute },
  /** Passkeys that an address asks to be shown. */
  passkeyRequests: { kind: 'passkey', most: 200, windowMs: 10 * minute },
} as const satisfies Readonly<Record<string, RateLimit>>;

const counted = async ({ deps }: Services, { kind, most, windowMs }: RateLimit, who: string): Promise<void> => {
  const now = deps.clock();
  const key = deps.sealing.lookupKey('rateLimit', who);
  const count = await deps.transientStore.increment(`limit:${kind}`, key, now, now + windowMs);
  if (count > most) throw new Problem('tooMany');
};

/** Takes back a try that turned out right; one whose window has ended is no more. */
const takenBack = async ({ deps }: Services, { kind, windowMs }: RateLimit, who: string): Promise<void> => {
  const now = deps.clock();
  const key = deps.sealing.lookupKey('rateLimit', who);
  await deps.transientStore.increment(`limit:${kind}`, key, now, now + windowMs, -1);
};

/** Counts a try of an account, wherever it comes from; throws `tooMany` beyond the limit. */
export const limitByAccount = (services: Services, limit: RateLimit, account: string): Promise<void> =>
  counted(services, limit, account);

const givesFile = /\.(?:xlsx|csv|pdf)$|\/roster\/people$/;

/** Counts against an account what it takes away, on routes that give a file; throws `tooMany` beyond the limit. */
export const limitFiles = async (services: Services, request: FastifyRequest, account: string): Promise<void> => {
  if (givesFile.test(request.routeOptions.url ?? '')) await limitByAccount(services, limits.files, account);
};

/** Counts a try of this visitor's network; throws `tooMany` beyond the limit. Addresses are kept as keyed hashes. */
export const limitByAddress = (services: Services, limit: RateLimit, request: FastifyRequest): Promise<void> =>
  counted(services, limit, networkOf(request.ip));

/**
 * Opens a registration by query code and name; only tries in vain count, of this network and at this code. A try is
 * counted before it is made and taken back when it was right: of many at once none slips through. Throws `tooMany`.
 */
export const openLimited = async (
  services: Services,
  request: FastifyRequest,
  { code, name }: { code: string; name: string },
): Promise<string | undefined> => {
  const network = networkOf(request.ip);
  const key = normaliseQueryCode(code) ?? code;
  await counted(services, limits.openings, network);
  await counted(services, limits.openingsOfOneCode, key);
  const found = await services.applicant.open(code, name, originOf(request, 'public'));
  if (found === undefined) return undefined;
  await takenBack(services, limits.openings, network);
  await takenBack(services, limits.openingsOfOneCode, key);
  return found;
};
