import { setTimeout as pause } from 'node:timers/promises';
import Fastify, { type FastifyReply } from 'fastify';
import { z } from 'zod';
import type { PopulationAnswer } from '#application/population.ts';
import { normaliseIdNumber } from '#domain/people/idNumber.ts';
import { sourceFor } from '#domain/registration/compare.ts';
import { recordOf, type SandboxCouple } from './sandboxRecord.ts';

export type SandboxOptions = {
  couples: readonly SandboxCouple[];
  /** 0: any free port. */
  port?: number;
  /** How long an answer takes for a couple whose scenario is `slow`, in ms: more than any adapter waits. */
  slowMs?: number;
};

/** The two systems' addresses, and how to stop playing them. */
export type Sandbox = { pisUrl: string; exchangeUrl: string; close: () => Promise<void> };

const person = z.object({ name: z.string(), idNumber: z.string() });
const query = z.object({ wife: person, husband: person });

const keyOf = (source: string, { wife, husband }: z.infer<typeof query>): string =>
  [source, normaliseIdNumber(wife.idNumber), normaliseIdNumber(husband.idNumber)].join('|');

const answerFor = (couple: SandboxCouple | undefined): PopulationAnswer => {
  const record = couple && recordOf(couple);
  return record ? { outcome: 'found', record } : { outcome: 'absent' };
};

/** Drops the connection in the middle of the request, as a system does that goes down. */
const hangUp = (reply: FastifyReply): FastifyReply => {
  reply.hijack();
  reply.raw.socket?.resetAndDestroy();
  return reply;
};

/**
 * Plays the population system and the exchange platform on 127.0.0.1. Each system knows the couples given whose
 * households it answers for, by both ID numbers; everyone else is `absent`.
 */
export const startSandbox = async ({ couples, port = 0, slowMs = 60_000 }: SandboxOptions): Promise<Sandbox> => {
  const known = new Map(couples.map((couple) => [keyOf(sourceFor(couple.data), couple.data), couple]));
  const closing = new AbortController();
  const app = Fastify({ logger: false, forceCloseConnections: true, bodyLimit: 16 * 1024 });
  app.post('/:system/couples/lookup', async (request, reply) => {
    const { system } = request.params as { system: string };
    const asked = query.safeParse(request.body);
    if (!asked.success) return reply.code(400).send({ title: 'Send { wife, husband }, each with name and idNumber.' });
    const couple = known.get(keyOf(system, asked.data));
    if (couple?.scenario === 'down') return hangUp(reply);
    if (couple?.scenario === 'slow') await pause(slowMs, undefined, { ref: false, signal: closing.signal });
    return answerFor(couple);
  });
  const address = await app.listen({ host: '127.0.0.1', port });
  return {
    pisUrl: `${address}/pis`,
    exchangeUrl: `${address}/exchange`,
    close: async () => {
      closing.abort();
      await app.close();
    },
  };
};
