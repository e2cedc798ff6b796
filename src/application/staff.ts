import type { MadeAccount } from '#domain/account/state.ts';
import type { Staff } from './actor.ts';

/** Who may sign in. */
export type StaffDirectory = {
  /** Who works under an account now; undefined where nobody may. */
  find: (account: string) => Promise<Staff | undefined>;
  /** An account as its stream has it, whatever its status, with what it signs in with; undefined where it never was. */
  account: (account: string) => Promise<MadeAccount | undefined>;
  /** The account that a text at sign-in means: its name, the ID number of one live account's person, or a mobile, of who had it first. */
  identify: (typed: string) => Promise<string | undefined>;
  /** Name to show for an account that acted, also long after. */
  nameOf: (account: string) => Promise<string | undefined>;
  /** Whether a password is the one behind a hash; takes equal time for absent accounts. */
  verify: (password: string, passwordHash: string | undefined) => Promise<boolean>;
};
