import { accountDecider } from '#domain/account/decide.ts';
import { endsOf, inForce, isVerified } from '#domain/account/state.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { idNumberFault } from '#domain/people/idNumber.ts';
import { isMobile } from '#domain/people/mobile.ts';
import type { AccountRow } from '#projections/account.ts';
import { accountRow, mobileKey, openDetails } from './accountOpened.ts';
import type { Staff } from './actor.ts';
import { idNumberKey } from './declare.ts';
import { type Handling, load } from './handleCommand.ts';
import type { Offices } from './offices.ts';
import type { ViewStore } from './ports.ts';
import type { StaffDirectory } from './staff.ts';

/** What the directory of accounts needs of the world. */
export type ReadingAccounts = Pick<Handling, 'eventStore' | 'dataKeys' | 'sealing' | 'clock'> & {
  viewStore: ViewStore;
  offices: Pick<Offices, 'current'>;
  verify: StaffDirectory['verify'];
};

const rememberedMs = 60_000;
const mostRemembered = 5000;
const mobilesAtOnce = 100;

type Named = { personal: string | undefined; name: string; until: number };

/** Names by account, each for a minute: what a destroyed data key sealed is forgotten by then. */
const nameOpener = ({ sealing, clock }: Pick<ReadingAccounts, 'sealing' | 'clock'>) => {
  const known = new Map<string, Named>();
  return async (row: AccountRow): Promise<string | undefined> => {
    const found = known.get(row.id);
    if (found !== undefined && found.personal === row.personal && clock() < found.until) return found.name;
    const name = (await openDetails(sealing, row))?.name;
    if (known.size >= mostRemembered) known.clear();
    if (name !== undefined) known.set(row.id, { personal: row.personal, name, until: clock() + rememberedMs });
    return name;
  };
};

const staffOf = (row: AccountRow, name: string, today: string, offices: ReadingAccounts['offices']): Staff => ({
  account: row.id,
  name,
  role: row.role,
  // Whoever goes on for a merged office takes over its people.
  office: offices.current(row.office),
  authorisations: inForce(row.grants, today),
  ends: endsOf(row.grants),
  verified: isVerified(row.identity),
  person: row.personKey ?? '',
});

/** The one live account of a person; undefined where none or several are. */
const ofPerson = async (viewStore: ViewStore, key: string): Promise<string | undefined> => {
  const { rows } = await viewStore.find('account', { index: 'person', equals: [key], limit: 2 });
  return rows.length === 1 ? rows[0]?.id : undefined;
};

/** The live account that had a mobile first: whoever types another's as their own changes nothing for them. */
const ofMobile = async (viewStore: ViewStore, key: string): Promise<string | undefined> => {
  let [first, after]: [AccountRow | undefined, string | undefined] = [undefined, undefined];
  do {
    const query = { index: 'mobile', equals: [key], limit: mobilesAtOnce, ...(after === undefined ? {} : { after }) };
    const page = await viewStore.find('account', query);
    for (const row of page.rows as readonly AccountRow[]) {
      if (first === undefined || (row.mobileSince ?? 0) < (first.mobileSince ?? 0)) first = row;
    }
    after = page.next;
  } while (after !== undefined);
  return first?.id;
};

/** The directory of the accounts in the log: who may work is read from the view at every question. */
export const accountDirectory = (deps: ReadingAccounts): StaffDirectory => {
  const { viewStore, sealing, clock, offices, verify } = deps;
  const nameOf = nameOpener(deps);
  return {
    find: async (account) => {
      const row = await accountRow(viewStore, account);
      const name = row?.status === 'active' ? await nameOf(row) : undefined;
      return row === undefined || name === undefined ? undefined : staffOf(row, name, dayInShanghai(clock()), offices);
    },
    account: async (account) => {
      const { state } = await load(deps, accountDecider, account);
      return state.status === 'absent' ? undefined : state;
    },
    identify: async (typed) => {
      const text = typed.normalize('NFKC').trim();
      if (isMobile(text)) return ofMobile(viewStore, mobileKey(sealing, text));
      if (idNumberFault(text) === undefined) return ofPerson(viewStore, idNumberKey(sealing, text));
      return text.toLowerCase();
    },
    nameOf: async (account) => {
      const row = await accountRow(viewStore, account);
      return row && nameOf(row);
    },
    verify,
  };
};
