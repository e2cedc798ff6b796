import type { Role } from './authorisations.ts';
import type { MadeAccount } from './state.ts';

/** By what someone has shown in a session that they are who they say. */
export type Proof = 'password' | 'totp' | 'recoveryCode' | 'passkey';

/** Of whom a second factor is demanded (TOTP or a passkey); `nobody`: of those who have one. */
export const secondFactorPolicies = ['nobody', 'admins', 'everyone'] as const;
export type SecondFactorPolicy = (typeof secondFactorPolicies)[number];

/** What a session still lacks before anything else can be done in it. */
export type Due = 'secondFactor' | 'newPassword' | 'enrolment';

/** What a session is good for: everything the account may do, or only what it still lacks. */
export type Stage = Due | 'full';

/** What someone signs in with. */
export type Credentials = Pick<MadeAccount, 'password' | 'totp' | 'passkeys'>;

/** Whether a second factor is demanded of a role. */
export const isSecondFactorDemanded = (role: Role, policy: SecondFactorPolicy): boolean =>
  policy === 'everyone' || (policy === 'admins' && role === 'admin');

/**
 * What comes next after these proofs: the second factor where there is one, then a password of their own where an admin
 * issued it, then a second factor to be set up where it is demanded. A passkey is two factors by itself.
 */
export const stageOf = (
  proofs: readonly Proof[],
  { role, password, totp, passkeys }: Credentials & { role: Role },
  policy: SecondFactorPolicy,
): Stage => {
  const demanded = isSecondFactorDemanded(role, policy);
  const byPasswordAlone = proofs.every((proof) => proof === 'password');
  if (byPasswordAlone && (totp !== undefined || (demanded && passkeys.length > 0))) return 'secondFactor';
  if (password?.mustChange) return 'newPassword';
  return demanded && totp === undefined && passkeys.length === 0 ? 'enrolment' : 'full';
};

/**
 * By what someone who is in proves again who they are: a code where there is an app, a passkey where the password alone
 * lets nobody in, else the password.
 */
export const proofAgain = (
  made: Credentials & { role: Role },
  policy: SecondFactorPolicy,
): 'code' | 'passkey' | 'password' => {
  if (made.totp !== undefined) return 'code';
  return stageOf(['password'], made, policy) === 'secondFactor' ? 'passkey' : 'password';
};
