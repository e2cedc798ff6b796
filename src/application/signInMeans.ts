import type { PasskeyDetails } from '#domain/account/events.ts';
import type { SecondFactorPolicy } from '#domain/account/signInStage.ts';
import type { PasswordLists } from './passwordGuesses.ts';
import type { Json } from './ports.ts';

/** One-time codes of authenticator apps (TOTP, RFC 6238: SHA-1, 6 digits, 30 seconds); secrets are base32. */
export type OneTimeCodes = {
  /** A secret of these bytes (20 of them: RFC 4226, R6). */
  secretOf: (bytes: Uint8Array) => string;
  /** What an app reads from the QR code. */
  uriOf: (secret: string, account: string) => string;
  /** The time step that a code belongs to, one before or after now included; undefined where it is not right. */
  stepOf: (secret: string, code: string, now: number) => number | undefined;
};

/** A passkey as it came from a browser, verified. */
export type NewPasskey = { credential: string } & Omit<PasskeyDetails, 'label'>;

/** What a browser's answer says of itself, before anything of it is verified. */
export type Claimed = { account: string; credential: string; challenge: string };

/** WebAuthn with user verification demanded: the device checked a PIN, a finger or a face. Challenges are base64url. */
export type Passkeys = {
  /** What a browser needs to make a passkey for an account; `known` are credentials that it has already. */
  creation: (challenge: string, account: string, known: readonly string[]) => Promise<Json>;
  /** What a browser needs to let someone choose among the passkeys it has for this site. */
  request: (challenge: string) => Promise<Json>;
  /** The challenge that a browser's answer is for; undefined where it is no answer. */
  challengeOf: (answer: unknown) => string | undefined;
  claimedBy: (answer: unknown) => Claimed | undefined;
  created: (answer: unknown, challenge: string) => Promise<NewPasskey | undefined>;
  isFrom: (answer: unknown, challenge: string, passkey: NewPasskey) => Promise<boolean>;
};

/** What signing in needs of the world. */
export type SignInMeans = {
  /** A salted argon2id hash as a PHC string. */
  hashPassword: (password: string) => Promise<string>;
  /** The same at next to no cost, for passwords of 75 and more random bits: nobody tries those out, whatever a try costs. */
  hashOneTimePassword: (password: string) => Promise<string>;
  passwordLists: () => Promise<PasswordLists>;
  oneTimeCodes: OneTimeCodes;
  passkeys: Passkeys;
  /** Of whom a second factor is demanded. */
  secondFactor: SecondFactorPolicy;
};
