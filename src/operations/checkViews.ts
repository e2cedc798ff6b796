import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { EventStore, StoredRow, ViewStore } from '#application/ports.ts';
import { project } from '#application/runProjections.ts';
import { upcast } from '#application/upcast.ts';
import { FoldFailure, type Projection } from '#projections/projection.ts';
import type { Checking, Findings } from './findings.ts';

const batch = 2000;
const page = 500;
const mostTries = 200;
const pauseMs = 20;

/** The views in use, and an empty store beside them to fold the log into anew. */
export type CheckedViews = { eventStore: EventStore; viewStore: ViewStore; anew: ViewStore };

/** How many rows were compared, and how many wait for an instance to carry the view on. */
export type ViewCheck = { rows: number; waiting: number };

type Folding = CheckedViews & { view: string; foldTo: (position: number) => Promise<void> };

/**
 * Folds one view from the start of the log and compares it row by row with the one in use, both ways, while that one goes
 * on: a row that is newer is compared once the fold has come as far.
 */
export const checkView = async (views: CheckedViews, projection: Projection, { findings, onProgress }: Checking) => {
  const view = projection.name;
  const [checkpoint, end] = [await views.viewStore.checkpoint({ view }), await views.eventStore.lastPosition()];
  if (checkpoint > end) {
    findings.add(
      `视图 ${view} 到 ${checkpoint}，而事件库只到 ${end}。`,
      `View ${view} stands at ${checkpoint}, but the log ends at ${end}: remove the views, they are built anew at the next start.`,
    );
    return { rows: 0, waiting: 0 };
  }
  const folding = {
    ...views,
    view,
    foldTo: foldingTo(views, projection, (at) => onProgress(Math.min(at, checkpoint), checkpoint)),
  };
  try {
    await folding.foldTo(checkpoint);
    return await compare(folding, findings);
  } catch (fault) {
    if (!(fault instanceof FoldFailure)) throw fault;
    const { position, type, stream } = fault.event;
    findings.add(
      `视图 ${view} 无法折叠事件 ${position}。`,
      `View ${view} cannot fold event ${position} (${type} of ${stream}): ${fault.message}`,
    );
    return { rows: 0, waiting: 0 };
  }
};

/** Carries the fold on to a position, never beyond it. */
const foldingTo = ({ eventStore, anew }: CheckedViews, projection: Projection, onProgress: (at: number) => void) => {
  let folded = 0;
  return async (position: number): Promise<void> => {
    const generation = await anew.generation(projection.name);
    while (folded < position) {
      const read = await eventStore.readAll(folded, batch);
      const events = read.filter((event) => event.position <= position);
      await project({ viewStore: anew, projection, generation, upcast }, events);
      folded = events.length < batch ? position : (events.at(-1)?.position ?? position);
      onProgress(folded);
    }
    onProgress(folded);
  };
};

const compare = async (folding: Folding, findings: Findings): Promise<ViewCheck> => {
  const { view, viewStore, anew } = folding;
  const counted = { rows: 0, waiting: 0 };
  const compareAll = async (ids: readonly string[]) => {
    for (const id of await differing(folding, ids)) {
      const settled = await settle(folding, id);
      if (settled === 'waiting') counted.waiting += 1;
      else if (settled !== 'equal') findings.add(...settled);
    }
  };
  for await (const rows of pagesOf(anew, view)) {
    counted.rows += rows.length;
    await compareAll(rows.map(({ id }) => id));
  }
  for await (const rows of pagesOf(viewStore, view)) {
    const known = new Set(
      (
        await anew.load(
          { view },
          rows.map(({ id }) => id),
        )
      ).map(({ id }) => id),
    );
    await compareAll(rows.map(({ id }) => id).filter((id) => !known.has(id)));
  }
  return counted;
};

/** All stored rows, a page at a time. */
async function* pagesOf(store: ViewStore, view: string): AsyncGenerator<readonly StoredRow[]> {
  for (let after = ''; ; ) {
    const rows = await store.scan({ view }, after, page);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    after = last.id;
  }
}

const none = (id: string): StoredRow => ({ id, position: 0, row: undefined });

const differing = async ({ view, viewStore, anew }: Folding, ids: readonly string[]): Promise<readonly string[]> => {
  const [mine, theirs] = [await anew.load({ view }, ids), await viewStore.load({ view }, ids)];
  const used = new Map(theirs.map((row) => [row.id, row]));
  const folded = new Map(mine.map((row) => [row.id, row]));
  return ids.filter((id) => !isDeepStrictEqual(folded.get(id) ?? none(id), used.get(id) ?? none(id)));
};

type Settled = 'equal' | 'waiting' | [string, string];

/** Says of one row that differed whether it only was newer, or is not carried yet, or is wrong. */
const settle = async ({ view, eventStore, viewStore, anew, foldTo }: Folding, id: string): Promise<Settled> => {
  for (let tries = 1; ; tries += 1) {
    const carried = await viewStore.checkpoint({ view });
    const [used = none(id)] = await viewStore.load({ view }, [id]);
    const end = await eventStore.lastPosition();
    if (used.position > end) return beyond(view, used, end);
    await foldTo(used.position);
    const [folded = none(id)] = await anew.load({ view }, [id]);
    if (isDeepStrictEqual(folded, used)) return 'equal';
    if (folded.position <= used.position || folded.position <= carried) return told(view, folded, used);
    if (tries === mostTries) return 'waiting';
    await wait(pauseMs);
  }
};

const beyond = (view: string, { id, position }: StoredRow, end: number): [string, string] => [
  `视图行 ${view} ${id} 在事件库之后（${position}/${end}）。`,
  `Row ${view} ${id} stands at ${position}, but the log ends at ${end}.`,
];

/** Names the members that differ, never what is in them. */
const told = (view: string, folded: StoredRow, used: StoredRow): [string, string] => {
  const at = `${used.position}/${folded.position}`;
  const where = `${view} ${used.id}`;
  if (used.row === undefined) return [`视图缺少一行：${where}（${at}）。`, `A row is missing: ${where} (${at}).`];
  if (folded.row === undefined) return [`视图多出一行：${where}（${at}）。`, `A row has no event: ${where} (${at}).`];
  const [one, other] = [folded.row as Record<string, unknown>, used.row as Record<string, unknown>];
  const members = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  const names = members.filter((name) => !isDeepStrictEqual(one[name], other[name])).join(', ') || 'position';
  return [
    `视图行 ${where} 与事件不符：${names}（${at}）。`,
    `Row ${where} is not what its events say: ${names} (stands at ${used.position}, folded to ${folded.position}).`,
  ];
};
