import type { Day } from '../calendar/day.ts';
import type { Authorisation, Role } from './authorisations.ts';
import type {
  AccountDetails,
  AccountEvent,
  AccountLookup,
  AccountRegistered,
  IdentityChecked,
  IdentityOutcome,
  PasskeyDetails,
} from './events.ts';

/** One authorisation that someone holds; `until` is its last day. */
export type Grant = { authorisation: Authorisation; until?: Day };

/** How far the real-name verification of a person has come (O4). */
export type Identity = { lastOutcome?: IdentityOutcome; matches: boolean; confirmed: boolean };

/** An account that was registered, as the fold of its stream. */
export type MadeAccount = {
  status: 'active' | 'disabled' | 'closed';
  account: string;
  role: Role;
  office: string;
  lookup: AccountLookup;
  details: AccountDetails;
  identity: Identity;
  grants: readonly Grant[];
  /** `mustChange`: it came from an admin. */
  password?: { hash: string; mustChange: boolean };
  totp?: { secret: string; recoveryHashes: readonly string[] };
  passkeys: readonly ({ credential: string } & PasskeyDetails)[];
  erasedOn?: Day;
};

export type AccountState = { status: 'absent' } | MadeAccount;

export const initialState: AccountState = { status: 'absent' };

const unchecked: Identity = { matches: false, confirmed: false };

/** Name and ID number match the register and an admin confirmed them, both since they last changed (O4). */
export const isVerified = ({ matches, confirmed }: Identity): boolean => matches && confirmed;

/** What of someone's grants holds on a day: its last day included. */
export const inForce = (grants: readonly Grant[], today: Day): readonly Authorisation[] =>
  grants.filter(({ until }) => until === undefined || until >= today).map(({ authorisation }) => authorisation);

/** The last days of those of someone's grants that end. */
export const endsOf = (grants: readonly Grant[]): Readonly<Partial<Record<Authorisation, Day>>> =>
  Object.fromEntries(
    grants.flatMap(({ authorisation, until }) => (until === undefined ? [] : [[authorisation, until]])),
  );

/** The identity after a change of details: another name or ID number is another person to check. */
export const identityAfterChange = (identity: Identity, changed: readonly string[]): Identity =>
  changed.includes('name') || changed.includes('idNumber') ? unchecked : identity;

/** The identity after a check; a register that cannot be reached says nothing about the person. */
export const identityAfterCheck = (identity: Identity, outcome: IdentityOutcome): Identity => {
  if (outcome === 'unreachable') return { ...identity, lastOutcome: outcome };
  return outcome === 'matches'
    ? { ...identity, lastOutcome: outcome, matches: true }
    : { ...unchecked, lastOutcome: outcome };
};

/** Grants with one more, which takes the place of an earlier one of the same kind. */
export const withGrant = (grants: readonly Grant[], grant: Grant): readonly Grant[] => [
  ...withoutGrant(grants, grant.authorisation),
  grant,
];

export const withoutGrant = (grants: readonly Grant[], authorisation: Authorisation): readonly Grant[] =>
  grants.filter((held) => held.authorisation !== authorisation);

const registered = ({ data }: AccountRegistered): MadeAccount => ({
  status: 'active',
  account: data.account,
  role: data.role,
  office: data.office,
  lookup: data.lookup,
  details: data.personal,
  identity: unchecked,
  grants: [],
  passkeys: [],
});

const withoutTotp = ({ totp: _, ...state }: MadeAccount): MadeAccount => state;

const checked = (state: MadeAccount, { data }: IdentityChecked): MadeAccount => ({
  ...state,
  identity: identityAfterCheck(state.identity, data.outcome),
});

/** What someone signs in with; erased parts leave nothing to sign in with. */
const withRecovery = (state: MadeAccount, change: (hashes: readonly string[]) => readonly string[]): MadeAccount =>
  state.totp === undefined
    ? state
    : { ...state, totp: { ...state.totp, recoveryHashes: change(state.totp.recoveryHashes) } };

const passwordOf = (data: { personal: { passwordHash?: string } }, mustChange: boolean) => ({
  password: { hash: data.personal.passwordHash ?? '', mustChange },
});

const evolveMade = (state: MadeAccount, event: AccountEvent): MadeAccount => {
  switch (event.type) {
    case 'AccountRegistered':
      return registered(event);
    case 'AccountChanged': {
      const { lookup, personal: details, changed } = event.data;
      return { ...state, lookup, details, identity: identityAfterChange(state.identity, changed) };
    }
    case 'IdentityChecked':
      return checked(state, event);
    case 'IdentityConfirmed':
      return { ...state, identity: { ...state.identity, confirmed: true } };
    case 'AuthorisationGranted':
      return { ...state, grants: withGrant(state.grants, event.data) };
    case 'AuthorisationWithdrawn':
      return { ...state, grants: withoutGrant(state.grants, event.data.authorisation) };
    case 'AccountDisabled':
      return { ...state, status: 'disabled' };
    case 'AccountEnabled':
      return { ...state, status: 'active' };
    case 'AccountClosed':
      return { ...state, status: 'closed', grants: [] };
    case 'AccountErased':
      return { ...state, erasedOn: event.data.erasedOn };
    case 'PasswordIssued':
      return { ...state, ...passwordOf(event.data, true) };
    case 'PasswordChanged':
      return { ...state, ...passwordOf(event.data, false) };
    case 'TotpEnrolled': {
      const { secret = '', recoveryHashes = [] } = event.data.personal;
      return { ...state, totp: { secret, recoveryHashes } };
    }
    case 'RecoveryCodeUsed':
      return withRecovery(state, (hashes) => hashes.filter((hash) => hash !== event.data.personal.used));
    case 'RecoveryCodesRenewed':
      return withRecovery(state, () => event.data.personal.recoveryHashes ?? []);
    case 'TotpRemoved':
      return withoutTotp(state);
    case 'PasskeyAdded': {
      const { credential, personal } = event.data;
      return { ...state, passkeys: [...state.passkeys, { credential, ...personal }] };
    }
    case 'PasskeyRemoved':
      return { ...state, passkeys: state.passkeys.filter(({ credential }) => credential !== event.data.credential) };
  }
};

/** What an account is after one more event. */
export const evolve = (state: AccountState, event: AccountEvent): AccountState => {
  if (state.status !== 'absent') return evolveMade(state, event);
  return event.type === 'AccountRegistered' ? registered(event) : state;
};
