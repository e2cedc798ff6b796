import { accepted, type Decider, rejected } from '../decider.ts';

/** A person was given to an account: one has one live account (O4). Whether it still lives is told by its own stream. */
export type StaffPersonReserved = { type: 'StaffPersonReserved'; data: { account: string } };

export type StaffPersonKind = {
  /** `ended`: the holder that was found to have ended. `anew`: held already or not, from now on (see reservePerson.ts). */
  command: { type: 'ReserveStaffPerson'; account: string; ended?: string; anew?: boolean };
  state: { holder?: string };
  event: StaffPersonReserved;
  rejection: { type: 'held'; holder: string };
};

/** One stream per person, `staffPerson-<keyed hash of the ID number>`; as with couples, an ended holder is succeeded. */
export const staffPersonDecider: Decider<StaffPersonKind> = {
  category: 'staffPerson',
  initialState: {},
  decide: ({ account, ended, anew }, { holder }) => {
    if (holder === account && !anew) return accepted();
    if (holder !== undefined && holder !== account && holder !== ended) return rejected({ type: 'held', holder });
    return accepted({ type: 'StaffPersonReserved', data: { account } });
  },
  evolve: (_, { data }) => ({ holder: data.account }),
};
