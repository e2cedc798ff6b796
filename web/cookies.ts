import type { FastifyRequest } from 'fastify';

/** How every cookie of ours is set: kept from scripts and other sites, and sent over TLS alone where there is TLS. */
export const cookieOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure: 'auto' } as const;

/** What one of our signed cookies holds, if the browser sent one that we signed. */
export const signedCookie = (request: FastifyRequest, name: string): string | undefined => {
  const cookie = request.cookies[name];
  const { valid, value } = cookie === undefined ? { valid: false, value: null } : request.unsignCookie(cookie);
  return valid && value !== null ? value : undefined;
};
