import type { Divisions } from '#application/divisions.ts';
import type { Office, Offices } from '#application/offices.ts';
import { officeTree } from '#application/officeTree.ts';
import { asOffice, demoOrganisations } from '../../src/demo/organisations.ts';

/** An office of a test's own tree: a township's, active, with a complete record. */
export const anOffice = (differing: Partial<Office> & Pick<Office, 'code' | 'parent'>): Office => {
  const name = differing.name ?? differing.code;
  return {
    kind: 'administration',
    level: 'township',
    division: '52',
    status: 'active',
    complete: true,
    name,
    names: [{ name, from: '2016-07-11T00:00:00.000Z' }],
    ...differing,
  };
};

/** A tree in memory, as it stays. */
export const officesOf = (all: readonly Office[]): Offices => ({ ...officeTree(all), refresh: async () => undefined });

/** The demo province in memory, without establishing it. */
export const demoOffices = (divisions: Divisions): Offices =>
  officesOf(demoOrganisations(divisions).map((one) => asOffice(one, '2016-07-11T00:00:00.000Z')));
