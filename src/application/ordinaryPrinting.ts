import { dayInShanghai } from '#domain/calendar/day.ts';
import { certificateDecider, type OrdinaryIssued } from '#domain/certificate/decide.ts';
import { type Printer, type PrintingCommand, type PrintingKind, printingDecider } from '#domain/printing/decide.ts';
import type { CertificateRow } from '#projections/certificate.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import { type ActOfStaff, actingFor } from './acting.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden } from './authorise.ts';
import { idNumberKey } from './declare.ts';
import type { Deps } from './deps.ts';
import type { RenderedDocument } from './documents.ts';
import { type Handled, handleCommand, load } from './handleCommand.ts';
import { nameOn } from './offices.ts';
import type { IssueSlip, OrdinaryPaper } from './ordinaryPaper.ts';

type Refused = { outcome: 'forbidden'; reason: Forbidden };
export type PrintingOutcome = Handled<PrintingKind> | Refused;
export type PrintOutcome = RenderedDocument | Refused | { outcome: 'absent' };

/** Which printer it goes to, by its number; left out: as it is, without an offset. */
export type Printing = { printer?: number | undefined };

type Opened = Pick<OrdinaryIssued['personal'], 'content' | 'bearer'>;

const pageSize = 200;

/** Prints what an office issued, on its printers (C3, §3.1.3). */
export const ordinaryPrinting = (deps: Deps, access: AccessRecords) => {
  const { offices, viewStore, sealing } = deps;

  const may = (staff: Staff, office: string, people: readonly string[] = []) =>
    authorise(staff, { act: 'issueOrdinary', office, people }, offices);
  const ownOffice = (staff: Staff): string => offices.current(staff.office);
  const printersOf = async (office: string): Promise<readonly Printer[]> =>
    (await load(deps, printingDecider, office)).state.printers;

  /** How far a printer is off; one that is gone, or none, is taken as it comes. */
  const offsetOf = async (office: string, printer: number | undefined) => {
    const found = (await printersOf(office)).find((one) => one.printer === printer);
    return { dx: found?.dx ?? 0, dy: found?.dy ?? 0 };
  };

  /** The ordinary certificate that holds for a registration; undefined where there is none, or it is erased. */
  const standing = async (registrationId: string) => {
    const query = { index: 'registration', equals: [registrationId], limit: pageSize };
    const rows = (await viewStore.find('certificate', query)).rows as readonly CertificateRow[];
    const row = rows.find(({ kind, status }) => kind === 'ordinary' && status === 'valid');
    if (row?.status !== 'valid') return undefined;
    const opened = (await sealing.open(row.personal, `certificate-${row.id}`)) as Opened | undefined;
    return opened && { row, opened };
  };

  /** Runs a print of what the staff's own office issued, and writes down that it was made. */
  const printed = async (
    staff: Staff,
    registrationId: string,
    make: (row: Extract<CertificateRow, { status: 'valid' }>, opened: Opened) => Promise<PrintOutcome>,
  ): Promise<PrintOutcome> => {
    const found = await standing(registrationId);
    if (found === undefined) {
      const allowed = may(staff, ownOffice(staff));
      return allowed.outcome === 'forbidden' ? allowed : { outcome: 'absent' };
    }
    const { row, opened } = found;
    const people = [opened.content.wife, opened.content.husband].map(({ idNumber }) => idNumberKey(sealing, idNumber));
    const allowed = may(staff, row.office, people);
    if (allowed.outcome === 'forbidden') return allowed;
    const subject = { kind: 'certificate', id: row.id, office: row.office } as const;
    return access.shown(staffViewer(staff), { subject, what: 'printed', shown: [registrationId] }, () =>
      make(row, opened),
    );
  };

  const paperOf = (row: { id: string; code: string }, { content }: Opened): OrdinaryPaper => {
    const { kind: _, ...paper } = content;
    return { ...paper, verifyUrl: `${deps.publicUrl}/verify/${row.code}`, specimen: deps.demo };
  };

  /** Whether it is in the log: a certificate that became void meanwhile is not handed out. */
  const recordPrint = async (staff: Staff, number: string, { sha256 }: { sha256: string }): Promise<boolean> => {
    const print = { number, channel: 'staff', sha256 } as const;
    const act = actingFor(sealing, { staff, commandId: deps.ids() });
    const handled = await handleCommand(deps, certificateDecider, number, { type: 'PrintCertificate', print }, act);
    return handled.outcome === 'done';
  };

  const slipOf = async (row: CertificateRow, { content, bearer }: Opened): Promise<IssueSlip> => {
    const { events } = await load(deps, certificateDecider, row.id);
    const issued = events[0]?.data as OrdinaryIssued;
    const nameThen = (office: string) => nameOn(offices, office, row.issuedOn);
    return {
      serial: row.id,
      parity: row.parity,
      registrationId: row.registrationId,
      wife: content.wife.name,
      husband: content.husband.name,
      bearer: { ...bearer, document: issued.identity.document },
      office: nameThen(row.office),
      registeringOffice: nameThen(issued.registeringOffice),
      handler: issued.handler,
      issuedOn: row.issuedOn,
      specimen: deps.demo,
    };
  };

  const changePrinters = async (act: ActOfStaff, command: PrintingCommand): Promise<PrintingOutcome> => {
    const office = ownOffice(act.staff);
    const allowed = may(act.staff, office);
    if (allowed.outcome === 'forbidden') return allowed;
    return handleCommand(deps, printingDecider, office, command, actingFor(sealing, act));
  };

  return {
    /** The printers of one's own office. */
    printers: async (staff: Staff): Promise<Refused | { outcome: 'found'; printers: readonly Printer[] }> => {
      const allowed = may(staff, ownOffice(staff));
      if (allowed.outcome === 'forbidden') return allowed;
      return { outcome: 'found', printers: await printersOf(ownOffice(staff)) };
    },

    changePrinters,

    /** A sheet that shows how far a printer is off as it is set now. */
    calibration: async (staff: Staff, { printer }: Printing): Promise<PrintOutcome> => {
      const allowed = may(staff, ownOffice(staff));
      if (allowed.outcome === 'forbidden') return allowed;
      const { dx, dy } = await offsetOf(ownOffice(staff), printer);
      return deps.documents.pdf({ kind: 'calibration', on: dayInShanghai(deps.clock()), offset: { dx, dy } });
    },

    /** The overprint for the pre-printed paper of the certificate that holds; that it was made is recorded (C3, S6). */
    overprint: (staff: Staff, registrationId: string, { printer }: Printing): Promise<PrintOutcome> =>
      printed(staff, registrationId, async (row, opened) => {
        const papers = [paperOf(row, opened)];
        const offset = await offsetOf(ownOffice(staff), printer);
        const made = await deps.documents.pdf({ kind: 'ordinaryOverprint', on: row.issuedOn, papers, offset });
        if (made.outcome !== 'rendered') return made;
        return (await recordPrint(staff, row.id, made)) ? made : { outcome: 'absent' };
      }),

    /** The slip that the office files of its issue (§3.1.3(3)). */
    slip: (staff: Staff, registrationId: string): Promise<PrintOutcome> =>
      printed(staff, registrationId, async (row, opened) =>
        deps.documents.pdf({ kind: 'issueSlip', on: row.issuedOn, slips: [await slipOf(row, opened)] }),
      ),
  };
};
