import type { FastifyRequest } from 'fastify';

/** How every cookie of ours is set: kept from scripts and other sites, and sent over TLS alone where there is TLS. */
export const cookieOptions = { path: '/', httpOnly: true, sameSite: 'lax', secure: 'auto' } as const;

/** A cookie's name; over TLS under the prefix by which browsers keep it to this host alone (ASVS 5, 3.3.3). */
export const cookieName = (request: FastifyRequest, name: string): string =>
  request.protocol === 'https' ? `__Host-${name}` : name;

/** What one of our signed cookies holds, if the browser sent one that we signed. */
export const signedCookie = (request: FastifyRequest, name: string): string | undefined => {
  const cookie = request.cookies[name];
  const { valid, value } = cookie === undefined ? { valid: false, value: null } : request.unsignCookie(cookie);
  return valid && value !== null ? value : undefined;
};
