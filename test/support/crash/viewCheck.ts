import { setTimeout as wait } from 'node:timers/promises';
import type { EventStore, ViewStore } from '#application/ports.ts';
import { inboxStatuses } from '#application/staffQueries.ts';
import { upcast } from '#application/upcast.ts';
import type { RegistrationState } from '#domain/registration/state.ts';
import { projections } from '#projections/index.ts';
import { type AnyEvent, type FoldedRow, foldBatch, idsOf, type Projection } from '#projections/projection.ts';

type Stores = { eventStore: EventStore; viewStore: ViewStore };

const followers = [...projections.map(({ name }) => name), 'issueCertificate'];

/** How far the one that is furthest behind has come; waits until it has reached the log's end, at most so long. */
export const untilFollowed = async ({ eventStore, viewStore }: Stores, mostMs = 60_000): Promise<void> => {
  for (const end = Date.now() + mostMs; ; await wait(50)) {
    const last = await eventStore.lastPosition();
    const stands = await Promise.all(followers.map((view) => viewStore.checkpoint({ view })));
    const behind = followers.filter((_, n) => Number(stands[n]) < last);
    // A certificate that was issued meanwhile made the log longer: everyone has to have seen that too.
    if (behind.length === 0 && last === (await eventStore.lastPosition())) return;
    if (Date.now() > end) throw new Error(`${behind.join(', ')} did not come to ${last}.`);
  }
};

const everything = async (eventStore: EventStore): Promise<AnyEvent[]> => {
  const events: AnyEvent[] = [];
  for (;;) {
    const read = await eventStore.readAll(events.at(-1)?.position ?? 0, 5_000);
    if (read.length === 0) return events;
    events.push(...read.map(upcast));
  }
};

const sameRow = (kept: FoldedRow | undefined, folded: FoldedRow): boolean =>
  kept?.position === folded.position && JSON.stringify(kept.row) === JSON.stringify(folded.row);

const differencesIn = async (viewStore: ViewStore, projection: Projection, log: readonly AnyEvent[]) => {
  const reached = await viewStore.checkpoint({ view: projection.name });
  const events = log.filter(({ position }) => position <= reached);
  const folded = foldBatch(projection, events, new Map());
  const faults: string[] = [];
  const ids = idsOf(projection, events);
  const kept = new Map<string, FoldedRow>();
  for (let from = 0; from < ids.length; from += 500) {
    const rows = await viewStore.load({ view: projection.name }, ids.slice(from, from + 500));
    for (const row of rows) kept.set(row.id, row as FoldedRow);
  }
  for (const row of folded) {
    if (!sameRow(kept.get(row.id), row)) faults.push(`${projection.name} ${row.id} differs from a rebuild`);
  }
  if (kept.size !== folded.length) faults.push(`${projection.name} keeps ${kept.size} rows of ${folded.length}`);
  return faults;
};

/** Each view against the same view folded anew from the first event up to where it stands; what differs. */
export const viewFaults = async ({ eventStore, viewStore }: Stores): Promise<string[]> => {
  const events = await everything(eventStore);
  const faults: string[] = [];
  for (const projection of projections) faults.push(...(await differencesIn(viewStore, projection, events)));
  return faults;
};

/** The counters that tabs show against counting the registrations themselves; what differs. */
export const counterFaults = async (
  { viewStore }: Pick<Stores, 'viewStore'>,
  registrations: ReadonlyMap<string, RegistrationState>,
): Promise<string[]> => {
  const made = [...registrations.values()].filter((state) => 'office' in state);
  const faults: string[] = [];
  for (const [office, here] of Map.groupBy(made, (state) => state.office)) {
    const [row] = await viewStore.get('counters', [office]);
    for (const status of inboxStatuses) {
      const count = here.filter((state) => state.status === status).length;
      if (row?.[status] !== count) faults.push(`${office} counts ${String(row?.[status])} ${status} of ${count}`);
    }
  }
  return faults;
};
