import fc from 'fast-check';
import { authorisations } from '#domain/account/authorisations.ts';
import type { AccountCommand } from '#domain/account/decide.ts';
import type { AccountDetails, AccountLookup, AccountRegistered } from '#domain/account/events.ts';

export const person: AccountDetails = { name: '王芳', idNumber: '520111199003072825', mobile: '13800000001' };

/** Keys that differ exactly where the details do. */
export const lookupFor = ({ name, idNumber, mobile }: AccountDetails): AccountLookup => ({
  name: `key of ${name}`,
  idNumber: `key of ${idNumber}`,
  mobile: mobile === '' ? '' : `key of ${mobile}`,
});

export const registration = (details: AccountDetails = person): AccountRegistered['data'] => ({
  account: 'czy-520111004',
  role: 'operator',
  office: '520111004',
  lookup: lookupFor(details),
  personal: details,
});

const today = '2026-11-25';
const details = fc.constantFrom<AccountDetails>(
  person,
  { ...person, mobile: '13800000002' },
  { ...person, name: '王方' },
  { ...person, idNumber: '520111199003072841' },
  { ...person, idNumber: '520103198505050015' },
);
const authorisation = fc.constantFrom(...authorisations);
const reason = fc.constantFrom('', ' ', '调离');
const hash = fc.constantFrom('hash 1', 'hash 2', 'hash 3');
const hashes = fc.subarray(['hash 1', 'hash 2', 'hash 3']);
const credential = fc.constantFrom('key 1', 'key 2');

const any: fc.Arbitrary<AccountCommand> = fc.oneof(
  details.map((personal) => ({ type: 'RegisterAccount', registration: registration(personal) }) as const),
  details.map((personal) => ({ type: 'ChangeAccount', lookup: lookupFor(personal), personal }) as const),
  fc.tuple(fc.constantFrom('matches', 'matches', 'differs', 'unreachable'), details).map(
    ([outcome, asked]) =>
      ({
        type: 'RecordIdentityCheck',
        check: { outcome, source: 'idRegister', askedAt: '2026-11-25T02:00:00.000Z' },
        about: lookupFor(asked),
      }) as const,
  ),
  fc.constantFrom('inPerson', 'document').map((basis) => ({ type: 'ConfirmIdentity', basis }) as const),
  fc
    .record(
      { authorisation, until: fc.constantFrom('2026-11-24', today, '2026-12-31') },
      { requiredKeys: ['authorisation'] },
    )
    .map((grant) => ({ type: 'GrantAuthorisation', today, possible: ['review', 'register'], ...grant }) as const),
  authorisation.map((one) => ({ type: 'WithdrawAuthorisation', authorisation: one }) as const),
  reason.map((why) => ({ type: 'DisableAccount', reason: why }) as const),
  fc.constant({ type: 'EnableAccount' } as const),
  reason.map((why) => ({ type: 'CloseAccount', reason: why }) as const),
  hash.map((passwordHash) => ({ type: 'IssuePassword', passwordHash }) as const),
  hash.map((passwordHash) => ({ type: 'ChangePassword', passwordHash }) as const),
  hashes.map((recoveryHashes) => ({ type: 'EnrolTotp', secret: 'secret', recoveryHashes }) as const),
  hash.map((used) => ({ type: 'UseRecoveryCode', used }) as const),
  hashes.map((recoveryHashes) => ({ type: 'RenewRecoveryCodes', recoveryHashes }) as const),
  fc.boolean().map((demanded) => ({ type: 'RemoveTotp', demanded }) as const),
  fc.constant({ type: 'ResetFactors' } as const),
  credential.map(
    (id) =>
      ({
        type: 'AddPasskey',
        credential: id,
        publicKey: 'key',
        counter: 0,
        transports: [],
        label: '办公室电脑',
      }) as const,
  ),
  fc
    .tuple(credential, fc.boolean())
    .map(([id, demanded]) => ({ type: 'RemovePasskey', credential: id, demanded }) as const),
);

const rare = (command: AccountCommand) => command.type !== 'CloseAccount';

/** Commands as they may come, mostly to an account that was registered and is not closed yet. */
export const accountCommands: fc.Arbitrary<readonly AccountCommand[]> = fc
  .tuple(fc.array(any.filter(rare), { maxLength: 25 }), fc.array(any, { maxLength: 5 }), fc.boolean())
  .map(([living, rest, made]) => [
    ...(made ? [{ type: 'RegisterAccount', registration: registration() } as const] : []),
    ...living,
    ...rest,
  ]);
