import { registrationDecider } from '#domain/registration/decide.ts';
import type { InboxRow } from '#projections/inbox.ts';
import type { AnyEvent } from '#projections/projection.ts';
import type { Deps } from '../deps.ts';
import { derivedId } from '../derivedId.ts';
import { handleCommand, load } from '../handleCommand.ts';
import { openStatuses } from '../inboxCounts.ts';
import { StoreUnavailable } from '../ports.ts';
import type { Reaction } from '../runReactions.ts';

const name = 'followMerger';
const atOnce = 100;

/**
 * Passes one registration on from a merged office, the clock running on (R5); whatever is closed, or was passed on
 * elsewhere, stays where it is.
 */
const passOn = async (deps: Deps, event: AnyEvent, registrationId: string): Promise<void> => {
  const act = {
    commandId: derivedId(deps.sealing, name, `${event.id}|${registrationId}`),
    actor: { kind: 'system', name },
  } as const;
  for (;;) {
    const loaded = await load(deps, registrationDecider, registrationId);
    const { state, revision } = loaded;
    if (!('office' in state) || !(openStatuses as readonly string[]).includes(state.status)) return;
    const office = deps.offices.current(state.office);
    if (office === state.office || revision === 'none') return;
    const command = { type: 'Redirect', office, registers: true, reason: '', because: 'merged' } as const;
    const asked = { ...act, basedOn: revision };
    const handled = await handleCommand(deps, registrationDecider, registrationId, command, asked, loaded);
    if (handled.outcome !== 'stale') return;
  }
};

/** Ids of what an office has open, as its inbox tells; those who changed tabs meanwhile are met again in the next. */
const openAt = async (deps: Deps, office: string): Promise<readonly string[]> => {
  const ids = new Set<string>();
  for (const status of openStatuses) {
    for (let after: string | undefined, more = true; more; more = after !== undefined) {
      const query = { index: 'due', equals: [office, status], limit: atOnce };
      const page = await deps.viewStore.find('inbox', { ...query, ...(after === undefined ? {} : { after }) });
      for (const row of page.rows as readonly InboxRow[]) ids.add(row.id);
      after = page.next;
    }
  }
  return [...ids];
};

/**
 * Lets what a merged office has open go on at its successor, and what comes in for it later from those who did not know yet
 * (O1). Closed ones stay under the old code, which the successor's people read.
 */
export const followMerger = (deps: Deps): Reaction => {
  let known: Promise<void> | undefined;
  /** The tree holds every merger that this reaction has passed: on this instance, or on another before this one took over. */
  const treeOf = async (): Promise<void> => {
    known ??= deps.offices.refresh();
    await known.catch((fault: unknown) => {
      known = undefined;
      throw fault;
    });
  };
  const merged = async (event: AnyEvent): Promise<void> => {
    if (!(await deps.awaitViews(['organisation', 'inbox'], event.position))) {
      throw new StoreUnavailable('The views have not come along to a merger yet.');
    }
    await deps.offices.refresh();
    const ids = await openAt(deps, event.stream.slice('organisation-'.length));
    for (const id of ids) await passOn(deps, event, id);
  };
  const cameIn = async (event: AnyEvent): Promise<void> => {
    await treeOf();
    const office = String(event.data['office']);
    if (deps.offices.current(office) !== office) await passOn(deps, event, event.stream.slice('registration-'.length));
  };
  return {
    name,
    on: { OrganisationMerged: merged, Submitted: cameIn, Amended: cameIn, Redirected: cameIn },
  };
};
