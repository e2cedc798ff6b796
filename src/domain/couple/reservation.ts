import { accepted, type Decider, rejected } from '../decider.ts';

/** The couple and parity were given to a registration (R9). Whether it still holds them is told by its own stream. */
export type CoupleReserved = { type: 'CoupleReserved'; data: { registrationId: string } };

/** Who holds a couple and parity: the last one it was given to. */
export type ReservationState = { holder?: string };

export type ReservationKind = {
  /** `ended`: the holder that was found to be free to give up its place. */
  command: { type: 'ReserveCouple'; registrationId: string; ended?: string };
  state: ReservationState;
  event: CoupleReserved;
  rejection: { type: 'held'; holder: string };
};

/**
 * One stream per couple and parity, named by their keyed hash: the expected revision makes one of many simultaneous
 * submissions win on any store. There is no release: a holder that ended is simply succeeded.
 */
export const reservationDecider: Decider<ReservationKind> = {
  category: 'couple',
  initialState: {},
  decide: ({ registrationId, ended }, { holder }) => {
    if (holder === registrationId) return accepted();
    if (holder !== undefined && holder !== ended) return rejected({ type: 'held', holder });
    return accepted({ type: 'CoupleReserved', data: { registrationId } });
  },
  evolve: (_, { data }) => ({ holder: data.registrationId }),
};
