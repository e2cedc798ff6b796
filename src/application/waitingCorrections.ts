import type { ProposedCorrectionRow } from '#projections/proposedCorrection.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import type { Staff } from './actor.ts';
import { authorise } from './authorise.ts';
import type { Deps } from './deps.ts';
import { openData, registrationRow } from './opened.ts';
import { nameOf } from './staffView.ts';

/** A correction that waits, by the names that the registration has now. */
export type WaitingLine = {
  row: ProposedCorrectionRow;
  wife: string;
  husband: string;
  proposedByName: string | undefined;
};

const most = 50;

/** The offices whose proposals someone may decide on: their own, and those right below where they supervise. */
const officesFor = (deps: Deps, staff: Staff): readonly string[] => {
  const own = deps.offices.current(staff.office);
  return deps.offices
    .within(own)
    .filter((office) => office === own || deps.offices.find(office)?.parent === own)
    .filter(
      (office) =>
        authorise(staff, { act: 'approveCorrection', office, people: [] }, deps.offices).outcome === 'allowed',
    );
};

const line = async (deps: Deps, row: ProposedCorrectionRow): Promise<readonly WaitingLine[]> => {
  const found = await registrationRow(deps, row.id);
  const data = found && (await openData(deps, found));
  if (data === undefined) return [];
  return [
    { row, wife: data.wife.name, husband: data.husband.name, proposedByName: await nameOf(deps, row.proposedBy) },
  ];
};

/** What waits for them, the oldest first; names of other offices' couples are recorded as looked at (S6). */
export const waitingFor = async (deps: Deps, access: AccessRecords, staff: Staff): Promise<readonly WaitingLine[]> => {
  const pages = await Promise.all(
    officesFor(deps, staff).map((office) =>
      deps.viewStore.find('proposedCorrection', { index: 'waiting', equals: [office], limit: most }),
    ),
  );
  const rows = pages.flatMap((page) => page.rows as readonly ProposedCorrectionRow[]).slice(0, most);
  const opened = async () => (await Promise.all(rows.map((row) => line(deps, row)))).flat();
  if (rows.every(({ office }) => office === staff.office)) return opened();
  const subject = { kind: 'organisation', id: staff.office, office: staff.office } as const;
  const viewing = { subject, what: 'listed', count: rows.length } as const;
  return access.shown(staffViewer(staff, { task: 'other' }), viewing, opened);
};
