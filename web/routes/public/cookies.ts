import type { FastifyReply, FastifyRequest } from 'fastify';
import { cookieName, cookieOptions, signedCookie } from '../../cookies.ts';

const options = { ...cookieOptions, signed: true } as const;

/** Gives the browser a token for so many milliseconds, or takes it away. */
export const giveToken = (reply: FastifyReply, name: string, token: string | undefined, lifetimeMs: number): void => {
  const named = cookieName(reply.request, name);
  if (token === undefined) reply.clearCookie(named, options);
  else reply.setCookie(named, token, { ...options, maxAge: Math.floor(lifetimeMs / 1000) });
};

/** The token that a browser was given, if it sent one that we gave. */
export const tokenIn = (request: FastifyRequest, name: string): string | undefined =>
  signedCookie(request, cookieName(request, name));
