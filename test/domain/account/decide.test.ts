import { describe, expect, it } from 'vitest';
import { accountDecider } from '#domain/account/decide.ts';
import type { AccountEvent } from '#domain/account/events.ts';
import { staffPersonDecider } from '#domain/account/reservation.ts';
import { inForce } from '#domain/account/state.ts';
import { lookupFor, person, registration } from '../../support/accounts.ts';
import { folded, given } from '../../support/given.ts';

const registered: AccountEvent = { type: 'AccountRegistered', data: registration() };
const checked = (outcome: 'matches' | 'differs' | 'unreachable') =>
  ({
    type: 'IdentityChecked',
    data: { outcome, source: 'idRegister', askedAt: '2026-11-25T02:00:00.000Z' },
  }) as const;
const confirmed = { type: 'IdentityConfirmed', data: { basis: 'document' } } as const;
const granted = { type: 'AuthorisationGranted', data: { authorisation: 'review', until: '2026-12-31' } } as const;
const disabled = { type: 'AccountDisabled', data: { personal: { reason: '借调' } } } as const;
const closed = { type: 'AccountClosed', data: { personal: { reason: '调离' } } } as const;
const grant = {
  type: 'GrantAuthorisation',
  today: '2026-11-25',
  possible: ['review'],
  authorisation: 'review',
} as const;
const on = (...events: readonly AccountEvent[]) => given(accountDecider, events);

describe('registering', () => {
  it('a person nobody knows yet', () => {
    on().when({ type: 'RegisterAccount', registration: registration() }).thenHappened(registered);
  });

  it('nobody is registered over an account that there is: neither the same person nor another one', () => {
    const another = { ...person, idNumber: '520103198505050015' };
    on(registered).when({ type: 'RegisterAccount', registration: registration() }).thenRefused({ type: 'present' });
    on(registered)
      .when({ type: 'RegisterAccount', registration: registration(another) })
      .thenRefused({ type: 'occupied' });
    on(registered, closed)
      .when({ type: 'RegisterAccount', registration: registration() })
      .thenRefused({ type: 'occupied' });
  });

  it('tells everything that cannot be kept', () => {
    const garbled = { name: '王#', idNumber: '520111199003072826', mobile: '12', note: '长'.repeat(201) };
    on()
      .when({ type: 'RegisterAccount', registration: registration(garbled) })
      .thenRefused({
        type: 'invalid',
        faults: [
          { field: 'name', fault: 'garbled' },
          { field: 'idNumber', fault: 'checkCharacter' },
          { field: 'mobile', fault: 'garbled' },
          { field: 'note', fault: 'long' },
        ],
      });
  });

  it('a mobile may come later', () => {
    const data = registration({ ...person, mobile: '' });
    on().when({ type: 'RegisterAccount', registration: data }).thenHappened({ type: 'AccountRegistered', data });
  });
});

describe('real-name verification (O4)', () => {
  it('needs the match before the confirmation', () => {
    const confirm = { type: 'ConfirmIdentity', basis: 'document' } as const;
    on(registered).when(confirm).thenRefused({ type: 'unchecked' });
    on(registered, checked('differs')).when(confirm).thenRefused({ type: 'unchecked' });
    on(registered, checked('unreachable')).when(confirm).thenRefused({ type: 'unchecked' });
    on(registered, checked('matches')).when(confirm).thenHappened(confirmed);
    on(registered, checked('matches'), confirmed).when(confirm).thenNothing();
  });

  it.each([
    [{ ...person, mobile: '13800000002' }, true],
    [{ ...person, name: '王方' }, false],
    [{ ...person, idNumber: '520103198505050015' }, false],
  ])('after a change to %j holds: %s', (personal, holds) => {
    const change = { type: 'ChangeAccount', lookup: lookupFor(personal), personal } as const;
    const history = on(registered, checked('matches'), confirmed).when(change).history();
    expect(folded(accountDecider, history)).toMatchObject({ identity: { matches: holds, confirmed: holds } });
  });

  it('is of the name and ID number that were asked about', () => {
    const { data: check } = checked('matches');
    const [about, other] = [lookupFor(person), lookupFor({ ...person, name: '李四' })];
    on(registered).when({ type: 'RecordIdentityCheck', check, about }).thenHappened(checked('matches'));
    on(registered).when({ type: 'RecordIdentityCheck', check, about: other }).thenRefused({ type: 'changedMeanwhile' });
    on(registered)
      .when({ type: 'RecordIdentityCheck', check, about: { ...about, idNumber: 'key of another' } })
      .thenRefused({ type: 'changedMeanwhile' });
  });

  it('survives a register that is away, and ends where it differs', () => {
    const standing = (outcome: 'unreachable' | 'differs') =>
      folded(accountDecider, [registered, checked('matches'), confirmed, checked(outcome)]);
    expect(standing('unreachable')).toMatchObject({ identity: { matches: true, confirmed: true } });
    expect(standing('differs')).toMatchObject({ identity: { matches: false, confirmed: false } });
  });
});

describe('authorisations', () => {
  it('are granted for a time, lengthened, and withdrawn', () => {
    on(registered)
      .when({ ...grant, until: '2026-12-31' })
      .thenHappened(granted);
    on(registered, granted)
      .when({ ...grant, until: '2026-12-31' })
      .thenNothing();
    on(registered, granted)
      .when(grant)
      .thenHappened({ type: 'AuthorisationGranted', data: { authorisation: 'review' } });
    const withdraw = { type: 'WithdrawAuthorisation', authorisation: 'review' } as const;
    on(registered, granted)
      .when(withdraw)
      .thenHappened({ type: 'AuthorisationWithdrawn', data: { authorisation: 'review' } });
    on(registered).when(withdraw).thenNothing();
  });

  it('are not granted for days gone by, or for work that the office does not have', () => {
    on(registered)
      .when({ ...grant, until: '2026-11-24' })
      .thenRefused({ type: 'past', until: '2026-11-24' });
    on(registered)
      .when({ ...grant, until: '2026-11-25' })
      .thenHappened({ ...granted, data: { ...granted.data, until: '2026-11-25' } });
    on(registered)
      .when({ ...grant, authorisation: 'annotateBirth' })
      .thenRefused({ type: 'unsuitable', authorisation: 'annotateBirth' });
  });

  it.each([
    ['2026-12-30', ['review', 'register']],
    ['2026-12-31', ['review', 'register']],
    ['2027-01-01', ['register']],
  ])('in force on %s: %j', (today, held) => {
    expect(inForce([{ authorisation: 'review', until: '2026-12-31' }, { authorisation: 'register' }], today)).toEqual(
      held,
    );
  });
});

describe('disabling and closing', () => {
  it('need a reason', () => {
    on(registered).when({ type: 'DisableAccount', reason: ' ' }).thenRefused({ type: 'unreasoned' });
    on(registered).when({ type: 'CloseAccount', reason: '' }).thenRefused({ type: 'unreasoned' });
    on(registered).when({ type: 'DisableAccount', reason: ' 借调 ' }).thenHappened(disabled);
    on(registered).when({ type: 'CloseAccount', reason: '调离' }).thenHappened(closed);
  });

  it('twice is once', () => {
    on(registered, disabled).when({ type: 'DisableAccount', reason: '又' }).thenNothing();
    on(registered).when({ type: 'EnableAccount' }).thenNothing();
    on(registered, closed).when({ type: 'CloseAccount', reason: '又' }).thenNothing();
    on(registered, disabled).when({ type: 'EnableAccount' }).thenHappened({ type: 'AccountEnabled', data: {} });
  });

  it('leave nobody who changes a password, and closing nothing at all', () => {
    const change = { type: 'ChangePassword', passwordHash: 'hash' } as const;
    on(registered, disabled).when(change).thenRefused({ type: 'disabled' });
    on(registered, closed).when(change).thenRefused({ type: 'closed' });
    on(registered, closed).when({ type: 'EnableAccount' }).thenRefused({ type: 'closed' });
    on().when(change).thenRefused({ type: 'absent' });
    expect(folded(accountDecider, [registered, granted, closed])).toMatchObject({ status: 'closed', grants: [] });
  });
});

describe('what people sign in with', () => {
  const enrolled: AccountEvent = {
    type: 'TotpEnrolled',
    data: { personal: { secret: 'secret', recoveryHashes: ['one', 'two'] } },
  };

  it('recovery codes serve once, and only with a second factor', () => {
    const use = { type: 'UseRecoveryCode', used: 'one' } as const;
    on(registered).when(use).thenRefused({ type: 'unenrolled' });
    on(registered, enrolled)
      .when({ ...use, used: 'three' })
      .thenRefused({ type: 'unknownCode' });
    const used = on(registered, enrolled).when(use).history();
    on(...used)
      .when(use)
      .thenRefused({ type: 'unknownCode' });
    on(registered).when({ type: 'RenewRecoveryCodes', recoveryHashes: [] }).thenRefused({ type: 'unenrolled' });
  });

  it('the second factor goes with its recovery codes', () => {
    const removed = on(registered, enrolled).when({ type: 'RemoveTotp', demanded: false }).history();
    expect(folded(accountDecider, removed)).not.toHaveProperty('totp');
    on(...removed)
      .when({ type: 'RemoveTotp', demanded: false })
      .thenNothing();
  });

  it('of two second factors the last one stays where one is demanded, whichever it is', () => {
    const passkey = { publicKey: 'key', counter: 0, transports: ['usb'], label: '办公室电脑' };
    const both = on(registered, enrolled)
      .when({ type: 'AddPasskey', credential: 'one', ...passkey })
      .history();
    const removeApp = { type: 'RemoveTotp', demanded: true } as const;
    const removeKey = { type: 'RemovePasskey', credential: 'one', demanded: true } as const;
    const withKey = on(...both)
      .when(removeApp)
      .history();
    on(...withKey)
      .when(removeKey)
      .thenRefused({ type: 'demanded' });
    const withApp = on(...both)
      .when(removeKey)
      .history();
    on(...withApp)
      .when(removeApp)
      .thenRefused({ type: 'demanded' });
  });

  it('a passkey is added once and removed once', () => {
    const details = { publicKey: 'key', counter: 0, transports: ['usb'], label: '办公室电脑' };
    const add = { type: 'AddPasskey', credential: 'one', ...details } as const;
    const added = on(registered).when(add).history();
    expect(added.at(-1)).toEqual({ type: 'PasskeyAdded', data: { credential: 'one', personal: details } });
    on(...added)
      .when(add)
      .thenNothing();
    on(...added)
      .when({ type: 'RemovePasskey', credential: 'two', demanded: true })
      .thenNothing();
    on(...added)
      .when({ type: 'RemovePasskey', credential: 'one', demanded: false })
      .thenHappened({ type: 'PasskeyRemoved', data: { credential: 'one' } });
  });
});

describe('one person', () => {
  const reserved = { type: 'StaffPersonReserved', data: { account: 'czy-1' } } as const;
  it('is held by one account until that has ended', () => {
    const reserve = { type: 'ReserveStaffPerson', account: 'czy-2' } as const;
    given(staffPersonDecider, [])
      .when({ ...reserve, account: 'czy-1' })
      .thenHappened(reserved);
    given(staffPersonDecider, [reserved]).when(reserve).thenRefused({ type: 'held', holder: 'czy-1' });
    given(staffPersonDecider, [reserved])
      .when({ ...reserve, account: 'czy-1' })
      .thenNothing();
    given(staffPersonDecider, [reserved])
      .when({ ...reserve, ended: 'czy-1' })
      .thenHappened({ type: 'StaffPersonReserved', data: { account: 'czy-2' } });
  });
});
