import type { Policy } from '#domain/calendar/policy.ts';

/** The children that a policy lets register (R11), from the first: 1, 2. */
export const paritiesOf = ({ maxParity }: Pick<Policy, 'maxParity'>): readonly number[] =>
  Array.from({ length: maxParity }, (_, before) => before + 1);
