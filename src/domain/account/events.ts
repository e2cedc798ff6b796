import type { Day } from '../calendar/day.ts';
import type { Authorisation, Role } from './authorisations.ts';

/** Who a member of staff is (annex 2): sealed. `mobile` is empty until they complete it. */
export type AccountDetails = {
  name: string;
  idNumber: string;
  mobile: string;
  workUnit?: string;
  qq?: string;
  note?: string;
};

/** Keyed hashes that accounts are found by; `mobile` is empty where there is none. */
export type AccountLookup = { name: string; idNumber: string; mobile: string };

/** An admin registered a person as staff of an office (O3, §1.2.1); `account` is what they sign in with. */
export type AccountRegistered = {
  type: 'AccountRegistered';
  data: { account: string; role: Role; office: string; lookup: AccountLookup; personal: AccountDetails };
};

/** `changed` names the details that differ; another name or ID number undoes the verification (O4). */
export type AccountChanged = {
  type: 'AccountChanged';
  data: { changed: readonly (keyof AccountDetails)[]; lookup: AccountLookup; personal: AccountDetails };
};

/** Whom an identity check asks: the register of ID numbers of the public security. */
export type IdentitySource = 'idRegister';
export type IdentityOutcome = 'matches' | 'differs' | 'unreachable';

/** Name and ID number were checked together (O4, §3.2.3); `askedAt` is UTC ISO 8601. */
export type IdentityChecked = {
  type: 'IdentityChecked';
  data: { outcome: IdentityOutcome; source: IdentitySource; askedAt: string };
};

/** What an admin saw who confirms an identity. */
export const confirmationBases = ['inPerson', 'document'] as const;
export type ConfirmationBasis = (typeof confirmationBases)[number];

/** An admin confirmed that the person is who the data say (O4). */
export type IdentityConfirmed = { type: 'IdentityConfirmed'; data: { basis: ConfirmationBasis } };

/** Granted up to and including `until` in Asia/Shanghai, or without end; a later grant takes the place of an earlier. */
export type AuthorisationGranted = {
  type: 'AuthorisationGranted';
  data: { authorisation: Authorisation; until?: Day };
};
export type AuthorisationWithdrawn = { type: 'AuthorisationWithdrawn'; data: { authorisation: Authorisation } };

export type AccountDisabled = { type: 'AccountDisabled'; data: { personal: { reason: string } } };
export type AccountEnabled = { type: 'AccountEnabled'; data: Readonly<Record<string, never>> };
/** The person left the service: final. */
export type AccountClosed = { type: 'AccountClosed'; data: { personal: { reason: string } } };

/**
 * Who stood behind a closed account was given up: its data key is destroyed. What was done under the account's name stays.
 * `retention` is the rule in force that day (PIPL art. 19, 47).
 */
export type AccountErased = {
  type: 'AccountErased';
  data: { erasedOn: Day; basis: 'retentionEnded'; retention: string };
};

/** A one-time password from an admin, to be changed at the next sign-in; hashes are argon2id PHC strings. */
export type PasswordIssued = { type: 'PasswordIssued'; data: { personal: { passwordHash: string } } };
export type PasswordChanged = { type: 'PasswordChanged'; data: { personal: { passwordHash: string } } };

export type TotpEnrolled = {
  type: 'TotpEnrolled';
  data: { personal: { secret: string; recoveryHashes: readonly string[] } };
};
/** `used` is the hash of the code that was used up. */
export type RecoveryCodeUsed = { type: 'RecoveryCodeUsed'; data: { personal: { used: string } } };
export type RecoveryCodesRenewed = {
  type: 'RecoveryCodesRenewed';
  data: { personal: { recoveryHashes: readonly string[] } };
};
export type TotpRemoved = { type: 'TotpRemoved'; data: Readonly<Record<string, never>> };

/** What verifies a passkey's answers, and what its owner calls it; `publicKey` is COSE, base64url. */
export type PasskeyDetails = { publicKey: string; counter: number; transports: readonly string[]; label: string };
/** `credential` is the WebAuthn credential id, base64url. */
export type PasskeyAdded = { type: 'PasskeyAdded'; data: { credential: string; personal: PasskeyDetails } };
export type PasskeyRemoved = { type: 'PasskeyRemoved'; data: { credential: string } };

export type AccountEvent =
  | AccountRegistered
  | AccountChanged
  | IdentityChecked
  | IdentityConfirmed
  | AuthorisationGranted
  | AuthorisationWithdrawn
  | AccountDisabled
  | AccountEnabled
  | AccountClosed
  | AccountErased
  | PasswordIssued
  | PasswordChanged
  | TotpEnrolled
  | RecoveryCodeUsed
  | RecoveryCodesRenewed
  | TotpRemoved
  | PasskeyAdded
  | PasskeyRemoved;
