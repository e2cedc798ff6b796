import type { Authorisation, Role } from '#domain/account/authorisations.ts';
import { accountDecider } from '#domain/account/decide.ts';
import type { AccountDetails } from '#domain/account/events.ts';
import { inForce } from '#domain/account/state.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { maskIdNumber, maskMobile } from '#domain/people/mask.ts';
import type { AccountRow } from '#projections/account.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import { detailChanges, withChanges } from './accountChanges.ts';
import { type AccountStanding, accountLists, standingOf } from './accountLists.ts';
import { accountRow, openDetails, openEnding } from './accountOpened.ts';
import type { Staff } from './actor.ts';
import { type AccountAsked, authorise, type Forbidden, type WhatIsAsked } from './authorise.ts';
import type { Deps } from './deps.ts';
import type { OpenedEvent } from './eventCodec.ts';
import { load } from './handleCommand.ts';
import { hidden } from './masked.ts';
import { possibleAt, suggestedAccount } from './registerAccount.ts';
import { nameOf } from './staffView.ts';

/** An account as its page shows it; ID number and mobile masked for who does not manage it. */
export type AccountView = {
  row: AccountRow;
  details: AccountDetails;
  standing: AccountStanding;
  inForce: readonly Authorisation[];
  /** What the office's work allows, and of that what this admin may hand on. */
  possible: readonly Authorisation[];
  grantable: readonly Authorisation[];
  manages: boolean;
  own: boolean;
  reason: string | undefined;
};

/** The events of an account, already masked where `masked`. */
export type AccountHistory = { outcome: 'found'; row: AccountRow; masked: boolean; events: readonly OpenedEvent[] };

/** `erased`: nobody is named any more; the history stays. */
export type AccountRefusal =
  | { outcome: 'absent' }
  | { outcome: 'erased' }
  | { outcome: 'forbidden'; reason: Forbidden };

const mostManagers = 100;

const secret: ReadonlySet<string> = new Set([
  'PasswordIssued',
  'PasswordChanged',
  'TotpEnrolled',
  'RecoveryCodeUsed',
  'RecoveryCodesRenewed',
]);

const maskedDetails = (details: AccountDetails): AccountDetails => ({
  ...details,
  idNumber: maskIdNumber(details.idNumber),
  mobile: details.mobile === '' ? '' : maskMobile(details.mobile),
  ...(details.qq === undefined ? {} : { qq: hidden }),
});

/** An event as it leaves the application: without keys, without what people sign in with, masked where it is to be. */
export const shownAccountEvent = (event: OpenedEvent, masked: boolean): OpenedEvent => {
  const { lookup: _, personal, ...data } = event.data as { lookup?: unknown; personal?: object };
  if (personal === undefined || secret.has(event.type)) return { ...event, data };
  if (event.type === 'PasskeyAdded') {
    return { ...event, data: { ...data, personal: { label: (personal as { label?: string }).label } } };
  }
  const isDetails = event.type === 'AccountRegistered' || event.type === 'AccountChanged';
  const shown = isDetails && masked && !event.erased ? maskedDetails(personal as AccountDetails) : personal;
  return { ...event, data: { ...data, personal: shown } };
};

/** What may be seen of accounts: admins within their subtree, everyone their own (O3). */
export const accountQueries = (deps: Deps, access: AccessRecords) => {
  const may = (staff: Staff, asked: WhatIsAsked) => authorise(staff, asked, deps.offices).outcome === 'allowed';
  const officeOf = ({ office }: AccountRow) => deps.offices.current(office);
  const today = () => dayInShanghai(deps.clock());

  /** What of it they may hand on, for as long as they hold it themselves. */
  const grantableOf = (staff: Staff, possible: readonly Authorisation[], target: AccountAsked) =>
    possible.filter((authorisation) =>
      may(staff, { act: 'grant', authorisation, until: staff.ends?.[authorisation], ...target }),
    );

  const view = async (staff: Staff, row: AccountRow): Promise<AccountView | undefined> => {
    const target = { account: row.id, office: officeOf(row), role: row.role };
    const [manages, own] = [may(staff, { act: 'manageAccount', ...target }), row.id === staff.account];
    const details = await openDetails(deps.sealing, row);
    if (details === undefined) return undefined;
    const possible = possibleAt(deps, row.role, target.office);
    return {
      row,
      details: manages || own ? details : maskedDetails(details),
      standing: standingOf(row),
      inForce: inForce(row.grants, today()),
      possible,
      grantable: grantableOf(staff, possible, target),
      manages,
      own,
      reason: await openEnding(deps.sealing, row),
    };
  };
  const seen = async (
    staff: Staff,
    account: string,
  ): Promise<AccountRefusal | { outcome: 'found'; row: AccountRow }> => {
    const row = await accountRow(deps.viewStore, account);
    if (row === undefined) return { outcome: 'absent' };
    const asked = [{ act: 'ownData', account } as const, { act: 'seeAccounts', office: officeOf(row) } as const];
    const answers = asked.map((one) => authorise(staff, one, deps.offices));
    if (answers.some(({ outcome }) => outcome === 'allowed')) return { outcome: 'found', row };
    return answers[1]?.outcome === 'forbidden' ? answers[1] : { outcome: 'absent' };
  };
  const subjectOf = (row: AccountRow) => ({ kind: 'account', id: row.id, office: row.office }) as const;

  return {
    ...accountLists(deps, access),

    /** One account, opened; one's own also without being verified. */
    account: async (
      staff: Staff,
      account: string,
    ): Promise<AccountRefusal | { outcome: 'found'; view: AccountView }> => {
      const found = await seen(staff, account);
      if (found.outcome !== 'found') return found;
      const viewing = { subject: subjectOf(found.row), what: 'opened' } as const;
      const own = account === staff.account;
      const opened = own
        ? await view(staff, found.row)
        : await access.shown(staffViewer(staff), viewing, () => view(staff, found.row));
      return opened === undefined ? { outcome: 'erased' } : { outcome: 'found', view: opened };
    },

    /** Every event of an account, oldest first, without what its owner signs in with; masked for who does not manage it. */
    history: async (staff: Staff, account: string): Promise<AccountRefusal | AccountHistory> => {
      const found = await seen(staff, account);
      if (found.outcome !== 'found') return found;
      const { row } = found;
      const target = { account, office: officeOf(row), role: row.role };
      const masked = account !== staff.account && !may(staff, { act: 'manageAccount', ...target });
      const viewing = { subject: subjectOf(row), what: 'history' } as const;
      return access.shown(staffViewer(staff), viewing, async () => {
        const { events } = await load(deps, accountDecider, account);
        return {
          outcome: 'found' as const,
          row,
          masked,
          events: withChanges(
            events.map((event) => shownAccountEvent(event, masked)),
            detailChanges(events, masked),
          ),
        };
      });
    },

    /** Where an admin can register whom: operators of the own office, admins of those right below. */
    openings: (staff: Staff): readonly { office: string; role: Role }[] => {
      const offices = [staff.office, ...deps.offices.children(staff.office).map(({ code }) => code)];
      return offices.flatMap((office) =>
        (['operator', 'admin'] as const).flatMap((role) =>
          may(staff, { act: 'manageAccount', account: '', office, role }) ? [{ office, role }] : [],
        ),
      );
    },

    /** What can be granted with a registration there, and the account name that comes next. */
    opening: async (staff: Staff, office: string, role: Role) => {
      const target = { account: '', office, role };
      if (!may(staff, { act: 'manageAccount', ...target })) return undefined;
      const possible = possibleAt(deps, role, office);
      return {
        account: await suggestedAccount(deps, role, office),
        possible,
        grantable: grantableOf(staff, possible, target),
      };
    },

    /** Names of the admins who manage someone's own account: whom they can go to. */
    managersOf: async ({ role, office }: Staff): Promise<readonly string[]> => {
      const at = deps.offices.find(office);
      const above = role === 'operator' || at?.parent === '' ? office : at?.parent;
      const page = await deps.viewStore.find('account', {
        index: 'office',
        equals: [above ?? office],
        limit: mostManagers,
      });
      const admins = (page.rows as readonly AccountRow[]).filter(
        (row) => row.role === 'admin' && standingOf(row) === 'verified',
      );
      const names = await Promise.all(admins.map(({ id }) => nameOf(deps, id)));
      return names.flatMap((name) => name ?? []);
    },

    nameOf: (account: string) => nameOf(deps, account),
  };
};
