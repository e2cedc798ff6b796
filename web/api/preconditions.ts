import type { FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { uuidV7 } from '#application/uuidV7.ts';
import { Problem } from '../problems.ts';

/** The ETag of a registration at a revision. */
export const etagOf = (revision: number): string => `"${revision}"`;

/** The revision that a request's `If-Match` names. Throws `preconditionRequired`; what is no ETag of ours never matches. */
export const basedOnOf = (request: FastifyRequest): number => {
  const given = request.headers['if-match'];
  if (given === undefined) throw new Problem('preconditionRequired');
  const [, revision] = /^(?:W\/)?"(\d{1,9})"$/.exec(given.trim()) ?? [];
  if (revision === undefined) throw new Problem('preconditionFailed');
  return Number(revision);
};

const keyShape = /^[\x21-\x7e]{16,128}$/;
const versionSeven = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID with a zero last byte: random by its key, but in order of time where the key is a UUIDv7 of these days. */
const uuidFrom = (bytes: Buffer, key: string, now: number): string => {
  const time = versionSeven.test(key) ? Number.parseInt(key.replaceAll('-', '').slice(0, 12), 16) : undefined;
  const isRecent = time !== undefined && Math.abs(now - time) < 7 * 86_400_000;
  return uuidV7(Buffer.from(bytes.subarray(0, 16)), isRecent ? time : undefined);
};

/** The `Idempotency-Key` of a request, 16 to 128 visible characters. Throws `keyRequired`. */
export const idempotencyKeyOf = (request: FastifyRequest): string => {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || !keyShape.test(key)) throw new Problem('keyRequired');
  return key;
};

/** An id for one purpose that is the same whenever the same key is sent again; nobody can tell one from the other. */
export const idFromKey = ({ deps }: Services, key: string, purpose: string): string =>
  uuidFrom(Buffer.from(deps.sealing.lookupKey('idempotency', `${purpose}\n${key}`), 'base64url'), key, deps.clock());
