import type { Deps } from '../deps.ts';
import { carryOutOrdinary } from '../ordinaryCarriedOut.ts';
import type { Reaction } from '../runReactions.ts';

const prefix = 'ordinaryCertificate-';
const name = 'carryOutOrdinary';

/** Issues and voids what was decided of ordinary certificates (C3–C6), should whoever decided it have come no further. */
export const ordinaryCarriedOut = (deps: Deps): Reaction => {
  const carryOut = async ({ stream }: { stream: string }): Promise<void> => {
    await carryOutOrdinary(deps, stream.slice(prefix.length), { actor: { kind: 'system', name } });
  };
  return { name, on: { OrdinaryCertificateAssigned: carryOut, OrdinaryCertificateVoided: carryOut } };
};
