import { accountDecider } from '#domain/account/decide.ts';
import type { AccountEvent } from '#domain/account/events.ts';
import { type StaffPersonReserved, staffPersonDecider } from '#domain/account/reservation.ts';
import type { Decider, Kind } from '#domain/decider.ts';

/** Every event that concerns accounts. */
export type AccountSample = AccountEvent | StaffPersonReserved;

const account = 'czy-520111004-3';
const stream = `account-${account}`;
const lookup = { name: 'c3RhZmYtbmFtZS1rZXktMQ', idNumber: 'c3RhZmYtaWQtbnVtYmVyLQ', mobile: 'c3RhZmYtbW9iaWxlLWtleQ' };
const personal = {
  name: '王芳',
  idNumber: '520111199003072828',
  mobile: '13800000001',
  workUnit: '贵阳市花溪区贵筑街道办事处',
  qq: '10000001',
  note: '负责大寨社区、霞晖路一带的登记',
};
const passwordHash = `$argon2id$v=19$m=19456,t=2,p=1$${'c2FsdHNhbHQ'.repeat(2)}$${'dGFnIG9mIGEgcGFzc3dvcmQ'.repeat(2)}`;
const recoveryHashes = ['Zmlyc3QtcmVjb3ZlcnktY29kZQ', 'c2Vjb25kLXJlY292ZXJ5LWNvZGU'];
const credential = 'Y3JlZGVudGlhbC1vZi1hLXBhc3NrZXk';

const of = <D>(data: D) => ({ stream, data });

/** One event of every type that concerns accounts: what new golden files are made of. */
export const accountSamples: {
  readonly [T in AccountSample['type']]: { stream: string; data: Extract<AccountSample, { type: T }>['data'] };
} = {
  AccountRegistered: of({ account, role: 'operator', office: '520111004', lookup, personal }),
  AccountChanged: of({ changed: ['mobile', 'qq'], lookup, personal }),
  IdentityChecked: of({ outcome: 'matches', source: 'idRegister', askedAt: '2026-11-24T02:00:00.000Z' }),
  IdentityConfirmed: of({ basis: 'document' }),
  AuthorisationGranted: of({ authorisation: 'review', until: '2026-12-31' }),
  AuthorisationWithdrawn: of({ authorisation: 'review' }),
  AccountDisabled: of({ personal: { reason: '借调到其他单位，暂不办理业务' } }),
  AccountEnabled: of({}),
  AccountClosed: of({ personal: { reason: '王芳已调离贵筑街道' } }),
  AccountErased: of({ erasedOn: '2031-11-25', basis: 'retentionEnded', retention: 'retention-1' }),
  PasswordIssued: of({ personal: { passwordHash } }),
  PasswordChanged: of({ personal: { passwordHash } }),
  TotpEnrolled: of({ personal: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', recoveryHashes } }),
  RecoveryCodeUsed: of({ personal: { used: recoveryHashes[0] ?? '' } }),
  RecoveryCodesRenewed: of({ personal: { recoveryHashes } }),
  TotpRemoved: of({}),
  PasskeyAdded: of({
    credential,
    personal: {
      publicKey: 'cHVibGljLWtleS1vZi1hLXBhc3NrZXk',
      counter: 0,
      transports: ['internal'],
      label: '办公室电脑',
    },
  }),
  PasskeyRemoved: of({ credential }),
  StaffPersonReserved: { stream: 'staffPerson-c3RhZmYtaWQtbnVtYmVyLQ', data: { account } },
};

type Fold = { decider: Decider<Kind>; after?: readonly AccountSample['type'][]; into: object };

const decider = accountDecider as unknown as Decider<Kind>;
const made = (into: object, ...then: readonly AccountSample['type'][]): Fold => ({
  decider,
  after: ['AccountRegistered', ...then],
  into,
});

/** What each of them makes of its aggregate, also once what is sealed in it is gone. */
export const accountFolds: { readonly [T in AccountSample['type']]: Fold } = {
  AccountRegistered: {
    decider,
    into: { status: 'active', account, role: 'operator', office: '520111004', grants: [] },
  },
  AccountChanged: made({ lookup, identity: { matches: true } }, 'IdentityChecked'),
  IdentityChecked: made({ identity: { matches: true, confirmed: false } }),
  IdentityConfirmed: made({ identity: { matches: true, confirmed: true } }, 'IdentityChecked'),
  AuthorisationGranted: made({ grants: [{ authorisation: 'review', until: '2026-12-31' }] }),
  AuthorisationWithdrawn: made({ grants: [] }, 'AuthorisationGranted'),
  AccountDisabled: made({ status: 'disabled' }),
  AccountEnabled: made({ status: 'active' }, 'AccountDisabled'),
  AccountClosed: made({ status: 'closed', grants: [] }, 'AuthorisationGranted'),
  AccountErased: made({ status: 'closed', erasedOn: '2031-11-25' }, 'AccountClosed'),
  PasswordIssued: made({ password: { mustChange: true } }),
  PasswordChanged: made({ password: { mustChange: false } }, 'PasswordIssued'),
  TotpEnrolled: made({ totp: {} }),
  RecoveryCodeUsed: made({ totp: {} }, 'TotpEnrolled'),
  RecoveryCodesRenewed: made({ totp: {} }, 'TotpEnrolled'),
  TotpRemoved: made({ status: 'active' }, 'TotpEnrolled'),
  PasskeyAdded: made({ passkeys: [{ credential }] }),
  PasskeyRemoved: made({ passkeys: [] }, 'PasskeyAdded'),
  StaffPersonReserved: { decider: staffPersonDecider as unknown as Decider<Kind>, into: { holder: account } },
};
