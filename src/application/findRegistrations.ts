import type { RegistrationData } from '#domain/registration/fields.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import type { SearchRow } from '#projections/search.ts';
import type { Staff } from './actor.ts';
import { idNumberKey, nameKey } from './declare.ts';
import type { Deps } from './deps.ts';
import { officeRanges } from './officeRanges.ts';
import type { ViewQuery } from './ports.ts';
import { readingOffices } from './readers.ts';
import type { Sealing } from './sealing.ts';

const spouses = ['wife', 'husband'] as const;
const atOnce = 100;
const mostRelated = 10;
const idNumberLike = /^\d{17}[\dXx]$/;

type Key = Pick<ViewQuery, 'index' | 'equals' | 'from' | 'before'>;

/** Ids of what is wanted among the rows of a key: page after page until there are `most`, or no more. */
const idsOf = async (deps: Deps, key: Key, wanted: (row: SearchRow) => boolean, most: number) => {
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await deps.viewStore.find('search', {
      ...key,
      limit: atOnce,
      ...(after === undefined ? {} : { after }),
    });
    ids.push(...(page.rows as readonly SearchRow[]).filter(wanted).map(({ id }) => id));
    after = page.next;
  } while (after !== undefined && ids.length < most);
  return ids.slice(0, most);
};

const rowsOf = async (deps: Deps, ids: readonly (readonly string[])[]) =>
  (await deps.viewStore.get('registration', [...new Set(ids.flat())])) as readonly RegistrationRow[];

/** The keyed hash of a full name or an ID number as people search for it. */
export const searchKey = (sealing: Sealing, text: string): string =>
  idNumberLike.test(text) ? idNumberKey(sealing, text) : nameKey(sealing, text);

/** Registrations of a person by full name or ID number within the subtree of staff, or passed on from there, at most so many. */
export const findWithin = async (deps: Deps, staff: Staff, text: string, most: number) => {
  const byId = idNumberLike.test(text);
  const key = searchKey(deps.sealing, text);
  const isWithin = (office: string) => deps.offices.isWithin(office, staff.office);
  const ranges = officeRanges(deps.offices.within(staff.office));
  const ids = await Promise.all(
    spouses.flatMap((spouse) => {
      const index = `${spouse}${byId ? 'IdNumber' : 'Name'}`;
      const gone = { index: `${index}PassedOn`, equals: [key], from: '' };
      return [
        ...ranges.map((range) =>
          idsOf(deps, { index, equals: [key], ...range }, ({ office }) => isWithin(office), most),
        ),
        idsOf(deps, gone, ({ passedFrom = [] }) => passedFrom.some(isWithin), most),
      ];
    }),
  );
  return (await rowsOf(deps, ids)).filter((row) => readingOffices(row).some(isWithin)).slice(0, most);
};

/** Others of the same two people, wherever they lie. */
export const findRelated = async (
  deps: Deps,
  id: string,
  data: Pick<RegistrationData, 'wife' | 'husband'>,
): Promise<readonly RegistrationRow[]> => {
  const ids = await Promise.all(
    spouses.map((spouse) => {
      const equals = [idNumberKey(deps.sealing, data[spouse].idNumber)];
      return idsOf(deps, { index: `${spouse}IdNumber`, equals }, (row) => row.id !== id, mostRelated);
    }),
  );
  return rowsOf(deps, ids);
};
