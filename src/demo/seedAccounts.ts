import { accountLookup } from '#application/accountOpened.ts';
import type { Actor } from '#application/actor.ts';
import type { Deps } from '#application/deps.ts';
import { type Act, handleCommand } from '#application/handleCommand.ts';
import type { Office } from '#application/offices.ts';
import { possibleAt } from '#application/registerAccount.ts';
import { reservePerson } from '#application/reservePerson.ts';
import { type AccountCommand, accountDecider } from '#domain/account/decide.ts';
import type { AccountLookup } from '#domain/account/events.ts';
import type { Grant } from '#domain/account/state.ts';
import { addDays, dayInShanghai } from '#domain/calendar/day.ts';
import { several } from '#domain/decider.ts';
import { demoSecret } from './app.ts';
import { demoId } from './random.ts';
import { type DemoAccount, demoAccounts, demoPassword, heldBy } from './staff.ts';
import { oldestDay } from './stories.ts';

const atOnce = 64;
const pageSize = 1000;
const day = 86_400_000;
const daysToEnd = 12;
const accounts = several(accountDecider);

/** Who registered someone: their office's admin, for an admin that of the office above. */
const adminOf = ({ role, office }: DemoAccount, deps: Deps): Actor => {
  const above = role === 'admin' ? deps.offices.find(office)?.parent : office;
  return above === undefined || above === ''
    ? { kind: 'system', name: 'demo' }
    : { kind: 'staff', account: `gly-${above.toLowerCase()}`, office: above };
};

/** How far the verification of someone has come. */
const identityOf = (tells: DemoAccount['tells'], about: AccountLookup, askedAt: string): readonly AccountCommand[] => {
  if (tells === 'unverified') return [];
  const outcome = tells === 'differs' ? ('differs' as const) : ('matches' as const);
  const check = { type: 'RecordIdentityCheck', about, check: { outcome, source: 'idRegister', askedAt } } as const;
  return outcome === 'differs' ? [check] : [check, { type: 'ConfirmIdentity', basis: 'document' }];
};

/** What an account has become by now: registered, checked, with what its owner may do and a password of their own. */
const commandsFor = (
  deps: Deps,
  one: DemoAccount,
  passwordHash: string,
): readonly [AccountCommand, ...AccountCommand[]] => {
  const { account, role, office, details, tells } = one;
  const lookup = accountLookup(deps.sealing, details);
  const now = deps.clock();
  const [today, possible] = [dayInShanghai(now), possibleAt(deps, role, office)];
  const held = heldBy(one, deps.offices).map((authorisation): Grant => ({ authorisation }));
  const until = addDays(today, daysToEnd);
  const grants = tells === 'ending' ? held.map((grant) => ({ ...grant, until })) : held;
  return [
    { type: 'RegisterAccount', registration: { account, role, office, lookup, personal: details } },
    ...identityOf(tells, lookup, new Date(now).toISOString()),
    ...grants.map((grant) => ({ type: 'GrantAuthorisation', today, possible, ...grant }) as const),
    { type: 'ChangePassword', passwordHash },
    ...(tells === 'withApp' ? [{ type: 'EnrolTotp', secret: demoSecret, recoveryHashes: [] } as const] : []),
    ...(tells === 'disabled' ? [{ type: 'DisableAccount', reason: '借调到区卫生健康局，暂停办理业务' } as const] : []),
  ];
};

const make = async (deps: Deps, one: DemoAccount, passwordHash: string): Promise<void> => {
  const act: Act = { commandId: demoId(`account|${one.account}`), actor: adminOf(one, deps) };
  const person = accountLookup(deps.sealing, one.details).idNumber;
  const reserved = await reservePerson(deps, { person, account: one.account, act: { actor: act.actor } });
  if (reserved.outcome === 'held' && reserved.by.account !== one.account) return;
  const commands = commandsFor(deps, one, passwordHash);
  const made = await handleCommand(deps, accounts, one.account, { type: commands[0].type, commands }, act);
  if (made.outcome !== 'done') throw new Error(`Demo account ${one.account}: ${JSON.stringify(made)}`);
};

/** Every office of the tree, from above to below. */
const everyOffice = ({ offices }: Deps, top: string): readonly Office[] =>
  offices
    .within(top)
    .flatMap((code) => offices.find(code) ?? [])
    .filter(({ status }) => status === 'active');

/**
 * What the demo makes up of the past comes first in its log: after its organisations and before its registrations. Into a
 * log that tells of registrations it is written as of now.
 */
const tellingTime = async ({ eventStore, clock }: Deps): Promise<number> => {
  let latest = clock() - 2 * oldestDay * day;
  // From the beginning: between the positions of events nothing can be asked for (docs/facts/eventstoredb.md).
  for (let after = 0; ; ) {
    const events = await eventStore.readAll(after, pageSize);
    if (events.some(({ type }) => type.startsWith('Submitted.'))) return clock();
    latest = Math.max(latest, ...events.map(({ meta }) => Date.parse(String(meta['at']))));
    const last = events.at(-1);
    if (last === undefined) return latest;
    after = last.position;
  }
};

/**
 * Makes the accounts of the demo's staff, also over a log from before there were any; all have one password, hashed once.
 * Happens once: the last one marks the end, and a seed that was killed goes on. Rejects only where a store cannot answer.
 */
export const seedAccounts = async (
  deps: Deps,
  onProgress: (done: number, total: number) => void = () => undefined,
  all: readonly DemoAccount[] = demoAccounts(everyOffice(deps, '52')),
): Promise<void> => {
  const last = all.at(-1);
  if (last === undefined || (await deps.eventStore.readStream(`account-${last.account}`)).length > 0) return;
  const at = await tellingTime(deps);
  const telling: Deps = { ...deps, clock: () => at };
  const passwordHash = await deps.signIn.hashPassword(demoPassword);
  const queue = all.slice(0, -1).values();
  let done = 0;
  const work = async () => {
    for (const one of queue) {
      await make(telling, one, passwordHash);
      done += 1;
      if (done % atOnce === 0) onProgress(done, all.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  // Their last days lie ahead of today, not of the past that the others are told of.
  await make({ ...deps }, last, passwordHash);
  onProgress(all.length, all.length);
  await deps.awaitViews(['account'], await deps.eventStore.lastPosition());
};
