import { compareDays, type Day } from './day.ts';

/** Limits in working days: review and outcome after the submission, registration with the day of acceptance counted. */
export type Limits = {
  readonly reviewWorkingDays: number;
  readonly outcomeWorkingDays: number;
  readonly registerWorkingDays: number;
};

/** What a rule may ask of the law in force on a day (R11); ages in full years. A decision keeps the id it was made under. */
export type Policy = {
  readonly id: string;
  readonly effectiveFrom: Day;
  /** Where the limits and the highest parity stand in the notice. */
  readonly clause: string;
  /** Up to which child registration is enough. */
  readonly maxParity: number;
  readonly marriageableAge: { readonly husband: number; readonly wife: number };
  /** The lowest ages at which a marriage can have been registered in any part of the country. */
  readonly marriageableAgeAnywhere: { readonly husband: number; readonly wife: number };
  readonly limits: Limits;
  /** A mother younger than this at a birth is a flag to the reviewer, never a refusal by itself. */
  readonly motherAgeAtBirth: number;
};

/** Every policy there was, oldest first; a new one is one more entry. */
export const policies: readonly Policy[] = [
  {
    id: 'GZ-2016-31',
    effectiveFrom: '2016-07-11',
    clause: '§2.1 §3.1.1(2) §3.1.1(3) A1.1',
    maxParity: 2,
    // Marriage Law of 1980 (amended 2001) article 6; from 2021 Civil Code article 1047: the same ages.
    marriageableAge: { husband: 22, wife: 20 },
    // Autonomous areas may lower them by two years (变通规定, Marriage Law of 2001 article 50).
    marriageableAgeAnywhere: { husband: 20, wife: 18 },
    limits: { reviewWorkingDays: 1, outcomeWorkingDays: 2, registerWorkingDays: 3 },
    motherAgeAtBirth: 15,
  },
];

/** The policy in force on a day. Throws for a day before the first one: the platform did not exist. */
export const policyOn = (day: Day, among: readonly Policy[] = policies): Policy => {
  const [newest] = among
    .filter((policy) => policy.effectiveFrom <= day)
    .sort((a, b) => compareDays(b.effectiveFrom, a.effectiveFrom));
  if (newest === undefined) throw new RangeError(`No policy was in force on ${day}; check the clock`);
  return newest;
};

/** The policy a decision was made under. Throws for an id that never was. */
export const policyById = (id: string, among: readonly Policy[] = policies): Policy => {
  const named = among.find((policy) => policy.id === id);
  if (named === undefined) throw new RangeError(`No policy is called ${id}; restore its entry in policy.ts`);
  return named;
};
