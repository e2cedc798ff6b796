import { randomUUID } from 'node:crypto';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { registrationIdOf } from '../../../src/demo/acts.ts';
import { seedStories } from '../../../src/demo/stories.ts';
import { openStores, type StorePlaces } from '../../../src/stores.ts';

/**
 * Makes stores in which the demo's accounts work and its history is none: the registration that the seed writes last is
 * there, fenced off, so that the seed takes itself for done.
 */
export const emptyDemo = async (places: StorePlaces): Promise<void> => {
  const id = registrationIdOf(seedStories(loadDivisions()).last, 0);
  const actor = { kind: 'system', name: 'reservation' };
  const meta = { at: new Date().toISOString(), actor, commandId: randomUUID() };
  const stores = await openStores(places);
  const fencedOff = { id: randomUUID(), type: 'SubmissionAbandoned.v1', data: { by: id }, meta };
  await stores.eventStore.append(`registration-${id}`, 'none', [fencedOff]);
  await stores.close();
};
