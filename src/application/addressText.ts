import type { Address } from '#domain/registration/fields.ts';
import type { Divisions } from './divisions.ts';

/** The names of a division from its province down, without blanks, such as 贵州省贵阳市花溪区贵筑街道. */
const divisionText = (divisions: Divisions, code: string): string =>
  divisions
    .path(code)
    .map((division) => division.name)
    .join('');

/** An address in one line from the province to the door. */
export const addressText = (divisions: Divisions, address: Address): string =>
  [
    divisionText(divisions, address.division),
    address.locality,
    address.street,
    address.community,
    address.building,
    address.door,
  ].join('');
