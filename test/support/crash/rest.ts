import type { StorePlaces } from '../../../src/stores.ts';
import { verified } from '../verified.ts';
import { lookBeside } from './copies.ts';
import type { Load } from './load.ts';
import type { LogCheck } from './logCheck.ts';
import { counterFaults, untilFollowed, viewFaults } from './viewCheck.ts';

const mostShown = 20;

/** Lets the load come to an end and the views to the log's, then checks every invariant and verifies the log; what does not hold. */
export const faultsAtRest = async (places: StorePlaces, check: LogCheck, load: Load): Promise<string[]> => {
  await load.rest();
  const found = await lookBeside(places, async ({ eventStore, viewStore, sealing }) => {
    await untilFollowed({ eventStore, viewStore });
    const read = await check.read(eventStore, sealing, load.stories);
    const views = await viewFaults({ eventStore, viewStore });
    return [...read, ...check.settled(), ...views, ...(await counterFaults({ viewStore }, check.registrations))];
  });
  const changed = await verified(places);
  return [...found, ...changed, ...load.seen.faults].slice(0, mostShown);
};
