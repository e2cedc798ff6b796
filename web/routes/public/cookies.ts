import type { FastifyReply, FastifyRequest } from 'fastify';

const options = { path: '/', signed: true, httpOnly: true, sameSite: 'lax', secure: 'auto' } as const;

/** The token in one of our signed cookies, if the browser sent one that we signed. */
export const tokenIn = (request: FastifyRequest, name: string): string | undefined => {
  const cookie = request.cookies[name];
  const { valid, value } = cookie === undefined ? { valid: false, value: null } : request.unsignCookie(cookie);
  return valid && value !== null ? value : undefined;
};

/** Gives the browser a token for so many milliseconds, or takes it away. */
export const giveToken = (reply: FastifyReply, name: string, token: string | undefined, lifetimeMs: number): void => {
  if (token === undefined) reply.clearCookie(name, options);
  else reply.setCookie(name, token, { ...options, maxAge: Math.floor(lifetimeMs / 1000) });
};
