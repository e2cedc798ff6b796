import { z } from 'zod';
import type { PopulationAnswer, PopulationQuery, PopulationSystem } from '#application/population.ts';
import { isDay } from '#domain/calendar/day.ts';

/** Where the two systems stand, and how long an answer may take in all, in ms. */
export type PopulationSystemOptions = {
  pisUrl: string;
  exchangeUrl: string;
  timeoutMs: number;
  fetch?: typeof fetch;
};

const mostBytes = 64 * 1024;
const text = z.string().max(100);
const day = z.string().refine(isDay);
const person = z.object({ name: text, idNumber: text, householdDivision: z.string().regex(/^\d{0,12}$/) });
const answerSchema = z.discriminatedUnion('outcome', [
  z.object({ outcome: z.literal('absent') }),
  z.object({
    outcome: z.literal('found'),
    record: z.object({
      wife: person,
      husband: person,
      marriage: z.object({ certificateNumber: text, registeredOn: day }).exactOptional(),
      children: z.array(z.object({ name: text, sex: z.enum(['female', 'male']), bornOn: day })).max(30),
    }),
  }),
]);

const unreachable = (reason: 'timeout' | 'refused' | 'malformed'): PopulationAnswer => ({
  outcome: 'unreachable',
  reason,
});

/** The body as text; undefined where it is longer than any honest answer. */
const bodyOf = async (response: Response): Promise<string | undefined> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};

const understood = (body: string): PopulationAnswer => {
  try {
    const parsed = answerSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data : unreachable('malformed');
  } catch {
    return unreachable('malformed');
  }
};

const codesOf = (fault: unknown): readonly unknown[] =>
  fault instanceof Error ? [(fault as NodeJS.ErrnoException).code, ...codesOf(fault.cause)] : [];

/** A connection that the other side closed, as idle ones are: worth one more try. */
const wasReset = (fault: unknown): boolean =>
  codesOf(fault).some((code) => code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET');

/**
 * Asks the population systems over HTTP: `POST <url>/couples/lookup`, personal data in the body only. Never throws;
 * whatever takes longer than `timeoutMs`, answers with an error or says what we do not understand is `unreachable`.
 */
export const httpPopulationSystem = (options: PopulationSystemOptions): PopulationSystem => {
  const { pisUrl, exchangeUrl, timeoutMs, fetch: send = fetch } = options;
  const urls = { pis: `${pisUrl}/couples/lookup`, exchange: `${exchangeUrl}/couples/lookup` };

  const ask = async (
    url: string,
    { wife, husband }: PopulationQuery,
    signal: AbortSignal,
  ): Promise<PopulationAnswer> => {
    const people = [wife, husband].map(({ name, idNumber }) => ({ name, idNumber }));
    const response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ wife: people[0], husband: people[1] }),
      redirect: 'error',
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      return unreachable('refused');
    }
    const body = await bodyOf(response);
    return body === undefined ? unreachable('malformed') : understood(body);
  };

  const tryOnce = async (url: string, query: PopulationQuery, signal: AbortSignal) => {
    try {
      return { answer: await ask(url, query, signal), again: false };
    } catch (fault) {
      if (signal.aborted) return { answer: unreachable('timeout'), again: false };
      return { answer: unreachable('refused'), again: wasReset(fault) };
    }
  };

  return {
    lookUp: async (source, query) => {
      const signal = AbortSignal.timeout(timeoutMs);
      const first = await tryOnce(urls[source], query, signal);
      return first.again ? (await tryOnce(urls[source], query, signal)).answer : first.answer;
    },
  };
};
