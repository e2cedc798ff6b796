import type { Deps } from '../deps.ts';
import type { Reaction } from '../runReactions.ts';
import { takeInArrivals } from '../stockArrivals.ts';

const prefix = 'shipment-';
const name = 'takeInArrivals';

/**
 * Takes into their stocks what was decided of a shipment (C7), should whoever decided it have come no further: once, however
 * often it is told.
 */
export const arrivalsTakenIn = (deps: Deps): Reaction => {
  const takeIn = async ({ stream }: { stream: string }): Promise<void> => {
    await takeInArrivals(deps, stream.slice(prefix.length), { actor: { kind: 'system', name } });
  };
  return {
    name,
    on: { ShipmentReceived: takeIn, ShipmentTakenBack: takeIn, MissingSerialsFound: takeIn, LossTakenOver: takeIn },
  };
};
