import { z } from 'zod';
import type { IdentityCheck } from '#application/identityCheck.ts';
import { askJson, type Patience } from '../askJson.ts';

/** Where the register of ID numbers answers, and how long an answer may take in all, in ms. */
export type IdentityCheckOptions = Patience & { identityUrl: string };

const answerSchema = z.object({ outcome: z.enum(['matches', 'differs']) });

/** Asks the register over HTTP: `POST <url>/identities/check` with name and ID number. */
export const httpIdentityCheck = ({ identityUrl, ...patience }: IdentityCheckOptions): IdentityCheck => {
  const ask = askJson(answerSchema, patience);
  return {
    check: async ({ name, idNumber }) => {
      const answer = await ask(`${identityUrl}/identities/check`, { name, idNumber });
      return answer.outcome === 'unreachable' && answer.reason === 'malformed' ? 'malformed' : answer.outcome;
    },
  };
};
