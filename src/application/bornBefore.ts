import { type CoupleReserved, reservationDecider } from '#domain/couple/reservation.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { coupleKey } from './declare.ts';
import { type Handling, load } from './handleCommand.ts';

const liveBornOf = async (deps: Handling, registrationId: string): Promise<number> => {
  const { state } = await load(deps, registrationDecider, registrationId);
  return state.status === 'absent' || state.status === 'abandoned' ? 0 : (state.births?.liveBorn ?? 0);
};

/** Every registration that ever held this couple and parity. */
const holdersOf = async (deps: Handling, couple: string): Promise<readonly string[]> => {
  const { events } = await load(deps, reservationDecider, couple);
  return [...new Set(events.map(({ data }) => (data as CoupleReserved['data']).registrationId))];
};

/**
 * How many children of this couple institutions annotated as born alive under lower parities (M2), from the streams
 * themselves; a revoked registration's count too: they were born. For a first child nothing is read.
 */
export const bornBefore = async (deps: Handling, data: RegistrationData): Promise<number> => {
  const lower = Array.from({ length: Math.max(0, Math.min(data.application.parity, 10) - 1) }, (_, n) => n + 1);
  const couples = lower.map((parity) => coupleKey(deps.sealing, { ...data, application: { parity } }));
  const holders = (await Promise.all(couples.map((couple) => holdersOf(deps, couple)))).flat();
  const counts = await Promise.all([...new Set(holders)].map((id) => liveBornOf(deps, id)));
  return counts.reduce((sum, count) => sum + count, 0);
};
