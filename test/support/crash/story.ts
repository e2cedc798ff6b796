import type { RegistrationData } from '#domain/registration/fields.ts';
import type { Random } from '../../../src/demo/random.ts';
import { coupleOf } from '../couples.ts';

/** An act that was acknowledged: its event stands in the couple's registration, once, not after `revision`. */
export type Acked = { type: string; revision: number } & ({ id: string } | { queryCode: string });

/** What one couple and its office did, and what they were told. */
export type Story = {
  n: number;
  data: RegistrationData;
  office: string;
  /** How often the couple came back, each time with a key of its own. */
  visits: number;
  acked: Acked[];
  /** The last receipt, where one was seen. */
  queryCode: string | undefined;
  /** The registration that lives now, and its revision as last shown. */
  id: string | undefined;
  revision: number;
  end: 'open' | 'registered' | 'rejected';
};

/** Where the couples of the load live. */
export const villages = ['520111004005', '520103019001', '520103020001'] as const;

/** The n-th couple of a run. */
export const storyOf = (n: number, random: Random): Story => {
  const data = coupleOf(n, random.pick(villages));
  const office = data.declaration.place;
  const start = { queryCode: undefined, id: undefined, revision: -1, end: 'open' } as const;
  return { n, data, office, visits: 0, acked: [], ...start };
};
