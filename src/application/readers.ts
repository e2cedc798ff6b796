import type { RegistrationRow } from '#projections/registration.ts';
import type { Staff } from './actor.ts';
import { type Authorised, authorise } from './authorise.ts';
import type { Deps } from './deps.ts';

type Held = Pick<RegistrationRow, 'office' | 'passedOn'>;

/** The offices whose people may read a registration: the one that has it, and those that passed it on (R10). */
export const readingOffices = ({ office, passedOn = [] }: Held): readonly string[] => [
  office,
  ...passedOn.map(({ from }) => from),
];

/** Whether staff may read a registration: within their subtree now, or passed on from there (O3, R10). */
export const mayReadRow = ({ offices }: Pick<Deps, 'offices'>, staff: Staff, row: Held): Authorised => {
  const asked = readingOffices(row).map((office) => authorise(staff, { act: 'read', office }, offices));
  return asked.find(({ outcome }) => outcome === 'allowed') ?? asked[0] ?? { outcome: 'forbidden', reason: 'office' };
};
