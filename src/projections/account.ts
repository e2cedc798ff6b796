import type { Role } from '#domain/account/authorisations.ts';
import type { AccountEvent, AccountLookup, AccountRegistered } from '#domain/account/events.ts';
import {
  type Grant,
  type Identity,
  identityAfterChange,
  identityAfterCheck,
  withGrant,
  withoutGrant,
} from '#domain/account/state.ts';
import { type Occurred, projection } from './projection.ts';
import type { Stored } from './stored.ts';

/** One account by what it signs in with; `personal` is sealed under `account-<account>`. */
export type AccountRow = {
  id: string;
  revision: number;
  status: 'active' | 'disabled' | 'closed';
  role: Role;
  office: string;
  /** Keyed hashes of the person's own; a closed account is found by its name alone, an erased one by none. */
  nameKey?: string;
  personKey?: string;
  mobileKey?: string;
  /** Position of the event that this mobile came with: who had it first is meant by it. */
  mobileSince?: number;
  identity: Identity;
  /** When the register was asked last (UTC). */
  checkedAt?: string;
  grants: readonly Grant[];
  registeredAt: string;
  /** Why it was disabled or closed, sealed, and when. */
  ended?: { at: string; personal?: string };
  /** They have a password, and must choose another; whether they have a second factor. */
  password: 'none' | 'issued' | 'own';
  totp: boolean;
  passkeys: number;
  /** Gone once erased, as all that is sealed. */
  personal?: string;
  erasedOn?: string;
};

type StoredAccountEvent = Stored<AccountEvent>;
type EventOf<T extends AccountEvent['type']> = Occurred<Extract<StoredAccountEvent, { type: T }>>;
type Change<T extends AccountEvent['type']> = (row: AccountRow, event: EventOf<T>) => AccountRow;

const prefix = 'account-';

const atOf = ({ meta }: Occurred<StoredAccountEvent>): string => String(meta['at']);

const keysFrom = ({ name, idNumber, mobile }: AccountLookup, since: number) => ({
  nameKey: name,
  personKey: idNumber,
  ...(mobile === '' ? {} : { mobileKey: mobile, mobileSince: since }),
});

const registered = (event: Occurred<Stored<AccountRegistered>>): AccountRow => {
  const { account, role, office, lookup, personal } = event.data;
  return {
    id: account,
    revision: event.revision,
    status: 'active',
    role,
    office,
    ...keysFrom(lookup, event.position),
    identity: { matches: false, confirmed: false },
    grants: [],
    registeredAt: atOf(event),
    password: 'none',
    totp: false,
    passkeys: 0,
    personal,
  };
};

/** Every event of an account moves the revision that acts are based on. */
const changed =
  <T extends AccountEvent['type']>(change: Change<T>) =>
  (row: AccountRow | undefined, event: EventOf<T>): AccountRow | undefined =>
    row && { ...change(row, event), revision: event.revision };

const withoutMobile = ({ mobileKey: _, mobileSince: __, ...row }: AccountRow): AccountRow => row;
const unfound = ({ personKey: _, ...row }: AccountRow): AccountRow => withoutMobile(row);
const running = ({ ended: _, ...row }: AccountRow): AccountRow => ({ ...row, status: 'active' });

const forgotten = ({ personal: _, nameKey: __, ended, ...row }: AccountRow): AccountRow => ({
  ...row,
  ...(ended && { ended: { at: ended.at } }),
});

/** Staff as pages list them and every request of theirs reads them (O3, O4). */
export const account = projection<StoredAccountEvent, AccountRow>({
  name: 'account',
  indexes: { office: ['office'], person: ['personKey'], mobile: ['mobileKey'], name: ['nameKey', 'office'] },
  keysOf: ({ stream }) => (stream.startsWith(prefix) ? [stream.slice(prefix.length)] : []),
  on: {
    AccountRegistered: (_, event) => registered(event),
    AccountChanged: changed((row, { data, position }) => ({
      ...withoutMobile(row),
      ...keysFrom(data.lookup, data.lookup.mobile === row.mobileKey ? (row.mobileSince ?? 0) : position),
      personal: data.personal,
      identity: identityAfterChange(row.identity, data.changed),
    })),
    IdentityChecked: changed((row, { data }) => ({
      ...row,
      identity: identityAfterCheck(row.identity, data.outcome),
      checkedAt: data.askedAt,
    })),
    IdentityConfirmed: changed((row) => ({ ...row, identity: { ...row.identity, confirmed: true } })),
    AuthorisationGranted: changed((row, { data }) => ({ ...row, grants: withGrant(row.grants, data) })),
    AuthorisationWithdrawn: changed((row, { data }) => ({
      ...row,
      grants: withoutGrant(row.grants, data.authorisation),
    })),
    AccountDisabled: changed((row, event) => ({
      ...row,
      status: 'disabled',
      ended: { at: atOf(event), personal: event.data.personal },
    })),
    AccountEnabled: changed(running),
    AccountClosed: changed((row, event) => ({
      ...unfound(row),
      status: 'closed',
      grants: [],
      ended: { at: atOf(event), personal: event.data.personal },
    })),
    AccountErased: changed((row, { data }) => ({ ...forgotten(row), erasedOn: data.erasedOn })),
    PasswordIssued: changed((row) => ({ ...row, password: 'issued' })),
    PasswordChanged: changed((row) => ({ ...row, password: 'own' })),
    TotpEnrolled: changed((row) => ({ ...row, totp: true })),
    TotpRemoved: changed((row) => ({ ...row, totp: false })),
    RecoveryCodeUsed: changed((row) => row),
    RecoveryCodesRenewed: changed((row) => row),
    PasskeyAdded: changed((row) => ({ ...row, passkeys: row.passkeys + 1 })),
    PasskeyRemoved: changed((row) => ({ ...row, passkeys: row.passkeys - 1 })),
  },
});
