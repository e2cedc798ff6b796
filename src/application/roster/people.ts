import type { Role } from '#domain/account/authorisations.ts';
import type { AccountDetails } from '#domain/account/events.ts';
import type { PlaceColumn } from '#domain/organisation/placeNames.ts';
import type { AccountRow } from '#projections/account.ts';
import { openDetails } from '../accountOpened.ts';
import { inBatches } from '../batches.ts';
import type { Deps } from '../deps.ts';
import { placeColumnsOf } from './places.ts';

/** One person of the annex-2 sheet as it is given out. */
export type Exported = {
  account: string;
  role: Role;
  details: AccountDetails;
  places: Readonly<Record<PlaceColumn, string>>;
};

type Exporting = Pick<Deps, 'viewStore' | 'sealing' | 'offices' | 'divisions'>;

const atOnce = 500;

const rowsOf = async ({ viewStore }: Exporting, office: string): Promise<readonly AccountRow[]> => {
  const rows: AccountRow[] = [];
  let after: string | undefined;
  do {
    const query = { index: 'office', equals: [office], limit: atOnce, ...(after === undefined ? {} : { after }) };
    const page = await viewStore.find('account', query);
    rows.push(...(page.rows as readonly AccountRow[]));
    after = page.next;
  } while (after !== undefined);
  return rows.filter(({ status }) => status !== 'closed');
};

/** The name of a committee or institution is the work unit of its people: so the sheet says where they are. */
const withUnit = ({ offices }: Exporting, office: string, details: AccountDetails): AccountDetails => {
  const found = offices.find(office);
  return found === undefined || found.kind === 'administration' ? details : { ...details, workUnit: found.name };
};

const exportedOf = async (deps: Exporting, row: AccountRow): Promise<readonly Exported[]> => {
  const details = await openDetails(deps.sealing, row);
  if (details === undefined) return [];
  const office = deps.offices.current(row.office);
  const places = placeColumnsOf(deps, office);
  return [{ account: row.id, role: row.role, details: withUnit(deps, office, details), places }];
};

/** Everybody of an office and all below it whose account is not closed, office by office. */
export const exportedPeople = async (deps: Exporting, office: string): Promise<readonly Exported[]> => {
  const offices = [...deps.offices.within(office)].sort();
  const rows = (await inBatches(offices, atOnce, (code) => rowsOf(deps, code))).flat();
  return (await inBatches(rows, atOnce, (row) => exportedOf(deps, row))).flat();
};
