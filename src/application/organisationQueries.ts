import { organisationDecider } from '#domain/organisation/decide.ts';
import type { Contacts } from '#domain/organisation/events.ts';
import type { OrganisationRow } from '#projections/organisation.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden, type WhatIsAsked } from './authorise.ts';
import type { Deps } from './deps.ts';
import type { OpenedEvent } from './eventCodec.ts';
import { load } from './handleCommand.ts';
import type { Office, OfficeTree } from './offices.ts';
import { nameOf } from './staffView.ts';

/** How many organisations stand at or below one, and how many of them have yet to complete their record (O2). */
export type Completeness = { office: Office; total: number; incomplete: number };

export type OrganisationView = {
  office: Office;
  row: OrganisationRow;
  /** From the top of the tree down to whom it reports to. */
  path: readonly Office[];
  /** Who answers there; only for admins above or in it. */
  contacts: Contacts | undefined;
  completedBy: string | undefined;
  below: readonly Completeness[];
  merged: readonly Office[];
  /** `arrange`: rename; `relocate`: move and merge, which the top of the tree is not. */
  may: { complete: boolean; establish: boolean; arrange: boolean; relocate: boolean };
};

export type OrganisationRefusal = { outcome: 'absent' } | { outcome: 'forbidden'; reason: Forbidden };
type Found<T> = OrganisationRefusal | ({ outcome: 'found' } & T);

/** An organisation and all that report to it now, itself first. */
export const standing = (tree: OfficeTree, code: string): readonly Office[] =>
  tree.within(code).flatMap((one) => {
    const office = tree.find(one);
    return office?.status === 'active' ? [office] : [];
  });

/** How complete the records at and below an organisation are. */
export const completenessOf = (tree: OfficeTree, office: Office): Completeness => {
  const all = standing(tree, office.code);
  return { office, total: all.length, incomplete: all.filter(({ complete }) => !complete).length };
};

const pathTo = (tree: OfficeTree, office: Office): readonly Office[] => {
  const path: Office[] = [];
  for (let above = tree.find(office.parent); above !== undefined && !path.includes(above); ) {
    path.unshift(above);
    above = tree.find(above.parent);
  }
  return path;
};

/** What may be seen of organisations: everyone's own and those below it, who answers there by admins alone (O1–O3). */
export const organisationQueries = (deps: Deps, access: AccessRecords) => {
  const { offices } = deps;
  const may = (staff: Staff, asked: WhatIsAsked) => authorise(staff, asked, offices).outcome === 'allowed';

  const seen = (staff: Staff, code: string): Found<{ office: Office }> => {
    const office = offices.find(code);
    if (office === undefined) return { outcome: 'absent' };
    const allowed = authorise(staff, { act: 'seeOrganisation', office: code }, offices);
    return allowed.outcome === 'forbidden' ? allowed : { outcome: 'found', office };
  };
  const contactsOf = async ({ id, personal }: OrganisationRow): Promise<Contacts | undefined> =>
    personal === undefined
      ? undefined
      : ((await deps.sealing.open(personal, `organisation-${id}`)) as Contacts | undefined);
  const view = async (staff: Staff, office: Office, row: OrganisationRow): Promise<OrganisationView> => {
    const { code } = office;
    const active = office.status === 'active';
    const complete = may(staff, { act: 'completeRecord', office: code });
    const arrange = active && may(staff, { act: 'arrangeOrganisation', office: code });
    return {
      office,
      row,
      path: pathTo(offices, office),
      contacts: complete ? await contactsOf(row) : undefined,
      completedBy: await nameOf(deps, row.completedBy),
      below: offices.children(code).map((child) => completenessOf(offices, child)),
      merged: offices.mergedInto(code),
      may: {
        complete: active && complete,
        establish: active && office.kind === 'administration' && may(staff, { act: 'establishBelow', office: code }),
        arrange,
        relocate: arrange && office.parent !== '',
      },
    };
  };
  return {
    /** One organisation with what stands right below it; who sees the people who answer at another one is recorded (S6). */
    view: async (staff: Staff, code: string): Promise<Found<{ view: OrganisationView }>> => {
      const read = seen(staff, code);
      if (read.outcome !== 'found') return read;
      const [row] = (await deps.viewStore.get('organisation', [code])) as readonly OrganisationRow[];
      if (row === undefined) return { outcome: 'absent' };
      const open = () => view(staff, read.office, row);
      const others =
        code !== staff.office && row.personal !== undefined && may(staff, { act: 'completeRecord', office: code });
      const viewing = { subject: { kind: 'organisation', id: code, office: code }, what: 'opened' } as const;
      return { outcome: 'found', view: await (others ? access.shown(staffViewer(staff), viewing, open) : open()) };
    },

    /** Every event of an organisation, oldest first (S6); who answers there is left out. */
    history: async (staff: Staff, code: string): Promise<Found<{ office: Office; events: readonly OpenedEvent[] }>> => {
      const read = seen(staff, code);
      if (read.outcome !== 'found') return read;
      const { events } = await load(deps, organisationDecider, code);
      const shown = events.map((event) => {
        const { personal: _, ...data } = event.data as { personal?: unknown };
        return { ...event, data };
      });
      return { outcome: 'found', office: read.office, events: shown };
    },

    /** How complete the records are, of an organisation and of each right below it with all of theirs (O2). */
    completeness: (
      staff: Staff,
      code: string,
    ): Found<{ office: Office; below: readonly Completeness[]; all: readonly Office[] }> => {
      const read = seen(staff, code);
      if (read.outcome !== 'found') return read;
      const below = offices.children(code).map((child) => completenessOf(offices, child));
      return { outcome: 'found', office: read.office, below, all: standing(offices, code) };
    },
  };
};
