import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AccessReason } from '#application/actor.ts';
import { accessReasons } from '#domain/access/events.ts';
import { Problem } from '../problems.ts';

const header = 'x-access-reason';
const longest = 500;

/** The header as the interface description shows it. */
export const reasonHeader = z.object({
  [header]: z
    .string()
    .optional()
    .describe(
      `Why you look at what is not your own task (else 428 reasonDue): ${accessReasons.join(' | ')}, ` +
        'then optionally `;` and a text, percent-encoded UTF-8; `other` needs a text. It is recorded.',
    ),
});

const decoded = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text).trim();
  } catch {
    return undefined;
  }
};

/** Why a program says that its user looks, if it says so. Throws `invalid` for what is no reason. */
export const statedReason = (request: FastifyRequest): AccessReason | undefined => {
  const given = request.headers[header];
  if (given === undefined) return undefined;
  const [named = '', rest = ''] = String(given).split(/;(.*)/s);
  const code = accessReasons.find((one) => one === named.trim());
  const text = decoded(rest.trim());
  if (code === undefined || text === undefined || text.length > longest || (code === 'other' && text === '')) {
    throw new Problem('invalid', { errors: [{ field: 'X-Access-Reason', code: 'accessReason' }] });
  }
  return { code, text };
};
