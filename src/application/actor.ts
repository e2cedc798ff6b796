import type { Authorisation, Role } from '#domain/account/authorisations.ts';

/** A member of staff as the session knows them; `office` is an organisation's code, `authorisations` are in force today. */
export type Staff = {
  account: string;
  name: string;
  role: Role;
  office: string;
  authorisations: readonly Authorisation[];
  /** Name and ID number were checked and confirmed (O4): without that, no business. */
  verified: boolean;
  /** Keyed hash of their own ID number: nobody decides on what is their own. */
  person: string;
};

/** Who acts, as the log keeps it: codes only, no names. */
export type Actor =
  | { kind: 'applicant' }
  | { kind: 'staff'; account: string; office: string }
  | { kind: 'system'; name: string };

/** The actor that a member of staff is in the log. */
export const actorOf = ({ account, office }: Staff): Actor => ({ kind: 'staff', account, office });
