import { organisationKinds } from '#domain/organisation/events.ts';
import type { Office, OfficeTree } from './offices.ts';
import { StoreUnavailable } from './ports.ts';

// Townships have 9 digits, counties 6: 仁怀市 and 威宁县 too, whatever their level.
const registering = /^(?:\d{6}|\d{9})$/;

/** Steps from code to code until there is none, or one comes again: a tree that was changed from two sides has no end. */
const walk = (start: string, next: (code: string) => string | undefined): readonly string[] => {
  const passed = new Set<string>();
  for (let code: string | undefined = start; code !== undefined && !passed.has(code); code = next(code)) {
    passed.add(code);
  }
  return [...passed];
};

/** Whom an organisation hangs under: its successor once merged, else whoever goes on for the one it reports to. */
const placed = (office: Office, current: (code: string) => string): Office => ({
  ...office,
  parent: office.successor ?? (office.parent === '' ? '' : current(office.parent)),
});

/** Administrations first, then committees and institutions, each in the order of their codes. */
const inOrder = (one: Office, other: Office): number =>
  organisationKinds.indexOf(one.kind) - organisationKinds.indexOf(other.kind) || (one.code < other.code ? -1 : 1);

/** What forms the tree. */
type Index = { byCode: ReadonlyMap<string, Office>; byParent: ReadonlyMap<string, readonly Office[]> };

const indexOf = (all: readonly Office[], current: (code: string) => string): Index => {
  const byCode = new Map(all.toSorted(inOrder).map((office) => [office.code, placed(office, current)]));
  return { byCode, byParent: Map.groupBy(byCode.values(), ({ parent }) => parent) };
};

/** Codes at or below an office, each once. */
const below = ({ byCode, byParent }: Index, code: string): readonly string[] => {
  const found = new Set(byCode.has(code) ? [code] : []);
  for (const one of found) for (const child of byParent.get(one) ?? []) found.add(child.code);
  return [...found];
};

const nameAt = ({ names, name }: Office, instant: string): string =>
  names.findLast(({ from }) => from <= instant)?.name ?? names[0]?.name ?? name;

/** The tree of these organisations, each told with the parent and successor that its own history names. */
export const officeTree = (all: readonly Office[]): OfficeTree => {
  const told = new Map(all.map((office) => [office.code, office]));
  const current = (code: string): string => walk(code, (one) => told.get(one)?.successor).at(-1) ?? code;
  const index = indexOf(all, current);
  const { byCode, byParent } = index;
  const find = (code: string) => byCode.get(code);
  const top = all.find(({ parent }) => parent === '');
  const mergedInto = (code: string): readonly Office[] =>
    below(index, code).flatMap((one) => {
      const office = one === code ? undefined : find(one);
      return office?.status === 'merged' && current(one) === code ? [office] : [];
    });
  const everyone = [...byCode.values()];
  return {
    all: () => everyone,
    find,
    current,
    nameAt: (code, instant) => {
      const office = find(code);
      return office && nameAt(office, instant);
    },
    forPlace: (townshipCode) => {
      const [own] = [9, 6, 4].flatMap((digits) => find(townshipCode.slice(0, digits)) ?? []);
      const office = own === undefined ? top : find(current(own.code));
      if (office === undefined) throw new StoreUnavailable('There is no organisation at all: run npm run first-admin.');
      return office;
    },
    registers: (code) => {
      const office = find(code);
      return office?.status === 'active' && office.kind === 'administration' && registering.test(code);
    },
    children: (code) => (byParent.get(code) ?? []).filter(({ status }) => status === 'active'),
    mergedInto,
    within: (code) => below(index, code),
    isWithin: (code, ancestor) =>
      byCode.has(code) && walk(code, (one) => find(one)?.parent || undefined).includes(ancestor),
  };
};
