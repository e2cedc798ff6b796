import type { FastifyInstance } from 'fastify';

/** What a program sends with a request: its token, a body, the revision it read, the key under which it may send again. */
export type Sent = { token: string; payload?: object; match?: string | undefined; key?: string };

/** A program that asks the management API below an address, and signs in for its tokens. */
export const apiCaller = (site: () => FastifyInstance, base: string) => ({
  call: (method: 'GET' | 'POST', path: string, { token, payload, match, key }: Sent) =>
    site().inject({
      method,
      url: `${base}${path}`,
      ...(payload === undefined ? {} : { payload }),
      headers: {
        authorization: `Bearer ${token}`,
        ...(match === undefined ? {} : { 'if-match': match }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
    }),
  signedIn: async (account: string, password: string): Promise<string> => {
    const payload = { account, password };
    const answer = await site().inject({ method: 'POST', url: '/api/v1/session', payload });
    return answer.json<{ token: string }>().token;
  },
});
