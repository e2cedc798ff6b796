import { addYears, type Day, dayInShanghai } from '#domain/calendar/day.ts';
import { type Retention, retentionOn } from '#domain/calendar/retention.ts';
import type { ErasedStanding, KeptStanding, RetentionRow } from '#projections/retention.ts';
import { eraseAccount, finishAccountErasure } from './eraseAccount.ts';
import { type Erasing, eraseRegistration, finishErasure } from './eraseRegistration.ts';
import type { Ids, ViewQuery } from './ports.ts';

const view = 'retention';
const page = 500;
const mostCounted = 10_000_000;

/** What is to be erased of those that ended in one way: those whose last act lies before a day; accounts, `closed`. */
export type Due = { standing: KeptStanding; years: number; before: Day; count: number };

const keptQuery = (standing: RetentionRow['standing'], before?: Day) =>
  ({ index: 'kept', equals: [standing], ...(before === undefined ? {} : { before }) }) satisfies Partial<ViewQuery>;

const accountPrefix = 'account-';
const erasedStandings = ['erased', 'accountErased'] as const satisfies readonly ErasedStanding[];

const yearsOf = ({ years, accountYears }: Retention): { readonly [S in KeptStanding]: number } => ({
  ...years,
  closed: accountYears,
});

/** How many registrations and closed accounts have been kept for as long as the retention in force today asks, by how they ended. */
export const dueForErasure = async ({ viewStore, clock }: Erasing): Promise<readonly Due[]> => {
  const today = dayInShanghai(clock());
  const years = yearsOf(retentionOn(today));
  return Promise.all(
    (Object.entries(years) as [KeptStanding, number][]).map(async ([standing, kept]) => {
      const before = addYears(today, -kept);
      const count = await viewStore.count(view, { ...keptQuery(standing, before), limit: mostCounted });
      return { standing, years: kept, before, count };
    }),
  );
};

/** How many were erased before: those whose keys `finishErasures` would destroy again. */
export const erasedBefore = async ({ viewStore }: Erasing): Promise<number> => {
  const counts = erasedStandings.map((standing) =>
    viewStore.count(view, { ...keptQuery(standing), limit: mostCounted }),
  );
  return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
};

/** The last day on which any registration ended or account was closed; undefined where none did. A clock far after it is wrong. */
export const lastEndedOn = async ({ viewStore, clock }: Erasing): Promise<Day | undefined> => {
  const years = yearsOf(retentionOn(dayInShanghai(clock())));
  const newest = await Promise.all(
    Object.keys(years).map((standing) =>
      viewStore.find(view, { ...keptQuery(standing as KeptStanding), descending: true, limit: 1 }),
    ),
  );
  return newest
    .flatMap(({ rows }) => (rows as readonly RetentionRow[]).map(({ lastActOn }) => lastActOn))
    .toSorted()
    .at(-1);
};

async function* idsOf({ viewStore }: Erasing, query: Partial<ViewQuery> & { index: string }): AsyncGenerator<string> {
  let after: string | undefined;
  do {
    const found = await viewStore.find(view, {
      equals: [],
      ...query,
      limit: page,
      ...(after === undefined ? {} : { after }),
    });
    for (const { id } of found.rows) yield id;
    after = found.next;
  } while (after !== undefined);
}

const isAccount = (id: string): boolean => id.startsWith(accountPrefix);
const accountIn = (id: string): string => id.slice(accountPrefix.length);

/** How many were erased now, and how many still have to be kept: something happened to them since the view was carried. */
export type Swept = { erased: number; kept: number };

/** Erases what is due, one after another; stopped at any moment, the next run goes on. `onEach` is told of each. */
export const eraseDue = async (
  deps: Erasing & { ids: Ids },
  due: readonly Due[],
  onEach: () => void,
): Promise<Swept> => {
  const swept = { erased: 0, kept: 0 };
  for (const { standing, before } of due) {
    for await (const id of idsOf(deps, keptQuery(standing, before))) {
      const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'retention' } } as const;
      const { outcome } = isAccount(id)
        ? await eraseAccount(deps, accountIn(id), act)
        : await eraseRegistration(deps, id, 'retentionEnded', act);
      swept[outcome === 'done' ? 'erased' : 'kept'] += 1;
      onEach();
    }
  }
  return swept;
};

/** Destroys the data keys of all erased registrations and accounts again: after older keys were put back. */
export const finishErasures = async (deps: Erasing, onEach: () => void): Promise<void> => {
  for (const standing of erasedStandings) {
    for await (const id of idsOf(deps, keptQuery(standing))) {
      await (isAccount(id) ? finishAccountErasure(deps, accountIn(id)) : finishErasure(deps, id));
      onEach();
    }
  }
};
