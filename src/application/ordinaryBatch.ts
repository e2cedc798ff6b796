import { stockDecider } from '#domain/stock/decide.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { firstOf } from '#domain/stock/ranges.ts';
import { type PrintedParity, printedParities, serialText } from '#domain/stock/serial.ts';
import type { UnissuedRow } from '#projections/unissued.ts';
import { type AccessRecords, staffViewer } from './access.ts';
import type { ActOfStaff } from './acting.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden } from './authorise.ts';
import { peopleOf } from './declare.ts';
import type { Deps } from './deps.ts';
import { derivedId } from './derivedId.ts';
import { load } from './handleCommand.ts';
import { openData, registrationRow } from './opened.ts';
import { type Issuing, type OrdinaryOutcome, ordinaryCertificates } from './ordinaryCertificates.ts';

/** As many as are listed, and issued, at once. */
export const mostAtOnce = 50;

/** One of the batch: for which registration, to whom, and which serial; none: the lowest that the office holds. */
export type BatchRow = { registrationId: string } & Issuing;

/** A registration of the own office for which none is issued; `name` and `spouse` are whole, at its own counter. */
export type UnissuedLine = { id: string; parity: number; registeredOn: string; name: string; spouse: string };

export type UnissuedFound =
  | { outcome: 'forbidden'; reason: Forbidden }
  /** The oldest first; `serials` are those next in the own stock, lowest first, by parity. */
  | {
      outcome: 'found';
      lines: readonly UnissuedLine[];
      serials: Readonly<Record<PrintedParity, readonly string[]>>;
      more: boolean;
    };

export type BatchOutcome =
  | { outcome: 'forbidden'; reason: Forbidden }
  | { outcome: 'tooMany' }
  | { outcome: 'done'; rows: readonly { registrationId: string; answer: OrdinaryOutcome }[] };

const nextSerials = async (deps: Deps, office: string, parity: PrintedParity): Promise<readonly string[]> => {
  const { held } = (await load(deps, stockDecider, stockId(office, parity))).state;
  const numbers = firstOf(held, mostAtOnce).flatMap(({ from, to }) =>
    Array.from({ length: to - from + 1 }, (_, n) => from + n),
  );
  return numbers.map((number) => serialText(parity, number));
};

/** Rows of an office and of those that went into it, the longest registered first. */
const rowsOf = async (deps: Deps, own: string): Promise<readonly UnissuedRow[]> => {
  const codes = deps.offices.within(own).filter((code) => deps.offices.current(code) === own);
  const limit = mostAtOnce + 1;
  const pages = await Promise.all(
    codes.map((code) => deps.viewStore.find('unissued', { index: 'waits', equals: [code], limit })),
  );
  const rows = pages.flatMap((page) => page.rows as readonly UnissuedRow[]);
  return rows.toSorted((a, b) => a.registeredOn.localeCompare(b.registeredOn));
};

/** Ordinary certificates for many at once, from the own office's registrations (C3). */
export const ordinaryBatch = (deps: Deps, access: AccessRecords) => {
  const { issueOrdinary } = ordinaryCertificates(deps);

  const lineOf = async (staff: Staff, office: string, row: UnissuedRow): Promise<readonly UnissuedLine[]> => {
    const registration = await registrationRow(deps, row.id);
    const data = registration && (await openData(deps, registration));
    if (data === undefined) return [];
    const people = peopleOf(deps.sealing, data);
    // Nobody issues their own (P3).
    if (authorise(staff, { act: 'issueOrdinary', office, people }, deps.offices).outcome === 'forbidden') return [];
    const { id, parity, registeredOn } = row;
    return [{ id, parity, registeredOn, name: data.wife.name, spouse: data.husband.name }];
  };

  const issueRow = async (act: ActOfStaff, office: string, row: BatchRow): Promise<OrdinaryOutcome> => {
    const { registrationId, ...issuing } = row;
    const found = await registrationRow(deps, registrationId);
    if (found === undefined || deps.offices.current(found.office) !== office) return { outcome: 'absent' };
    const commandId = derivedId(deps.sealing, 'ordinaryBatch', `${act.commandId}|${registrationId}`);
    return issueOrdinary(registrationId, { ...act, commandId }, issuing);
  };

  return {
    /** What the own office has registered and not issued yet, and the serials next in its stock; the look is recorded (S6). */
    unissued: async (staff: Staff): Promise<UnissuedFound> => {
      const office = deps.offices.current(staff.office);
      const allowed = authorise(staff, { act: 'issueOrdinary', office, people: [] }, deps.offices);
      if (allowed.outcome === 'forbidden') return allowed;
      const all = await rowsOf(deps, office);
      const rows = all.slice(0, mostAtOnce);
      const opened = async () => (await Promise.all(rows.map((row) => lineOf(staff, office, row)))).flat();
      const subject = { kind: 'organisation', id: office, office } as const;
      const viewing = { subject, what: 'listed', count: rows.length } as const;
      const lines = rows.length === 0 ? [] : await access.shown(staffViewer(staff), viewing, opened);
      const [first, second] = await Promise.all(printedParities.map((parity) => nextSerials(deps, office, parity)));
      const serials = { 1: first ?? [], 2: second ?? [] };
      return { outcome: 'found', lines, serials, more: all.length > mostAtOnce };
    },

    /**
     * Issues one after another, each as at the counter, and answers for each; sent again it goes on where it broke off. Those of
     * another office are `absent`. At most `mostAtOnce`.
     */
    issueBatch: async (act: ActOfStaff, rows: readonly BatchRow[]): Promise<BatchOutcome> => {
      const office = deps.offices.current(act.staff.office);
      const allowed = authorise(act.staff, { act: 'issueOrdinary', office, people: [] }, deps.offices);
      if (allowed.outcome === 'forbidden') return allowed;
      if (rows.length > mostAtOnce) return { outcome: 'tooMany' };
      const answers: { registrationId: string; answer: OrdinaryOutcome }[] = [];
      // One after another: each takes the next serial.
      for (const row of rows) {
        answers.push({ registrationId: row.registrationId, answer: await issueRow(act, office, row) });
      }
      return { outcome: 'done', rows: answers };
    },
  };
};
