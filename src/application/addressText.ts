import { type Address, type Section, sections } from '#domain/registration/fields.ts';
import type { Divisions } from './divisions.ts';

const addressFields: Section = sections.wifeHousehold;

/** What an address says below its division, in one line to the door: whatever the form asks there, in its order. */
export const addressDetail = (address: Address): string =>
  Object.entries(addressFields)
    .filter(([, { control }]) => control !== 'division')
    .map(([name]) => address[name as keyof Address])
    .join('');

/** An address in one line from the province to the door, without blanks: 贵州省贵阳市花溪区贵筑街道… */
export const addressText = (divisions: Divisions, address: Address): string => {
  const names = divisions.path(address.division).map(({ name }) => name);
  return `${names.join('')}${addressDetail(address)}`;
};
