import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import { apiOf } from './document.ts';

const schema = {
  summary: '作废证件名单（签名）· Signed list of revoked certificates, by truncated hashes (C6, R10)',
  description:
    'A compact JWS (EdDSA) by a key of `/.well-known/jwks.json`, `typ` `revoked-certificates`. Its payload is one line of JSON ' +
    '(issuedAt, nextUpdate, warnAfterDays, hashBytes, count, and how many hashes follow for each reason), a line feed, and the ' +
    'first 9 bytes of the SHA-256 of each number, rising within each reason, each as its distance from the one before (LEB128).',
  produces: ['application/jose'],
  response: { 200: z.string(), 304: z.null() },
};

/** The list of certificates that no longer hold, for those who verify offline. */
export const revokedApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const { token, etag } = await services.certificates.revoked();
    reply.header('ETag', etag).header('Cache-Control', 'public, max-age=300').type('application/jose');
    const isKept = request.headers['if-none-match']?.split(',').some((one) => one.trim().replace(/^W\//, '') === etag);
    return isKept ? reply.code(304).send(null) : reply.send(token);
  };
  api.get('/.well-known/revoked-certificates', { schema }, answer);
  api.get('/api/v1/revoked-certificates', { schema }, answer);
};
