import type { Role } from '#domain/account/authorisations.ts';
import type { RosterEntry } from '#domain/account/roster.ts';
import { accountName } from '#domain/account/rules.ts';
import { queryCodeFrom } from '#domain/registration/queryCode.ts';
import type { Deps } from '../deps.ts';
import type { PlannedAccount } from './kept.ts';

type Planning = Pick<Deps, 'viewStore' | 'randomBytes'>;

const atOnce = 500;
const passwordBytes = 10;

/** The account names that an office's people have or had. */
const takenAt = async ({ viewStore }: Planning, office: string): Promise<ReadonlySet<string>> => {
  const taken = new Set<string>();
  let after: string | undefined;
  do {
    const query = { index: 'office', equals: [office], limit: atOnce, ...(after === undefined ? {} : { after }) };
    const page = await viewStore.find('account', query);
    for (const { id } of page.rows) taken.add(id);
    after = page.next;
  } while (after !== undefined);
  return taken;
};

/** The free names of an office's operators or admins, one after the other. */
function* freeNames(role: Role, office: string, taken: ReadonlySet<string>): Generator<string, never> {
  for (let number = 1; ; number += 1) {
    const name = accountName(role, office, number);
    if (!taken.has(name)) yield name;
  }
}

/** An account name and a one-time password (75 random bits) for each entry. A name may be taken meanwhile: then the next. */
export const planAccounts = async (
  deps: Planning,
  entries: readonly RosterEntry[],
): Promise<readonly PlannedAccount[]> => {
  const names = new Map<string, Generator<string, never>>();
  for (const { office, role } of entries) {
    const key = `${role} ${office}`;
    if (!names.has(key)) names.set(key, freeNames(role, office, await takenAt(deps, office)));
  }
  return entries.map((entry) => ({
    ...entry,
    account: names.get(`${entry.role} ${entry.office}`)?.next().value ?? '',
    password: queryCodeFrom(deps.randomBytes(passwordBytes)),
  }));
};
