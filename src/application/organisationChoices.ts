import type { OrganisationKind, OrganisationLevel } from '#domain/organisation/events.ts';
import { fitsUnder, organisationName } from '#domain/organisation/rules.ts';
import type { Staff } from './actor.ts';
import { authorise, type WhatIsAsked } from './authorise.ts';
import type { Deps } from './deps.ts';
import { countersOf, openStatuses } from './inboxCounts.ts';
import type { Office } from './offices.ts';
import { standing } from './organisationQueries.ts';

/** What goes along when an organisation merges into another. */
export type MergerPreview = { open: number; people: number; below: number; places: readonly string[] };

const mostCounted = 10_000;
const mostFound = 30;

/** Whose name or code holds a text, those that stand higher first. */
const named = (all: readonly Office[], text: string): readonly Office[] => {
  const wanted = text.normalize('NFKC').replace(/\s/g, '').toUpperCase();
  if (wanted === '') return [];
  return all.filter(({ name, code }) => name.replace(/\s/g, '').includes(wanted) || code.startsWith(wanted));
};

/** What an admin can choose from where organisations are arranged: always within their own subtree (O3). */
export const organisationChoices = (deps: Deps) => {
  const { offices } = deps;
  const may = (staff: Staff, asked: WhatIsAsked) => authorise(staff, asked, offices).outcome === 'allowed';
  const own = (staff: Staff) => standing(offices, offices.current(staff.office));
  return {
    /** Those of a name or code within the staff's own subtree, at most 30. */
    find: (staff: Staff, text: string): readonly Office[] =>
      named(own(staff), text)
        .filter(({ code }) => may(staff, { act: 'seeOrganisation', office: code }))
        .slice(0, mostFound),

    /** Whom an organisation could report to instead, of those found by a name or code; without one, those nearby. */
    possibleParents: (staff: Staff, { code, kind, level, parent }: Office, text: string): readonly Office[] => {
      const all = own(staff).filter(
        (one) =>
          one.code !== parent &&
          fitsUnder({ kind, level }, one) &&
          !offices.isWithin(one.code, code) &&
          may(staff, { act: 'establishBelow', office: one.code }),
      );
      const grand = offices.find(parent)?.parent;
      return (text.trim() === '' ? all.filter((one) => one.parent === grand) : named(all, text)).slice(0, mostFound);
    },

    /** Whom an organisation could merge into, of those found by a name or code; without one, its neighbours. */
    possibleSuccessors: (staff: Staff, { code, kind, level, parent }: Office, text: string): readonly Office[] => {
      const all = own(staff).filter(
        (one) =>
          one.code !== code &&
          one.kind === kind &&
          one.level === level &&
          may(staff, { act: 'arrangeOrganisation', office: one.code }),
      );
      return (text.trim() === '' ? all.filter((one) => one.parent === parent) : named(all, text)).slice(0, mostFound);
    },

    /** What would go along when an organisation merges: open tasks, people, what is below it, its places; undefined for who may not arrange it. */
    mergerPreview: async (staff: Staff, code: string): Promise<MergerPreview | undefined> => {
      if (!may(staff, { act: 'arrangeOrganisation', office: code })) return undefined;
      const merging = [code, ...offices.mergedInto(code).map((merged) => merged.code)];
      const counters = await countersOf(deps, code);
      const people = await Promise.all(
        merging.map((one) => deps.viewStore.count('account', { index: 'office', equals: [one], limit: mostCounted })),
      );
      return {
        open: openStatuses.reduce((sum, status) => sum + (counters?.[status] ?? 0), 0),
        people: people.reduce((sum, count) => sum + count, 0),
        below: standing(offices, code).length - 1,
        places: merging.map((one) => offices.find(one)?.division ?? one),
      };
    },

    /** Who else under an organisation bears a name already, in its one spelling. */
    namesake: (parent: string, name: string, except?: string): Office | undefined =>
      offices.children(parent).find((one) => one.name === organisationName(name) && one.code !== except),

    /** What can be established under an organisation, and the divisions below it that have none yet. */
    possibleBelow: ({ code, kind, level, division }: Office) => {
      const kinds: readonly { kind: OrganisationKind; level: OrganisationLevel }[] = [
        { kind: 'administration', level: 'prefecture' },
        { kind: 'administration', level: 'county' },
        { kind: 'administration', level: 'township' },
        { kind: 'committee', level: 'village' },
        { kind: 'institution', level },
      ];
      const free = deps.divisions.children(division).filter((one) => offices.find(one.code) === undefined);
      const numbers = offices.within(code).flatMap((one) => one.match(/-H(\d+)$/)?.[1] ?? []);
      const next = Math.max(0, ...numbers.map(Number)) + 1;
      return {
        kinds: kinds.filter((one) => fitsUnder(one, { kind, level })),
        free,
        institution: `${division}-H${String(next).padStart(2, '0')}`,
      };
    },
  };
};
