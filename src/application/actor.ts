import type { ReasonCode } from '#domain/access/events.ts';
import type { Authorisation, Role } from '#domain/account/authorisations.ts';
import type { Day } from '#domain/calendar/day.ts';

/** Where a request came from: by which entry, its network (IPv4 /16, IPv6 /32), and its address, which is sealed where it is kept. */
export type Origin = { site: 'public' | 'management'; entry: 'page' | 'api'; network: string; address: string };

/** Why staff look at what is not their own task (S6). */
export type AccessReason = { code: ReasonCode; text: string };

/** A member of staff as the session knows them; `office` is an organisation's code, `authorisations` are in force today. */
export type Staff = {
  account: string;
  name: string;
  role: Role;
  office: string;
  authorisations: readonly Authorisation[];
  /** The last days of those of them that end: nobody hands on for longer than they hold. */
  ends?: Readonly<Partial<Record<Authorisation, Day>>>;
  /** Name and ID number were checked and confirmed (O4): without that, no business. */
  verified: boolean;
  /** Keyed hash of their own ID number: nobody decides on what is their own. */
  person: string;
  /** Where the request that they act by came from; absent where no request is behind it. */
  from?: Origin;
  /** Why they look, where their program said so with the request. */
  stated?: AccessReason;
};

/** Who acts, as the log keeps it: codes only, no names. */
export type Actor =
  | { kind: 'applicant' }
  | { kind: 'staff'; account: string; office: string }
  | { kind: 'system'; name: string };

/** The actor that a member of staff is in the log. */
export const actorOf = ({ account, office }: Staff): Actor => ({ kind: 'staff', account, office });

/** Whether an event is what this member of staff did under this command id: sent again, it answers as the first time. */
export const isActOf =
  ({ account }: Staff, commandId: string) =>
  ({ meta }: { meta: { commandId: string; actor: Actor } }): boolean =>
    meta.commandId === commandId && meta.actor.kind === 'staff' && meta.actor.account === account;
