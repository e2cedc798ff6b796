import type { Staff } from './actor.ts';

/** A member of staff with what signing in is checked against (argon2id, PHC string). */
export type StaffAccount = Staff & { passwordHash: string };

/** Who may sign in. */
export type StaffDirectory = {
  find: (account: string) => Promise<StaffAccount | undefined>;
  /** Name to show for an account that acted, also long after. */
  nameOf: (account: string) => Promise<string | undefined>;
  /** Whether a password is the one behind a hash; takes equal time for absent accounts. */
  verify: (password: string, passwordHash: string | undefined) => Promise<boolean>;
};
