import { match, P } from 'ts-pattern';
import type { Day } from '../calendar/day.ts';
import { accountKeptUntil, type Retention } from '../calendar/retention.ts';
import { accepted, type Decider, type Decision, rejected } from '../decider.ts';
import type { Authorisation } from './authorisations.ts';
import type {
  AccountDetails,
  AccountEvent,
  AccountLookup,
  AccountRegistered,
  ConfirmationBasis,
  IdentityChecked,
  PasskeyDetails,
} from './events.ts';
import { changedDetails, type DetailFault, detailFaults, isAccountName } from './rules.ts';
import { type AccountState, evolve, type Grant, initialState, type MadeAccount } from './state.ts';

/** What an admin does with an account. `possible`: what its people can hold at all there (rules.ts). */
type AdminCommand =
  | { type: 'ChangeAccount'; lookup: AccountLookup; personal: AccountDetails }
  /** `about`: keys of the name and ID number that the register was asked about. */
  | { type: 'RecordIdentityCheck'; check: IdentityChecked['data']; about: Pick<AccountLookup, 'name' | 'idNumber'> }
  | { type: 'ConfirmIdentity'; basis: ConfirmationBasis }
  | ({ type: 'GrantAuthorisation'; today: Day; possible: readonly Authorisation[] } & Grant)
  | { type: 'WithdrawAuthorisation'; authorisation: Authorisation }
  | { type: 'DisableAccount'; reason: string }
  | { type: 'EnableAccount' }
  | { type: 'CloseAccount'; reason: string }
  | { type: 'IssuePassword'; passwordHash: string }
  /** Takes away whatever they sign in with besides a password: it was lost. */
  | { type: 'ResetFactors' };

/** What people do with what they sign in with. `used`, `recoveryHashes`: hashes of recovery codes. */
type OwnCommand =
  | { type: 'ChangePassword'; passwordHash: string }
  | { type: 'EnrolTotp'; secret: string; recoveryHashes: readonly string[] }
  | { type: 'UseRecoveryCode'; used: string }
  | { type: 'RenewRecoveryCodes'; recoveryHashes: readonly string[] }
  /** `demanded`: not without another second factor. */
  | { type: 'RemoveTotp'; demanded: boolean }
  | ({ type: 'AddPasskey'; credential: string } & PasskeyDetails)
  | { type: 'RemovePasskey'; credential: string; demanded: boolean };

export type AccountCommand =
  | { type: 'RegisterAccount'; registration: AccountRegistered['data'] }
  | AdminCommand
  | OwnCommand
  /** The platform itself, once it was kept long enough; `closedOn`: the day of its last event. */
  | { type: 'EraseAccount'; today: Day; closedOn: Day; retention: Retention };

/** Why a command on an account did nothing. */
export type AccountRejection =
  | { type: 'absent' }
  /** The person has this account already: whatever else was to come with it is not added. */
  | { type: 'present' }
  /** Another person has, or had, this account name. */
  | { type: 'occupied' }
  | { type: 'closed' }
  /** Only what is closed is erased, and not before its time. */
  | { type: 'live' }
  | { type: 'withinRetention'; until: Day }
  | { type: 'disabled' }
  /** It is the only second factor where one is demanded. */
  | { type: 'demanded' }
  | { type: 'invalid'; faults: readonly DetailFault[] }
  | { type: 'unreasoned' }
  /** No match of name and ID number was found since they last changed (O4). */
  | { type: 'unchecked' }
  /** Name or ID number are no longer those that the register was asked about. */
  | { type: 'changedMeanwhile' }
  /** The office has no such work (O5). */
  | { type: 'unsuitable'; authorisation: Authorisation }
  | { type: 'past'; until: Day }
  | { type: 'unenrolled' }
  | { type: 'unknownCode' };

export type AccountKind = {
  command: AccountCommand;
  state: AccountState;
  event: AccountEvent;
  rejection: AccountRejection;
};

type Of<T extends AccountCommand['type']> = Extract<AccountCommand, { type: T }>;
type Outcome = Decision<AccountKind>;

const nothing: Outcome = accepted();
const happened = (event: AccountEvent): Outcome => accepted(event);

/** Registered (O3, §1.2.1), under a name that nobody has: with it ends every act on an account that there is. */
const register = ({ registration }: Of<'RegisterAccount'>, state: AccountState): Outcome => {
  if (state.status !== 'absent') {
    const same = state.status !== 'closed' && state.lookup.idNumber === registration.lookup.idNumber;
    return rejected({ type: same ? 'present' : 'occupied' });
  }
  const named: readonly DetailFault[] = isAccountName(registration.account)
    ? []
    : [{ field: 'account', fault: 'malformed' }];
  const faults = [...named, ...detailFaults(registration.personal)];
  return faults.length > 0
    ? rejected({ type: 'invalid', faults })
    : happened({ type: 'AccountRegistered', data: registration });
};

const change = ({ lookup, personal }: Of<'ChangeAccount'>, state: MadeAccount): Outcome => {
  const faults = detailFaults(personal);
  if (faults.length > 0) return rejected({ type: 'invalid', faults });
  const changed = changedDetails(state.details, personal);
  return changed.length === 0 ? nothing : happened({ type: 'AccountChanged', data: { changed, lookup, personal } });
};

/** What the register said of name and ID number as they are; an answer about others says nothing (O4). */
const recordCheck = ({ check, about }: Of<'RecordIdentityCheck'>, { lookup }: MadeAccount): Outcome =>
  about.name === lookup.name && about.idNumber === lookup.idNumber
    ? happened({ type: 'IdentityChecked', data: check })
    : rejected({ type: 'changedMeanwhile' });

const confirm = ({ basis }: Of<'ConfirmIdentity'>, { identity }: MadeAccount): Outcome => {
  if (!identity.matches) return rejected({ type: 'unchecked' });
  return identity.confirmed ? nothing : happened({ type: 'IdentityConfirmed', data: { basis } });
};

/** Granted, for a time where one is named (O3, O5); the same grant again is nothing new. */
const grant = (command: Of<'GrantAuthorisation'>, { grants }: MadeAccount): Outcome => {
  const { authorisation, until, today, possible } = command;
  if (!possible.includes(authorisation)) return rejected({ type: 'unsuitable', authorisation });
  if (until !== undefined && until < today) return rejected({ type: 'past', until });
  const held = grants.find((one) => one.authorisation === authorisation);
  if (held !== undefined && held.until === until) return nothing;
  const data = until === undefined ? { authorisation } : { authorisation, until };
  return happened({ type: 'AuthorisationGranted', data });
};

const withdraw = ({ authorisation }: Of<'WithdrawAuthorisation'>, { grants }: MadeAccount): Outcome =>
  grants.some((one) => one.authorisation === authorisation)
    ? happened({ type: 'AuthorisationWithdrawn', data: { authorisation } })
    : nothing;

const reasoned = (
  type: 'AccountDisabled' | 'AccountClosed',
  { reason }: { reason: string },
  already: boolean,
): Outcome => {
  if (already) return nothing;
  return reason.trim() === ''
    ? rejected({ type: 'unreasoned' })
    : happened({ type, data: { personal: { reason: reason.trim() } } });
};

const useRecoveryCode = ({ used }: Of<'UseRecoveryCode'>, { totp }: MadeAccount): Outcome => {
  if (totp === undefined) return rejected({ type: 'unenrolled' });
  return totp.recoveryHashes.includes(used)
    ? happened({ type: 'RecoveryCodeUsed', data: { personal: { used } } })
    : rejected({ type: 'unknownCode' });
};

const addPasskey = ({ type: _, credential, ...personal }: Of<'AddPasskey'>, { passkeys }: MadeAccount): Outcome =>
  passkeys.some((one) => one.credential === credential)
    ? nothing
    : happened({ type: 'PasskeyAdded', data: { credential, personal } });

const removeTotp = ({ demanded }: Of<'RemoveTotp'>, { totp, passkeys }: MadeAccount): Outcome => {
  if (totp === undefined) return nothing;
  return demanded && passkeys.length === 0
    ? rejected({ type: 'demanded' })
    : happened({ type: 'TotpRemoved', data: {} });
};

const removePasskey = ({ credential, demanded }: Of<'RemovePasskey'>, { totp, passkeys }: MadeAccount): Outcome => {
  if (passkeys.every((one) => one.credential !== credential)) return nothing;
  return demanded && totp === undefined && passkeys.length === 1
    ? rejected({ type: 'demanded' })
    : happened({ type: 'PasskeyRemoved', data: { credential } });
};

const resetFactors = ({ totp, passkeys }: MadeAccount): Outcome =>
  accepted<AccountEvent>(
    ...(totp === undefined ? [] : [{ type: 'TotpRemoved', data: {} } as const]),
    ...passkeys.map(({ credential }) => ({ type: 'PasskeyRemoved', data: { credential } }) as const),
  );

/** Given up once it is closed and was kept for as long as the rule in force asks (PIPL art. 47); once is enough. */
const erase = ({ today, closedOn, retention }: Of<'EraseAccount'>, { status, erasedOn }: MadeAccount): Outcome => {
  if (erasedOn !== undefined) return nothing;
  if (status !== 'closed') return rejected({ type: 'live' });
  const until = accountKeptUntil(retention, closedOn);
  return today > until
    ? happened({ type: 'AccountErased', data: { erasedOn: today, basis: 'retentionEnded', retention: retention.id } })
    : rejected({ type: 'withinRetention', until });
};

const administer = (command: AdminCommand, state: MadeAccount): Outcome =>
  match(command)
    .with({ type: 'ChangeAccount' }, (c) => change(c, state))
    .with({ type: 'RecordIdentityCheck' }, (c) => recordCheck(c, state))
    .with({ type: 'ConfirmIdentity' }, (c) => confirm(c, state))
    .with({ type: 'GrantAuthorisation' }, (c) => grant(c, state))
    .with({ type: 'WithdrawAuthorisation' }, (c) => withdraw(c, state))
    .with({ type: 'DisableAccount' }, (c) => reasoned('AccountDisabled', c, state.status === 'disabled'))
    .with({ type: 'EnableAccount' }, () =>
      state.status === 'active' ? nothing : happened({ type: 'AccountEnabled', data: {} }),
    )
    .with({ type: 'CloseAccount' }, (c) => reasoned('AccountClosed', c, false))
    .with({ type: 'IssuePassword' }, ({ passwordHash }) =>
      happened({ type: 'PasswordIssued', data: { personal: { passwordHash } } }),
    )
    .with({ type: 'ResetFactors' }, () => resetFactors(state))
    .exhaustive();

const signInWith = (command: OwnCommand, state: MadeAccount): Outcome =>
  match(command)
    .with({ type: 'ChangePassword' }, ({ passwordHash }) =>
      happened({ type: 'PasswordChanged', data: { personal: { passwordHash } } }),
    )
    .with({ type: 'EnrolTotp' }, ({ secret, recoveryHashes }) =>
      happened({ type: 'TotpEnrolled', data: { personal: { secret, recoveryHashes } } }),
    )
    .with({ type: 'UseRecoveryCode' }, (c) => useRecoveryCode(c, state))
    .with({ type: 'RenewRecoveryCodes' }, ({ recoveryHashes }) =>
      state.totp === undefined
        ? rejected({ type: 'unenrolled' })
        : happened({ type: 'RecoveryCodesRenewed', data: { personal: { recoveryHashes } } }),
    )
    .with({ type: 'RemoveTotp' }, (c) => removeTotp(c, state))
    .with({ type: 'AddPasskey' }, (c) => addPasskey(c, state))
    .with({ type: 'RemovePasskey' }, (c) => removePasskey(c, state))
    .exhaustive();

/** What only a person who may sign in does. */
const own = P.union(
  'ChangePassword',
  'EnrolTotp',
  'UseRecoveryCode',
  'RenewRecoveryCodes',
  'RemoveTotp',
  'AddPasskey',
  'RemovePasskey',
);

const decide = (command: AccountCommand, state: AccountState): Outcome => {
  if (command.type === 'RegisterAccount') return register(command, state);
  if (state.status === 'absent') return rejected({ type: 'absent' });
  if (command.type === 'EraseAccount') return erase(command, state);
  if (state.status === 'closed') return command.type === 'CloseAccount' ? nothing : rejected({ type: 'closed' });
  return match(command)
    .with({ type: own }, (c) => (state.status === 'disabled' ? rejected({ type: 'disabled' }) : signInWith(c, state)))
    .otherwise((c) => administer(c, state));
};

/** The account as a decider; its stream is `account-<account>`. */
export const accountDecider: Decider<AccountKind> = { category: 'account', initialState, decide, evolve };
