import { randomUUID } from 'node:crypto';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { registrationIdOf } from '../../../src/demo/acts.ts';
import { demoOrganisations } from '../../../src/demo/organisations.ts';
import { seedAccounts } from '../../../src/demo/seedAccounts.ts';
import { seedOrganisations } from '../../../src/demo/seedOrganisations.ts';
import { demoAccounts } from '../../../src/demo/staff.ts';
import { seedStories } from '../../../src/demo/stories.ts';
import { openStores, type StorePlaces } from '../../../src/stores.ts';
import { commandDeps } from '../submitter.ts';
import { villages } from './story.ts';

/**
 * Makes stores in which the offices of the load's couples and those above them stand and work, and no history: what each
 * part of the demo writes last is there too, so that the demo takes itself for done. All of it would take FerretDB an hour.
 */
export const emptyDemo = async (places: StorePlaces): Promise<void> => {
  const divisions = loadDivisions();
  const id = registrationIdOf(seedStories(divisions).last, 0);
  const actor = { kind: 'system', name: 'reservation' };
  const stores = await openStores(places);
  const deps = await commandDeps(stores, places.directory, Date.now);
  const all = demoOrganisations(divisions);
  const here = (code: string) => villages.some((village) => village.startsWith(code));
  const few = all.filter((one, n) => here(one.code) || n === all.length - 1);
  await seedOrganisations(deps, few);
  await seedAccounts(deps, undefined, demoAccounts(few));
  const meta = { at: new Date().toISOString(), actor, commandId: randomUUID() };
  const fencedOff = { id: randomUUID(), type: 'SubmissionAbandoned.v1', data: { by: id }, meta };
  await stores.eventStore.append(`registration-${id}`, 'none', [fencedOff]);
  await stores.close();
};
