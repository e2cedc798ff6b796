import { addDays, type Day } from '#domain/calendar/day.ts';
import { certificateDecider, type OrdinaryIssued } from '#domain/certificate/decide.ts';
import { maskIdNumber, maskName } from '#domain/people/mask.ts';
import type { DocumentKind } from '#domain/registration/documents.ts';
import type { PrintedParity } from '#domain/stock/serial.ts';
import type { CertificateRow, Voided } from '#projections/certificate.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden } from './authorise.ts';
import { idNumberKey } from './declare.ts';
import type { Deps } from './deps.ts';
import { load } from './handleCommand.ts';
import { hidden } from './masked.ts';
import { nameOf } from './staffView.ts';

/** Which issues of an office are asked for: those of both days and between, of one parity where it is named. */
export type LedgerAsked = { office: string; from: Day; to: Day; parity?: PrintedParity | undefined };

/** One issue as it stands in the register (C5): to whom, by whose hand, and what became of it. */
export type LedgerLine = {
  serial: string;
  issuedOn: string;
  parity: number;
  handler: string;
  document: DocumentKind;
  /** Undefined once the couple's personal data are erased. */
  bearer: { name: string; documentNumber: string } | undefined;
  voided: Voided | undefined;
};

export type LedgerFound =
  | { outcome: 'forbidden'; reason: Forbidden }
  | { outcome: 'found'; lines: readonly LedgerLine[]; masked: boolean; all: readonly LedgerIssue[] };

/** One issue of the period as numbers count it. */
export type LedgerIssue = Pick<CertificateRow, 'issuedOn' | 'status'>;

/** As many issues as a page shows. */
export const issuesPerPage = 200;
/** As many rows as are read, or certificates opened, at once. */
const atOnce = 500;

const maskedBearer = (document: DocumentKind, bearer: { name: string; documentNumber: string }) => ({
  name: maskName(bearer.name),
  documentNumber: document === 'idCard' ? maskIdNumber(bearer.documentNumber) : hidden,
});

const voidedOf = ({ reason, voidedOn, supersededBy }: CertificateRow): Voided | undefined =>
  reason && voidedOn ? { reason, voidedOn, ...(supersededBy && { supersededBy }) } : undefined;

const lineOf = async (deps: Deps, row: CertificateRow, masksFor: (people: readonly string[]) => boolean) => {
  const { events } = await load(deps, certificateDecider, row.id);
  // Its personal part is gone once it was erased.
  const issued = events[0]?.data as Omit<OrdinaryIssued, 'personal'> & Partial<Pick<OrdinaryIssued, 'personal'>>;
  const { handler, personal } = issued;
  const { document } = issued.identity;
  const couple = personal ? [personal.content.wife, personal.content.husband] : [];
  const masked = masksFor(couple.map(({ idNumber }) => idNumberKey(deps.sealing, idNumber)));
  const bearer = personal?.bearer;
  return {
    serial: row.id,
    issuedOn: row.issuedOn,
    parity: row.parity,
    handler: (await nameOf(deps, handler)) ?? handler,
    document,
    bearer: bearer && masked ? maskedBearer(document, bearer) : bearer,
    voided: voidedOf(row),
  };
};

/** Every issue of the period, oldest first. */
const issuesOf = async ({ viewStore }: Deps, { office, from, to, parity }: LedgerAsked) => {
  const query = { index: 'ledger', equals: [office], from, before: addDays(to, 1), limit: atOnce };
  const rows: CertificateRow[] = [];
  let after: string | undefined;
  do {
    const page = await viewStore.find('certificate', { ...query, ...(after !== undefined && { after }) });
    rows.push(...(page.rows as readonly CertificateRow[]));
    after = page.next;
  } while (after !== undefined);
  return rows.filter((row) => !parity || row.parity === parity);
};

/** Which of the issues are opened: one page, counted from 1, or all of them. */
export type LedgerPart = { page: number; size?: number } | 'all';

const partOf = (rows: readonly CertificateRow[], part: LedgerPart): readonly CertificateRow[] => {
  if (part === 'all') return rows;
  const { page, size = issuesPerPage } = part;
  return rows.slice((page - 1) * size, page * size);
};

/** The register of what an office issued, for who sees its stock; whole only at its own counter, and recorded (C5, S6). */
export const ordinaryLedger = (deps: Deps, access: AccessRecords) => ({
  ledger: async (staff: Staff, asked: LedgerAsked, part: LedgerPart): Promise<LedgerFound> => {
    const { office } = asked;
    const allowed = authorise(staff, { act: 'seeStock', office }, deps.offices);
    if (allowed.outcome === 'forbidden') return allowed;
    const all = await issuesOf(deps, asked);
    const rows = partOf(all, part);
    const issues = (people: readonly string[]) =>
      authorise(staff, { act: 'issueOrdinary', office, people }, deps.offices).outcome === 'allowed';
    const subject = { kind: 'organisation', id: office, office } as const;
    const viewer = staffViewer(staff, { task: issues([]) ? 'own' : 'other' });
    const opened = async () => {
      const lines: LedgerLine[] = [];
      for (let n = 0; n < rows.length; n += atOnce) {
        const some = rows.slice(n, n + atOnce);
        lines.push(...(await Promise.all(some.map((row) => lineOf(deps, row, (people) => !issues(people))))));
      }
      return lines;
    };
    const what = part === 'all' ? 'exported' : 'listed';
    const lines = rows.length > 0 ? await access.shown(viewer, { subject, what, count: rows.length }, opened) : [];
    return { outcome: 'found', lines, masked: !issues([]), all };
  },
});
