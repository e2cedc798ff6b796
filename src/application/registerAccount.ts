import type { Role } from '#domain/account/authorisations.ts';
import { type AccountCommand, type AccountRejection, accountDecider } from '#domain/account/decide.ts';
import type { AccountDetails, ConfirmationBasis, IdentityChecked } from '#domain/account/events.ts';
import { accountName, possibleAuthorisations } from '#domain/account/rules.ts';
import type { Grant, MadeAccount } from '#domain/account/state.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { several } from '#domain/decider.ts';
import { normaliseIdNumber } from '#domain/people/idNumber.ts';
import { normaliseMobile } from '#domain/people/mobile.ts';
import { normaliseName } from '#domain/people/personName.ts';
import { accountLookup } from './accountOpened.ts';
import type { Deps } from './deps.ts';
import { type Act, type Handling, handleCommand, load } from './handleCommand.ts';
import { keepsPerson, reservePerson } from './reservePerson.ts';

/** What registering needs of the world. */
export type Registering = Handling & Pick<Deps, 'viewStore' | 'offices' | 'ids'>;

/**
 * A person who is to work at an office; without `account` the office's next name is taken. `passwordHash`: of a one-time
 * password. `verified`: how they were checked and confirmed before.
 */
export type NewAccount = {
  office: string;
  role: Role;
  details: AccountDetails;
  account?: string;
  grants?: readonly Grant[];
  passwordHash?: string;
  verified?: { check: IdentityChecked['data']; basis: ConfirmationBasis };
};

/** Registered now or before (`repeated`), or `held`: the person works at another office, or as something else there. */
export type Registered =
  | { outcome: 'registered'; account: string; position: number; repeated: boolean }
  | { outcome: 'held'; office: string; role: Role }
  | { outcome: 'rejected'; rejection: AccountRejection };

const namesAtOnce = 20;
/** Why an account was closed that came too late, for whoever reads the record. */
const tooLate = '登记时此人已由其他单位登记';
const accounts = several(accountDecider);

/** The first of an office's account names, from a number on, that nobody has. */
const freeName = async (
  deps: Registering,
  role: Role,
  office: string,
  from: number,
): Promise<{ name: string; number: number }> => {
  for (let first = from; ; first += namesAtOnce) {
    const names = Array.from({ length: namesAtOnce }, (_, n) => accountName(role, office, first + n));
    const taken = new Set((await deps.viewStore.get('account', names)).map(({ id }) => id));
    for (const [n, name] of names.entries()) {
      if (taken.has(name)) continue;
      // The view may be behind: the stream itself says who was first.
      if ((await deps.eventStore.readStream(`account-${name}`)).length === 0) return { name, number: first + n };
    }
  }
};

/** The account name that the next person of an office gets unless another is wished for. */
export const suggestedAccount = async (deps: Registering, role: Role, office: string): Promise<string> =>
  (await freeName(deps, role, office, 1)).name;

/** What people write, brought to the one spelling that is kept; what is empty is left out. */
export const normalisedDetails = (typed: AccountDetails): AccountDetails => {
  const { name, idNumber, mobile } = typed;
  const rest = (['workUnit', 'qq', 'note'] as const).flatMap((field) => {
    const text = (typed[field] ?? '').normalize('NFKC').trim();
    return text === '' ? [] : [[field, text] as const];
  });
  return {
    name: normaliseName(name),
    idNumber: normaliseIdNumber(idNumber),
    mobile: normaliseMobile(mobile),
    ...Object.fromEntries(rest),
  };
};

/** What the people of an office can hold there (O5). */
export const possibleAt = ({ offices }: Pick<Deps, 'offices'>, role: Role, office: string) => {
  const found = offices.find(office);
  return found === undefined ? [] : possibleAuthorisations(role, { ...found, registers: offices.registers(office) });
};

/** The commands that make an account of a new person. */
const commandsFor = (
  deps: Registering,
  account: string,
  made: NewAccount,
): readonly [AccountCommand, ...AccountCommand[]] => {
  const { office, role, details, grants = [], passwordHash, verified } = made;
  const lookup = accountLookup(deps.sealing, details);
  const [today, possible] = [dayInShanghai(deps.clock()), possibleAt(deps, role, office)];
  return [
    { type: 'RegisterAccount', registration: { account, role, office, lookup, personal: details } },
    ...(verified === undefined
      ? []
      : [
          { type: 'RecordIdentityCheck', check: verified.check, about: lookup } as const,
          { type: 'ConfirmIdentity', basis: verified.basis } as const,
        ]),
    ...grants.map((grant) => ({ type: 'GrantAuthorisation', today, possible, ...grant }) as const),
    ...(passwordHash === undefined ? [] : [{ type: 'IssuePassword', passwordHash } as const]),
  ];
};

type Tried = Registered | { outcome: 'occupied' };

/** Whether who stands there is who was to be registered: at the same office in the same role. */
const standing = (
  { offices, sealing }: Pick<Registering, 'offices' | 'sealing'>,
  { office, role, details }: NewAccount,
  by: MadeAccount,
  { position, repeated } = { position: 0, repeated: true },
): Registered =>
  offices.current(by.office) === office &&
  by.role === role &&
  by.lookup.idNumber === accountLookup(sealing, details).idNumber
    ? { outcome: 'registered', account: by.account, position, repeated }
    : { outcome: 'held', office: by.office, role: by.role };

const made = async (deps: Registering, account: string): Promise<MadeAccount> => {
  const { state } = await load(deps, accountDecider, account);
  if (state.status === 'absent') throw new Error(`${account} is absent after it was registered.`);
  return state;
};

/** Registers under a name once the person is reserved for it. */
const registerReserved = async (deps: Registering, account: string, asked: NewAccount, act: Act): Promise<Tried> => {
  const commands = commandsFor(deps, account, asked);
  const handled = await handleCommand(deps, accounts, account, { type: commands[0].type, commands }, act);
  if (handled.outcome === 'stale') throw new Error('A registration is never based on a page.');
  if (handled.outcome === 'rejected') {
    const { rejection } = handled;
    if (rejection.type === 'present') return standing(deps, asked, await made(deps, account));
    return rejection.type === 'occupied' ? { outcome: 'occupied' } : handled;
  }
  const { position, repeated } = handled;
  return standing(deps, asked, await made(deps, account), { position, repeated });
};

/** Closes an account whose person was given to another one before it came, and asks once more where they stand. */
const comeTooLate = async (
  deps: Registering,
  tried: Extract<Registered, { outcome: 'registered' }>,
  { account: _, ...asked }: NewAccount,
  act: Act,
): Promise<Tried> => {
  if ((await made(deps, tried.account)).status === 'closed') return tried;
  const next = (): Act => ({ ...act, commandId: deps.ids() });
  await handleCommand(deps, accountDecider, tried.account, { type: 'CloseAccount', reason: tooLate }, next());
  return registerAccount(deps, asked, next());
};

/** Registers under one name, unless the person has an account or got another one before this one came. */
const tryName = async (deps: Registering, account: string, asked: NewAccount, act: Act): Promise<Tried> => {
  const person = accountLookup(deps.sealing, asked.details).idNumber;
  // What nobody could keep reserves nobody.
  const wished = commandsFor(deps, account, asked);
  const decision = accounts.decide({ type: wished[0].type, commands: wished }, accounts.initialState);
  if (decision.outcome === 'rejected') return decision;
  // Nobody is reserved for an account that there is.
  if ((await load(deps, accountDecider, account)).state.status === 'absent') {
    const { commandId: _, ...acting } = act;
    const reserved = await reservePerson(deps, { person, account, act: acting });
    if (reserved.outcome === 'held') return standing(deps, asked, reserved.by);
  }
  const tried = await registerReserved(deps, account, asked, act);
  if (tried.outcome !== 'registered' || (await keepsPerson(deps, person, account))) return tried;
  return comeTooLate(deps, tried, asked, act);
};

/**
 * Registers a person at an office, whoever asked for it (O3, §1.2.1): the same person in the same place again is nothing
 * new. Their grants come with them, in one act.
 */
export const registerAccount = async (deps: Registering, asked: NewAccount, act: Act): Promise<Registered> => {
  const made = { ...asked, office: deps.offices.current(asked.office), details: normalisedDetails(asked.details) };
  if (made.account !== undefined) {
    const tried = await tryName(deps, made.account, made, act);
    return tried.outcome === 'occupied' ? { outcome: 'rejected', rejection: { type: 'occupied' } } : tried;
  }
  for (let from = 1; ; ) {
    const { name, number } = await freeName(deps, made.role, made.office, from);
    const tried = await tryName(deps, name, made, act);
    if (tried.outcome !== 'occupied') return tried;
    from = number + 1;
  }
};
