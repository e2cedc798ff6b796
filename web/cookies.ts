import type { FastifyRequest } from 'fastify';

/** What one of our signed cookies holds, if the browser sent one that we signed. */
export const signedCookie = (request: FastifyRequest, name: string): string | undefined => {
  const cookie = request.cookies[name];
  const { valid, value } = cookie === undefined ? { valid: false, value: null } : request.unsignCookie(cookie);
  return valid && value !== null ? value : undefined;
};
