import type { FastifyReply } from 'fastify';
import { cookieOptions } from '../../cookies.ts';

const options = { ...cookieOptions, signed: true } as const;

/** Gives the browser a token for so many milliseconds, or takes it away. */
export const giveToken = (reply: FastifyReply, name: string, token: string | undefined, lifetimeMs: number): void => {
  if (token === undefined) reply.clearCookie(name, options);
  else reply.setCookie(name, token, { ...options, maxAge: Math.floor(lifetimeMs / 1000) });
};
