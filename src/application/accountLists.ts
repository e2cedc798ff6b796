import type { Role } from '#domain/account/authorisations.ts';
import { isVerified } from '#domain/account/state.ts';
import { addDays, dayInShanghai } from '#domain/calendar/day.ts';
import { idNumberFault } from '#domain/people/idNumber.ts';
import { maskMobile } from '#domain/people/mask.ts';
import { isMobile } from '#domain/people/mobile.ts';
import type { AccountRow } from '#projections/account.ts';
import { type AccessRecords, staffViewer, type Viewing } from './access.ts';
import { accountRow, mobileKey, openDetails } from './accountOpened.ts';
import type { Staff } from './actor.ts';
import { authorise } from './authorise.ts';
import { idNumberKey, nameKey } from './declare.ts';
import type { Deps } from './deps.ts';
import { officeRanges } from './officeRanges.ts';

/** What people stand for in the list: one each, and `ending` besides where a grant ends within a month. */
export const accountStandings = ['verified', 'unverified', 'disabled', 'closed'] as const;
export type AccountStanding = (typeof accountStandings)[number];

/** What narrows the list; `office` with all below it where `below`. */
export type AccountFilter = {
  office: string;
  below: boolean;
  role?: Role;
  standing?: AccountStanding;
  ending?: boolean;
  after?: string;
};

/** One line of the list. */
export type AccountLine = { row: AccountRow; name: string; mobile: string; standing: AccountStanding; ending: boolean };
export type AccountPage = { lines: readonly AccountLine[]; next: string | undefined };

/** How many people of an office, with those below where `below`. */
export type AccountNumbers = { office: string; own: boolean; ending: number } & Record<AccountStanding, number> &
  Record<Role, number>;

/** So many lines a page has, so many rows are read at once, and within so many days a grant is about to end. */
const accountsPerPage = 30;
const atOnce = 500;
const fewOffices = 16;
const endingDays = 30;

/** Whom a row stands for. */
export const standingOf = ({ status, identity }: AccountRow): AccountStanding => {
  if (status !== 'active') return status;
  return isVerified(identity) ? 'verified' : 'unverified';
};

/** The first word of a search decides where it looks: an account, a mobile, an ID number, else a name. */
const searchIndex = (deps: Deps, text: string): { index: string; equals: readonly string[] } => {
  if (isMobile(text)) return { index: 'mobile', equals: [mobileKey(deps.sealing, text)] };
  if (idNumberFault(text) === undefined) return { index: 'person', equals: [idNumberKey(deps.sealing, text)] };
  return { index: 'name', equals: [nameKey(deps.sealing, text)] };
};

/** The people of an office and of all below it, for admins above them (O3). */
export const accountLists = (deps: Deps, access: AccessRecords) => {
  const maySee = (staff: Staff, office = staff.office): boolean =>
    authorise(staff, { act: 'seeAccounts', office }, deps.offices).outcome === 'allowed';
  const today = () => dayInShanghai(deps.clock());

  const isEnding = ({ grants }: AccountRow): boolean => {
    const [from, to] = [today(), addDays(today(), endingDays)];
    return grants.some(({ until }) => until !== undefined && until >= from && until <= to);
  };
  const matches = (filter: AccountFilter) => (row: AccountRow) =>
    (filter.role === undefined || row.role === filter.role) &&
    (filter.standing === undefined ? row.status !== 'closed' : standingOf(row) === filter.standing) &&
    (filter.ending !== true || isEnding(row));

  /** All rows of some offices from one on, in the order of their codes: few are asked for one by one, many as ranges. */
  const rowsOf = async function* (offices: ReadonlySet<string>, from: string): AsyncGenerator<AccountRow> {
    const codes = [...offices].filter((code) => code >= from).sort();
    const ranges = () => officeRanges(codes).map((range) => ({ equals: [], ...range }));
    const asked = codes.length > fewOffices ? ranges() : codes.map((code) => ({ equals: [code] }));
    for (const query of asked) {
      let after: string | undefined;
      do {
        const page = await deps.viewStore.find('account', {
          index: 'office',
          ...query,
          limit: atOnce,
          ...(after === undefined ? {} : { after }),
        });
        yield* (page.rows as readonly AccountRow[]).filter((row) => offices.has(row.office));
        after = page.next;
      } while (after !== undefined);
    }
  };

  const line = async (row: AccountRow): Promise<AccountLine> => {
    const details = await openDetails(deps.sealing, row);
    const mobile = details === undefined || details.mobile === '' ? '' : maskMobile(details.mobile);
    return { row, name: details?.name ?? '', mobile, standing: standingOf(row), ending: isEnding(row) };
  };
  const shown = (staff: Staff, office: string, rows: readonly AccountRow[], how: Pick<Viewing, 'what' | 'searched'>) =>
    access.shown(
      staffViewer(staff),
      { subject: { kind: 'organisation', id: office, office }, count: rows.length, ...how },
      () => Promise.all(rows.map(line)),
    );
  const listed = (staff: Staff, office: string, rows: readonly AccountRow[]) =>
    rows.length === 0 ? [] : shown(staff, office, rows, { what: 'listed' });
  const scope = ({ office, below }: AccountFilter): ReadonlySet<string> =>
    new Set(below ? deps.offices.within(office) : [office, ...deps.offices.mergedInto(office).map(({ code }) => code)]);

  return {
    maySee,

    /** A page of the people of an office, or of all below it too; empty where staff may not see them. Throws `InvalidCursor`. */
    list: async (staff: Staff, filter: AccountFilter, limit = accountsPerPage): Promise<AccountPage> => {
      if (!maySee(staff, filter.office)) return { lines: [], next: undefined };
      const rows: AccountRow[] = [];
      const wanted = matches(filter);
      const [office = '', id = ''] = (filter.after ?? '').split('/');
      const isAfter = (row: AccountRow) => row.office > office || (row.office === office && row.id > id);
      for await (const row of rowsOf(scope(filter), office)) {
        if (!isAfter(row) || !wanted(row)) continue;
        rows.push(row);
        if (rows.length > limit) break;
      }
      const page = rows.slice(0, limit);
      const last = rows.length > limit ? page.at(-1) : undefined;
      return { lines: await listed(staff, filter.office, page), next: last && `${last.office}/${last.id}` };
    },

    /** The numbers of an office itself and of each right below it with all of theirs; none where staff may not see them. */
    numbers: async (staff: Staff, office: string): Promise<readonly AccountNumbers[]> => {
      if (!maySee(staff, office)) return [];
      const none = { ending: 0, verified: 0, unverified: 0, disabled: 0, closed: 0, admin: 0, operator: 0 };
      const children = deps.offices.children(office).filter(({ status }) => status === 'active');
      const belongs = new Map(children.flatMap(({ code }) => deps.offices.within(code).map((one) => [one, code])));
      const counts = new Map<string, AccountNumbers>(
        [office, ...children.map(({ code }) => code)].map((code) => [
          code,
          { office: code, own: code === office, ...none },
        ]),
      );
      for await (const row of rowsOf(new Set(deps.offices.within(office)), '')) {
        const found = counts.get(belongs.get(row.office) ?? office);
        if (found === undefined) continue;
        found[standingOf(row)] += 1;
        if (row.status !== 'closed') found[row.role] += 1;
        if (isEnding(row)) found.ending += 1;
      }
      return [...counts.values()];
    },

    /** People of one's subtree by account, full name, ID number or mobile; also who finds nobody has searched. */
    search: async (staff: Staff, text: string): Promise<readonly AccountLine[]> => {
      const typed = text.trim();
      if (typed === '' || !maySee(staff)) return [];
      const named = await accountRow(deps.viewStore, typed.toLowerCase());
      const key = searchIndex(deps, typed);
      const page = await deps.viewStore.find('account', { ...key, limit: atOnce });
      const rows = [...(named === undefined ? [] : [named]), ...(page.rows as readonly AccountRow[])];
      const found = rows.filter((row) => maySee(staff, deps.offices.current(row.office))).slice(0, accountsPerPage);
      const searched = { text: typed, key: key.equals[0] ?? '' };
      return shown(staff, staff.office, found, { what: 'searched', searched });
    },
  };
};
