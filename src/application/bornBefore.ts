import { type CoupleReserved, reservationDecider } from '#domain/couple/reservation.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { coupleKey } from './declare.ts';
import { type Handling, load } from './handleCommand.ts';

/** Of a registration that is this couple's still: a proposed or corrected ID number can have held it for others. */
const liveBornOf = async (deps: Handling, registrationId: string, couple: string): Promise<number> => {
  const { state } = await load(deps, registrationDecider, registrationId);
  if (state.status === 'absent' || state.status === 'abandoned' || state.couple !== couple) return 0;
  return state.births?.liveBorn ?? 0;
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
  const counts = await Promise.all(
    couples.map(async (couple) => {
      const holders = await holdersOf(deps, couple);
      return Promise.all(holders.map((id) => liveBornOf(deps, id, couple)));
    }),
  );
  return counts.flat().reduce((sum, count) => sum + count, 0);
};
