import type { SignInMeans } from '#application/signInMeans.ts';
import { oneTimeCodes } from './oneTimeCodes.ts';
import { passkeys } from './passkeys.ts';
import { passwordLists } from './passwordLists.ts';
import { hashOneTimePassword, hashPassword } from './passwords.ts';

/** What signing in needs, for a management site that browsers reach at an address. */
export const signInMeans = ({
  siteUrl,
  secondFactor,
}: Pick<SignInMeans, 'secondFactor'> & { siteUrl: () => string }): SignInMeans => ({
  hashPassword,
  hashOneTimePassword,
  passwordLists: passwordLists(),
  oneTimeCodes,
  passkeys: passkeys(siteUrl),
  secondFactor,
});
