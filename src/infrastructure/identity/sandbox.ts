import { setTimeout as pause } from 'node:timers/promises';
import Fastify, { type FastifyReply } from 'fastify';
import { z } from 'zod';
import type { IdentityQuery } from '#application/identityCheck.ts';
import { idNumberFault, normaliseIdNumber } from '#domain/people/idNumber.ts';
import { normaliseName } from '#domain/people/personName.ts';

/** A person whom the register knows; `slow` and `down` is what it plays when asked for them. */
export type RegisteredPerson = IdentityQuery & { plays?: 'slow' | 'down' };

export type IdentitySandboxOptions = {
  people: () => Iterable<RegisteredPerson>;
  /** Whether it also vouches for well-formed ID numbers that it was not told of. */
  knowsOthers?: boolean;
  /** 0: any free port. */
  port?: number;
  /** How long an answer takes for who plays `slow`, in ms: more than any adapter waits. */
  slowMs?: number;
};

/** The register's address, and how to stop playing it. */
export type IdentitySandbox = { identityUrl: string; close: () => Promise<void> };

const query = z.object({ name: z.string(), idNumber: z.string() });

/** Drops the connection in the middle of the request, as a system does that goes down. */
const hangUp = (reply: FastifyReply): FastifyReply => {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
  return reply;
};

/** Plays the register of ID numbers on 127.0.0.1; the people it knows are made at the first question. */
export const startIdentitySandbox = async (options: IdentitySandboxOptions): Promise<IdentitySandbox> => {
  const { people, knowsOthers = false, port = 0, slowMs = 60_000 } = options;
  let known: ReadonlyMap<string, RegisteredPerson> | undefined;
  const find = (idNumber: string) => {
    known ??= new Map(Array.from(people(), (person) => [person.idNumber, person]));
    return known.get(normaliseIdNumber(idNumber));
  };
  const matches = ({ name, idNumber }: IdentityQuery): boolean => {
    const person = find(idNumber);
    return person === undefined
      ? knowsOthers && idNumberFault(idNumber) === undefined
      : person.name === normaliseName(name);
  };
  const closing = new AbortController();
  const app = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 16 * 1024 });
  app.post('/identities/check', async (request, reply) => {
    const asked = query.safeParse(request.body);
    if (!asked.success) return reply.code(400).send({ title: 'Send { name, idNumber }.' });
    const plays = find(asked.data.idNumber)?.plays;
    if (plays === 'down') return hangUp(reply);
    if (plays === 'slow') await pause(slowMs, undefined, { ref: false, signal: closing.signal });
    return { outcome: matches(asked.data) ? 'matches' : 'differs' };
  });
  const identityUrl = await app.listen({ host: '127.0.0.1', port });
  return {
    identityUrl,
    close: async () => {
      closing.abort();
      await app.close();
    },
  };
};
