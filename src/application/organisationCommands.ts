import { type OrganisationCommand, type OrganisationKindOf, organisationDecider } from '#domain/organisation/decide.ts';
import {
  divisionOf,
  type OrganisationRecord,
  type OtherOrganisation,
  type Placed,
} from '#domain/organisation/rules.ts';
import { type ActOfStaff, actingFor } from './acting.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden, type WhatIsAsked } from './authorise.ts';
import type { Deps } from './deps.ts';
import { type Act, type Handled, type Handling, handleCommand, load } from './handleCommand.ts';
import { StoreUnavailable } from './ports.ts';

/** An act of an admin, based on the revision their page showed where there is one. */
export type OrganisationAct = ActOfStaff;

export type OrganisationOutcome = Handled<OrganisationKindOf> | { outcome: 'forbidden'; reason: Forbidden };

/** What is to be established where; `parent` is the code of whom it reports to. */
export type NewOrganisation = { code: string; name: string; parent: string } & Placed;

/** What establishing needs of the world. */
export type Establishing = Handling & Pick<Deps, 'offices'>;

/** An organisation as another's command is told of it, read from its own stream. */
const otherOf = async (deps: Establishing, code: string): Promise<OtherOrganisation | undefined> => {
  const { state } = await load(deps, organisationDecider, code);
  if (state.status === 'absent') return undefined;
  const { status, kind, level } = state;
  const divisions = [code, ...deps.offices.mergedInto(code).map((merged) => merged.code)].map(divisionOf);
  return { code, status, kind, level, divisions };
};

/** Establishes an organisation, whoever asked for it; one without a parent is the top of the tree. */
export const establishOrganisation = async (
  deps: Establishing,
  { parent, ...organisation }: NewOrganisation,
  act: Act,
): Promise<Handled<OrganisationKindOf>> => {
  const other = parent === '' ? ('nobody' as const) : await otherOf(deps, parent);
  const command = { type: 'Establish', ...organisation, parent: other } as const;
  return handleCommand(deps, organisationDecider, organisation.code, command, act);
};

/** Completes the record of an organisation, whoever asked for it (O2). */
export const completeOrganisation = (deps: Deps, code: string, record: OrganisationRecord, act: Act) =>
  handleCommand(deps, organisationDecider, code, { type: 'CompleteRecord', record }, act);

const turnKind = 'organisationMerger';
const turnMs = 10_000;
const pauseMs = 50;

/** Lets one merger of the whole tree be decided at a time: two that merge into each other would leave neither. */
const inTurn = async <T>(deps: Deps, work: () => Promise<T>): Promise<T> => {
  const { transientStore, clock } = deps;
  const holder = deps.ids();
  const taken = () => transientStore.putIfAbsent(turnKind, 'turn', { holder }, clock(), clock() + turnMs);
  for (let waited = 0; !(await taken()); waited += pauseMs) {
    if (waited >= turnMs) throw new StoreUnavailable('Another merger is being decided.');
    await deps.wait(pauseMs);
  }
  try {
    return await work();
  } finally {
    // Whoever took longer than their turn leaves the next one's alone.
    const turn = await transientStore.get(turnKind, 'turn', clock());
    if (turn?.['holder'] === holder) await transientStore.remove(turnKind, 'turn');
  }
};

/** What admins do with organisations: their own record, and what lies below them (O1–O3). */
export const organisationCommands = (deps: Deps) => {
  /** The first act that is forbidden says why. */
  const forbidden = (staff: Staff, ...asked: readonly WhatIsAsked[]) =>
    asked.map((one) => authorise(staff, one, deps.offices)).find((one) => one.outcome === 'forbidden');
  const shown = async (outcome: OrganisationOutcome): Promise<OrganisationOutcome> => {
    if (outcome.outcome !== 'done') return outcome;
    await deps.awaitViews(['organisation'], outcome.position);
    await deps.offices.refresh();
    return outcome;
  };
  const acting = (act: OrganisationAct): Act => actingFor(deps.sealing, act);
  const perform = async (code: string, act: OrganisationAct, command: OrganisationCommand) =>
    shown(await handleCommand(deps, organisationDecider, code, command, acting(act)));
  return {
    /** Establishes one below the admin's own or another of their subtree. */
    establish: async (act: OrganisationAct, organisation: NewOrganisation): Promise<OrganisationOutcome> => {
      const refused = forbidden(act.staff, { act: 'establishBelow', office: organisation.parent });
      return refused ?? shown(await establishOrganisation(deps, organisation, acting(act)));
    },

    /** Completes a record, or brings it up to date (O2). */
    completeRecord: async (
      code: string,
      act: OrganisationAct,
      record: OrganisationRecord,
    ): Promise<OrganisationOutcome> =>
      forbidden(act.staff, { act: 'completeRecord', office: code }) ??
      perform(code, act, { type: 'CompleteRecord', record }),

    rename: async (code: string, act: OrganisationAct, name: string): Promise<OrganisationOutcome> =>
      forbidden(act.staff, { act: 'arrangeOrganisation', office: code }) ??
      perform(code, act, { type: 'Rename', name }),

    /** Lets it report to another of the admin's subtree. */
    move: async (code: string, act: OrganisationAct, parent: string): Promise<OrganisationOutcome> => {
      const refused = forbidden(
        act.staff,
        { act: 'arrangeOrganisation', office: code },
        { act: 'establishBelow', office: parent },
      );
      if (refused !== undefined) return refused;
      const beneath = deps.offices.isWithin(parent, code);
      return perform(code, act, { type: 'Move', parent: await otherOf(deps, parent), beneath });
    },

    /** Lets another of the admin's subtree go on with its tasks, places and people. Rejects with `StoreUnavailable`. */
    merge: async (code: string, act: OrganisationAct, into: string): Promise<OrganisationOutcome> => {
      const refused = forbidden(
        act.staff,
        { act: 'arrangeOrganisation', office: code },
        { act: 'arrangeOrganisation', office: into },
      );
      if (refused !== undefined) return refused;
      return inTurn(deps, async () => perform(code, act, { type: 'Merge', into: await otherOf(deps, into) }));
    },
  };
};
