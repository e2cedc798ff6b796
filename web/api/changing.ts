import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { ActOfStaff } from '#application/acting.ts';
import type { Services } from '#application/services.ts';
import { type Api, withBearer } from './document.ts';
import { oncePerKey } from './oncePerKey.ts';
import { basedOnOf, idempotencyKeyOf } from './preconditions.ts';
import { bearerStaff } from './sessionApi.ts';

/** What programs change: its address and what stands in it, what it is to them, and what is wrong where an act was not done. */
export type Changeable<P extends z.ZodObject, O> = {
  url: string;
  params: P;
  /** Its answers by status: 200, and 202 for what is recorded and not in force yet. */
  response: Readonly<Record<number, z.ZodType>>;
  /** What keeps an act from being done twice: on what it is based, or its key. */
  once: 'match' | 'key';
  /** As whoever asks may see it, with what an act on it is based on. Throws the problem where they may not. */
  seen: (request: FastifyRequest, of: z.infer<P>) => Promise<{ body: object; etag: string | undefined }>;
  /** Throws the problem where the act was not done. */
  done: (outcome: O, of: z.infer<P>) => unknown;
};

/** A change of it, as one act of whoever asks. */
export type Change<P extends z.ZodObject, B extends z.ZodType, O> = {
  name: string;
  summary: string;
  /** What asks for a recent proof on the pages asks for it here. */
  delicate?: true;
  body: B;
  perform: (of: z.infer<P>, act: ActOfStaff, body: z.infer<B>) => Promise<O>;
};

const headers = z.object({ 'if-match': z.string().optional(), 'idempotency-key': z.string().optional() });

/** What an act is based on: always told where that alone keeps it from being done twice. Throws what is missing. */
const basisOf = (request: FastifyRequest, once: 'match' | 'key'): number | undefined => {
  if (once === 'key') idempotencyKeyOf(request);
  return once === 'key' && request.headers['if-match'] === undefined ? undefined : basedOnOf(request);
};

/** Routes that change one thing, `POST <url>/<name>`: once per `Idempotency-Key`, based on its `ETag`; each answers with the thing. */
export const changing =
  <P extends z.ZodObject, O>(api: Api, services: Services, thing: Changeable<P, O>) =>
  <B extends z.ZodType>({ name, summary, delicate, body, perform }: Change<P, B, O>): void => {
    const { url, params, response, once, seen, done } = thing;
    const schema = { security: withBearer, summary, params, headers, body, response };
    api.post(`${url}/${name}`, { schema, config: { ...(delicate && { delicate }) } }, async (request, reply) => {
      const of = request.params as z.infer<P>;
      const staff = bearerStaff(request);
      const basedOn = basisOf(request, once);
      const asked = { request, account: staff.account, purpose: `${name} ${Object.values(of).join(' ')}` };
      const outcome = await oncePerKey(services, asked, async (commandId) => {
        const performed = await perform(of, { staff, commandId, basedOn }, request.body as z.infer<B>);
        done(performed, of);
        return performed as object;
      });
      const shown = await seen(request, of);
      if (shown.etag !== undefined) reply.header('ETag', shown.etag);
      return reply.code('late' in outcome ? 202 : 200).send(shown.body as never);
    });
  };
