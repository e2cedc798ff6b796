import type { z } from 'zod';

/** Why a system gave no usable answer. */
export type Unreachable = { outcome: 'unreachable'; reason: 'timeout' | 'refused' | 'malformed' };

/** How long an answer may take in all, in ms. */
export type Patience = { timeoutMs: number; fetch?: typeof fetch };

const mostBytes = 64 * 1024;

const unreachable = (reason: Unreachable['reason']): Unreachable => ({ outcome: 'unreachable', reason });

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

const understood = <T>(schema: z.ZodType<T>, body: string): T | Unreachable => {
  try {
    const parsed = schema.safeParse(JSON.parse(body));
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
 * Asks another system by `POST`, personal data in the body only. Never throws: whatever takes longer than `timeoutMs`,
 * answers with an error or says what the schema does not know is `unreachable`.
 */
export const askJson = <T>(schema: z.ZodType<T>, { timeoutMs, fetch: send = fetch }: Patience) => {
  const ask = async (url: string, body: string, signal: AbortSignal): Promise<T | Unreachable> => {
    const response = await send(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body,
      redirect: 'error',
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      return unreachable('refused');
    }
    const text = await bodyOf(response);
    return text === undefined ? unreachable('malformed') : understood(schema, text);
  };

  const tryOnce = async (url: string, body: string, signal: AbortSignal) => {
    try {
      return { answer: await ask(url, body, signal), again: false };
    } catch (fault) {
      if (signal.aborted) return { answer: unreachable('timeout'), again: false };
      return { answer: unreachable('refused'), again: wasReset(fault) };
    }
  };

  return async (url: string, question: object): Promise<T | Unreachable> => {
    const body = JSON.stringify(question);
    const signal = AbortSignal.timeout(timeoutMs);
    const first = await tryOnce(url, body, signal);
    return first.again ? (await tryOnce(url, body, signal)).answer : first.answer;
  };
};
