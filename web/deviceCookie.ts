import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import { cookieName, cookieOptions } from './cookies.ts';
import { randomToken } from './tokens.ts';

/** A browser that staff signed in from before, and to which accounts, the last one first (OWASP, device cookies). */
const device = z.object({ id: z.string(), accounts: z.array(z.string()) });
type Device = z.infer<typeof device>;

const name = 'management-device';
const context = 'device cookie';
const mostAccounts = 8;
const oneYear = 31_536_000;

const deviceIn = ({ deps }: Services, request: FastifyRequest): Device | undefined => {
  const sealed = request.cookies[cookieName(request, name)];
  if (sealed === undefined) return undefined;
  try {
    return device.safeParse(deps.sealing.openTransient(sealed, context)).data;
  } catch {
    // Altered: a browser that we do not know.
    return undefined;
  }
};

/** The id of the device that a request comes from, where an account signed in from it before. */
export const deviceOf = (services: Services, request: FastifyRequest, account: string): string | undefined => {
  const known = deviceIn(services, request);
  return known?.accounts.includes(account) ? known.id : undefined;
};

/** Lets a browser be known for an account that has just signed in; it says nothing about who is signed in. */
export const rememberDevice = (services: Services, reply: FastifyReply, account: string): void => {
  const { request } = reply;
  const known = deviceIn(services, request) ?? { id: randomToken(services), accounts: [] };
  if (known.accounts[0] === account) return;
  const accounts = [account, ...known.accounts.filter((one) => one !== account)].slice(0, mostAccounts);
  const value = services.deps.sealing.sealTransient({ ...known, accounts }, context);
  reply.setCookie(cookieName(request, name), value, { ...cookieOptions, sameSite: 'strict', maxAge: oneYear });
};
