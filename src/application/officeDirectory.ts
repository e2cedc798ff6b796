import type { OrganisationRow } from '#projections/organisation.ts';
import type { Office, Offices } from './offices.ts';
import { officeTree } from './officeTree.ts';
import type { ViewStore } from './ports.ts';

const view = 'organisation';
const atOnce = 1000;
const pollMs = 500;

/** The offices of a running instance; `stop` ends looking for changes. */
export type OfficeDirectory = Offices & { stop: () => void };

export type ReadingOffices = { viewStore: ViewStore; wait: (ms: number) => Promise<void> };

/** An organisation's row as the tree takes it. */
const officeOf = (row: OrganisationRow): Office => {
  const { id, kind, level, names, division, parent, status, successor, address, phone } = row;
  const name = names.at(-1)?.name ?? id;
  return {
    code: id,
    kind,
    level,
    name,
    names,
    division,
    parent,
    status,
    complete: row.completedAt !== undefined,
    ...(successor === undefined ? {} : { successor }),
    ...(address === undefined ? {} : { address }),
    ...(phone === undefined ? {} : { phone }),
  };
};

/** Rows that changed after a position, page by page. */
const changedSince = async (viewStore: ViewStore, position: number): Promise<readonly OrganisationRow[]> => {
  const rows: OrganisationRow[] = [];
  for (let after: string | undefined, more = true; more; more = after !== undefined) {
    const query = { index: 'changed', equals: [], from: position + 1, limit: atOnce };
    const page = await viewStore.find(view, { ...query, ...(after === undefined ? {} : { after }) });
    rows.push(...(page.rows as readonly OrganisationRow[]));
    after = page.next;
  }
  return rows;
};

/**
 * The tree of organisations kept in memory and read again from its view where that changed: asked for twice a second on
 * every instance. A view store that does not answer leaves the tree as it is.
 */
export const openOfficeDirectory = async ({ viewStore, wait }: ReadingOffices): Promise<OfficeDirectory> => {
  const known = new Map<string, Office>();
  let tree = officeTree([]);
  let position = 0;
  let stopped = false;

  const read = async (): Promise<void> => {
    // Rows up to the checkpoint are all written; one beyond it may be seen before another that is older.
    const complete = await viewStore.checkpoint({ view });
    const rows = await changedSince(viewStore, position);
    for (const row of rows) known.set(row.id, officeOf(row));
    if (rows.length > 0) tree = officeTree([...known.values()]);
    position = Math.max(position, complete);
  };
  let reading = Promise.resolve();
  const refresh = (): Promise<void> => {
    const next = reading.then(read);
    reading = next.catch(() => undefined);
    return next;
  };
  const poll = async (): Promise<void> => {
    while (!stopped) {
      await wait(pollMs);
      if (!stopped) await refresh().catch(() => undefined);
    }
  };

  await refresh();
  void poll();
  return {
    all: () => tree.all(),
    find: (code) => tree.find(code),
    current: (code) => tree.current(code),
    nameAt: (code, instant) => tree.nameAt(code, instant),
    forPlace: (townshipCode) => tree.forPlace(townshipCode),
    registers: (code) => tree.registers(code),
    children: (code) => tree.children(code),
    mergedInto: (code) => tree.mergedInto(code),
    within: (code) => tree.within(code),
    isWithin: (code, ancestor) => tree.isWithin(code, ancestor),
    refresh,
    stop: () => {
      stopped = true;
    },
  };
};
