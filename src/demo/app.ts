import { Secret, TOTP } from 'otpauth';
import { demoAccounts } from './staff.ts';

/** The secret of the one demo account that has an authenticator app. */
export const demoSecret = 'GUIZHOUDEMO234567GUIZHOUDEMO2345';

const withApp = new Set(
  demoAccounts([])
    .filter(({ tells }) => tells === 'withApp')
    .map(({ account }) => account),
);

/** The code that the app of a demo account shows at an instant, for those who try it without a phone. */
export const demoCodeOf = (account: string, now: number): string | undefined =>
  withApp.has(account) ? TOTP.generate({ secret: Secret.fromBase32(demoSecret), timestamp: now }) : undefined;
