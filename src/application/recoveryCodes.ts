import { normaliseQueryCode, queryCodeFrom } from '#domain/registration/queryCode.ts';
import type { Deps } from './deps.ts';

const codes = 10;
const bytesPerCode = 10;

/** New recovery codes, of the same form as query codes: 75 random bits and a check character. Shown once, kept as hashes. */
export const newRecoveryCodes = ({ randomBytes }: Pick<Deps, 'randomBytes'>): readonly string[] =>
  Array.from({ length: codes }, () => queryCodeFrom(randomBytes(bytesPerCode)));

/** What of a recovery code is kept: a hash keyed by what lies apart from the log, one per account and code. */
export const recoveryHash = ({ sealing }: Pick<Deps, 'sealing'>, account: string, code: string): string =>
  sealing.lookupKey('recoveryCode', `${account}\n${code}`);

/** A recovery code as typed, in its one form; undefined where it cannot be one. */
export const asRecoveryCode = normaliseQueryCode;
