import type { Authorisation, Role } from '#domain/account/authorisations.ts';
import { accountDecider } from '#domain/account/decide.ts';
import type { AccountDetails } from '#domain/account/events.ts';
import { type Grant, inForce, isVerified, type MadeAccount } from '#domain/account/state.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { retentionOn } from '#domain/calendar/retention.ts';
import type { AccessDayRow } from '#projections/accessDay.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import { shownAccountEvent } from './accountQueries.ts';
import type { Staff } from './actor.ts';
import { type TrailLine, trailPage } from './auditLines.ts';
import { authorise, type Forbidden } from './authorise.ts';
import type { Deps } from './deps.ts';
import type { OpenedEvent } from './eventCodec.ts';
import { load } from './handleCommand.ts';
import type { ListedSession } from './signInSessions.ts';

/** One thing that happened to an account: what, when, by whom (of an office only which), and what it says. */
export type StaffStep = {
  what: string;
  at: string;
  by: { kind: 'self' | 'platform' } | { kind: 'office'; office: string; name: string };
  facts: object;
};

/** A coming or going, or a try that was refused; `address` as long as it is kept. */
export type StaffSignIn = { what: string; at: string; network: string; address?: string };

/** All that is kept about a member of staff, as they may take it away (PIPL art. 45). */
export type StaffCopy = {
  form: 'staff-account-copy/1';
  madeAt: string;
  account: {
    account: string;
    role: Role;
    office: { code: string; name: string };
    verified: boolean;
    /** So many years after the account is closed, then it is erased. */
    yearsAfterClosing: number;
    retention: string;
  };
  details: AccountDetails;
  authorisations: readonly (Grant & { inForce: boolean })[];
  signsInWith: {
    password: 'none' | 'issued' | 'own';
    app: boolean;
    recoveryCodesLeft: number;
    passkeys: readonly string[];
  };
  steps: readonly StaffStep[];
  signIns: readonly StaffSignIn[];
  /** There are more sign-ins than a copy holds: the newest are in it. */
  moreSignIns: boolean;
  sessions: readonly { startedAt: string; lastSeenAt: string; network: string; agent: string }[];
  /** How often they looked at personal data, and how often others looked at this account. */
  looks: { made: number; atAccount: number };
  /** What is not in here: hashes and secrets, names of other staff, and what they did in the records of others. */
  leftOut: readonly ['secrets', 'staffNames', 'actsInRecords'];
};

const mostSignIns = 1000;
const mostLooks = 1_000_000;
const daysAtOnce = 500;

const instant = (ms: number): string => new Date(ms).toISOString();

const signsInWith = ({ password, totp, passkeys }: MadeAccount): StaffCopy['signsInWith'] => ({
  password: password === undefined ? 'none' : password.mustChange ? 'issued' : 'own',
  app: totp !== undefined,
  recoveryCodesLeft: totp?.recoveryHashes.length ?? 0,
  passkeys: passkeys.map(({ label }) => label),
});

const grantsOf = (grants: readonly Grant[], held: readonly Authorisation[]): StaffCopy['authorisations'] =>
  grants.map((grant) => ({ ...grant, inForce: held.includes(grant.authorisation) }));

const signInOf = ({ row, address }: TrailLine): StaffSignIn => ({
  what: row.type,
  at: row.at,
  network: row.from?.network ?? '',
  ...(address === undefined ? {} : { address }),
});

const sessionOf = ({ startedAt, lastSeenAt, network, agent }: ListedSession) => ({
  startedAt: instant(startedAt),
  lastSeenAt: instant(lastSeenAt),
  network,
  agent,
});

/** How often someone looked at personal data on all days: rows of one account stand together. */
const looksBy = async ({ viewStore }: Deps, account: string): Promise<number> => {
  const prefix = `${account} `;
  let looks = 0;
  for (let after = prefix; ; ) {
    const page = await viewStore.scan({ view: 'accessDay' }, after, daysAtOnce);
    for (const { id, row } of page) {
      if (!id.startsWith(prefix)) return looks;
      looks += Object.values((row as AccessDayRow | undefined)?.hours ?? {}).reduce((sum, count) => sum + count, 0);
      after = id;
    }
    if (page.length < daysAtOnce) return looks;
  }
};

/** Copies of what is kept for the people of the platform themselves, verified or not; that one was made is recorded (S6). */
export const staffCopies = (
  deps: Deps,
  access: AccessRecords,
  sessions: { list: (account: string) => Promise<readonly ListedSession[]> },
) => {
  const byOf = ({ meta: { actor } }: OpenedEvent, account: string): StaffStep['by'] => {
    if (actor.kind !== 'staff') return { kind: 'platform' };
    if (actor.account === account) return { kind: 'self' };
    return { kind: 'office', office: actor.office, name: deps.offices.find(actor.office)?.name ?? actor.office };
  };
  const stepOf = (event: OpenedEvent, account: string): StaffStep => {
    const { type, data, meta } = shownAccountEvent(event, false);
    return { what: type, at: meta.at, by: byOf(event, account), facts: data };
  };

  const made = async (staff: Staff): Promise<StaffCopy | undefined> => {
    const { account } = staff;
    const { state, events } = await load(deps, accountDecider, account);
    if (state.status === 'absent') return undefined;
    const today = dayInShanghai(deps.clock());
    const { accountYears, clause } = retentionOn(today);
    const office = deps.offices.current(state.office);
    const [signIns, listed, looks, atAccount] = await Promise.all([
      trailPage(deps, { account }, { kind: 'signIns' }, mostSignIns),
      sessions.list(account),
      looksBy(deps, account),
      deps.viewStore.count('trail', { index: 'subject', equals: [`account:${account}`], limit: mostLooks }),
    ]);
    return {
      form: 'staff-account-copy/1',
      madeAt: instant(deps.clock()),
      account: {
        account,
        role: state.role,
        office: { code: office, name: deps.offices.find(office)?.name ?? office },
        verified: isVerified(state.identity),
        yearsAfterClosing: accountYears,
        retention: clause,
      },
      details: state.details,
      authorisations: grantsOf(state.grants, inForce(state.grants, today)),
      signsInWith: signsInWith(state),
      steps: events.map((event) => stepOf(event, account)),
      signIns: signIns.lines.map(signInOf),
      moreSignIns: signIns.next !== undefined,
      sessions: listed.map(sessionOf),
      looks: { made: looks, atAccount },
      leftOut: ['secrets', 'staffNames', 'actsInRecords'],
    };
  };

  return {
    /** All that is kept about an account, for whoever has it. */
    copy: async (
      staff: Staff,
      account: string,
    ): Promise<
      { outcome: 'found'; copy: StaffCopy } | { outcome: 'absent' } | { outcome: 'forbidden'; reason: Forbidden }
    > => {
      const allowed = authorise(staff, { act: 'ownData', account }, deps.offices);
      if (allowed.outcome === 'forbidden') return allowed;
      const subject = { kind: 'account', id: account, office: staff.office } as const;
      const copy = await access.shown(staffViewer(staff), { subject, what: 'exported' }, () => made(staff));
      return copy === undefined ? { outcome: 'absent' } : { outcome: 'found', copy };
    },
  };
};
