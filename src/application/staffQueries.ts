import type { Look } from '#domain/access/events.ts';
import { addDays, dayInShanghai } from '#domain/calendar/day.ts';
import type { DueState } from '#domain/calendar/deadlines.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { CountersRow } from '#projections/counters.ts';
import type { InboxRow } from '#projections/inbox.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import { type AccessRecords, staffViewer, type Viewer } from './access.ts';
import { basisFor, type ReasonDue, registrationSubject } from './accessBasis.ts';
import type { Staff } from './actor.ts';
import { authorise, type Forbidden } from './authorise.ts';
import { certificateHistory } from './certificateHistory.ts';
import { peopleOf } from './declare.ts';
import type { Deps } from './deps.ts';
import type { OpenedEvent } from './eventCodec.ts';
import { findWithin, searchKey } from './findRegistrations.ts';
import { load } from './handleCommand.ts';
import { countersOf, countOverdue, isOpen } from './inboxCounts.ts';
import { shownEvent } from './masked.ts';
import { type OfficeNumbers, overviewOf } from './officeNumbers.ts';
import { openData, registrationRow } from './opened.ts';
import { mayReadRow } from './readers.ts';
import { revocationNotice } from './revocationNotice.ts';
import { dueOf, nameOf, type StaffView, seesMasked, staffView } from './staffView.ts';
import { waitingFor } from './waitingCorrections.ts';

/** The tabs of the workbench, in order. */
export const inboxStatuses = [
  'submitted',
  'received',
  'accepted',
  'registered',
  'rejected',
  'declined',
  'withdrawn',
  'revoked',
] as const;
export type InboxStatus = (typeof inboxStatuses)[number];

/** What narrows a tab. `due` holds for open tabs only; `handler` is an account, or empty for nobody. */
export type InboxFilter = {
  status: InboxStatus;
  due?: 'overdue' | 'today' | 'later';
  handler?: string;
  parity?: number;
  flagged?: boolean;
  after?: string;
};

/** One line as the workbench shows it. */
export type InboxLine = {
  row: InboxRow;
  /** Nobody is named any more. */
  erased: boolean;
  wife: string;
  husband: string;
  place: string;
  handlerName: string | undefined;
  due: DueState | undefined;
};

export type InboxPage = {
  lines: readonly InboxLine[];
  next: string | undefined;
  counters: CountersRow | undefined;
  overdue: number;
};

export const pageSize = 30;
const mostScanned = 10;

const bounds = (due: InboxFilter['due'], today: string) => {
  if (due === 'overdue') return { before: today };
  if (due === 'today') return { from: today, before: addDays(today, 1) };
  return due === 'later' ? { from: addDays(today, 1) } : {};
};

const matches = (filter: InboxFilter) => (row: InboxRow) =>
  (filter.parity === undefined || row.parity === filter.parity) && (filter.flagged !== true || row.flags > 0);

const line = async (deps: Deps, row: InboxRow): Promise<InboxLine> => {
  const data = await openData(deps, row);
  return {
    row,
    erased: data === undefined,
    wife: data?.wife.name ?? '',
    husband: data?.husband.name ?? '',
    place: data?.declaration.place ?? '',
    handlerName: await nameOf(deps, row.handler),
    due: dueOf(deps, row, row.dueOn),
  };
};

/** Pages until one is full: filters that no index knows leave rows out. */
const scan = async (deps: Deps, office: string, filter: InboxFilter) => {
  const { status, handler } = filter;
  const query = {
    ...(handler === undefined
      ? { index: 'due', equals: [office, status] }
      : { index: 'handled', equals: [office, status, handler] }),
    ...(isOpen(status) ? bounds(filter.due, dayInShanghai(deps.clock())) : { descending: true }),
  };
  const rows: InboxRow[] = [];
  let after = filter.after;
  for (let scanned = 0; scanned < mostScanned && rows.length < pageSize; scanned += 1) {
    const limit = pageSize - rows.length;
    const page = await deps.viewStore.find('inbox', { ...query, limit, ...(after === undefined ? {} : { after }) });
    rows.push(...(page.rows as readonly InboxRow[]).filter(matches(filter)));
    after = page.next;
    if (after === undefined) break;
  }
  return { rows, next: after };
};

/** Why staff see nothing; `erased`: of the couple, for its history stays; `reasonDue`: not before they say why they look. */
export type StaffRefusal =
  | { outcome: 'absent' }
  | { outcome: 'erased' }
  | { outcome: 'forbidden'; reason: Forbidden | 'certificate' }
  | ReasonDue;

type FoundView = { outcome: 'found'; view: StaffView };

/** What happened to a registration and its certificate, in the order of the log, already masked where `masked`; once erased without `couple`. */
export type StaffHistory = {
  outcome: 'found';
  row: RegistrationRow;
  couple: { wife: string; husband: string } | undefined;
  masked: boolean;
  events: readonly OpenedEvent[];
};

/** What a look at a registration rests on, once it may be taken. */
type Readable = { outcome: 'found'; row: RegistrationRow; data: RegistrationData | undefined; viewer: Viewer };

/** What staff may see (O3: within their own subtree and authorisations, and what they passed on); all of it is recorded (S6). */
export const staffQueries = (deps: Deps, access: AccessRecords) => {
  const mayList = (staff: Staff, office: string): boolean =>
    authorise(staff, { act: 'listInbox', office }, deps.offices).outcome === 'allowed';

  /** `whole`: as who sees everything, not masked. */
  const readable = async (staff: Staff, id: string, whole = false): Promise<StaffRefusal | Readable> => {
    const row = await registrationRow(deps, id);
    if (row === undefined) return { outcome: 'absent' };
    const allowed = mayReadRow(deps, staff, row);
    if (allowed.outcome === 'forbidden') return allowed;
    if (whole && seesMasked(deps, staff, row.office)) return { outcome: 'forbidden', reason: 'certificate' };
    const data = await openData(deps, row);
    // Once erased it names nobody: its history is for all who may read it.
    if (data === undefined) return { outcome: 'found', row, data, viewer: staffViewer(staff) };
    const based = await basisFor(deps, staff, row, peopleOf(deps.sealing, data));
    return based.outcome === 'reasonDue' ? based : { outcome: 'found', row, data, viewer: based.viewer };
  };

  const shown = <T>({ row, viewer }: Readable, what: Look, open: () => Promise<T>): Promise<T> =>
    access.shown(viewer, { subject: registrationSubject(row), what }, open);

  const lines = async (rows: readonly InboxRow[]) => Promise.all(rows.map((row) => line(deps, row)));

  return {
    /** Whether staff may see the inbox of an office: their own, or one below it (O3). */
    mayList,

    /** A page of one tab, due first, with the counts of all tabs; empty where staff may not list. Throws `InvalidCursor`. */
    inbox: async (staff: Staff, filter: InboxFilter, office = staff.office): Promise<InboxPage> => {
      if (!mayList(staff, office)) return { lines: [], next: undefined, counters: undefined, overdue: 0 };
      const { rows, next } = await scan(deps, office, filter);
      const subject = { kind: 'organisation', id: office, office } as const;
      const viewing = { subject, what: 'listed', count: rows.length } as const;
      const opened =
        office === staff.office || rows.length === 0
          ? lines(rows)
          : access.shown(staffViewer(staff, { task: 'other' }), viewing, () => lines(rows));
      return {
        lines: await opened,
        next,
        counters: await countersOf(deps, office),
        overdue: await countOverdue(deps, office),
      };
    },

    /** The numbers of an office and of each below it, their own subtrees summed up; none where staff may not list. */
    overview: async (staff: Staff, office: string): Promise<readonly OfficeNumbers[]> =>
      mayList(staff, office) ? overviewOf(deps, office) : [],

    /** The counts of all tabs of an office: what a live page watches for change; none where staff may not list. */
    counters: async (staff: Staff, office: string): Promise<CountersRow | undefined> =>
      mayList(staff, office) ? countersOf(deps, office) : undefined,

    /** One registration, opened; masked for who does not work on registrations at its office. */
    registration: async (staff: Staff, id: string): Promise<StaffRefusal | FoundView> => {
      const read = await readable(staff, id);
      if (read.outcome !== 'found') return read;
      const { row, data } = read;
      if (data === undefined) return { outcome: 'erased' };
      return { outcome: 'found', view: await shown(read, 'opened', () => staffView(deps, staff, row, data)) };
    },

    /** The notice of its revocation as PDF: for who works on registrations there, and for who may revoke them. */
    revocationNotice: async (
      staff: Staff,
      id: string,
    ): Promise<StaffRefusal | { outcome: 'found'; pdf: Awaited<ReturnType<typeof revocationNotice>> }> => {
      const read = await readable(staff, id);
      if (read.outcome !== 'found') return read;
      const { row, data, viewer } = read;
      const people = peopleOf(deps.sealing, data);
      const revokes = authorise(staff, { act: 'revoke', office: row.office, people }, deps.offices);
      if (revokes.outcome === 'forbidden' && seesMasked(deps, staff, row.office)) return revokes;
      return { outcome: 'found', pdf: await revocationNotice(deps, access, id, viewer) };
    },

    /** As whom staff look at its certificate, which shows everything: forbidden to who sees masked (§3.1.3). */
    printable: async (
      staff: Staff,
      id: string,
    ): Promise<StaffRefusal | { outcome: 'found'; row: RegistrationRow; viewer: Viewer }> => {
      const read = await readable(staff, id, true);
      if (read.outcome !== 'found') return read;
      const { row, data, viewer } = read;
      return data === undefined ? { outcome: 'erased' } : { outcome: 'found', row, viewer };
    },

    /** Corrections that wait for someone else, at their own office and where they supervise right below it (R10). */
    waitingCorrections: (staff: Staff) => waitingFor(deps, access, staff),

    /** Every event of a registration and of its certificates, oldest first (S6). */
    history: async (staff: Staff, id: string): Promise<StaffRefusal | StaffHistory> => {
      const read = await readable(staff, id);
      if (read.outcome !== 'found') return read;
      const { row, data } = read;
      const masked = seesMasked(deps, staff, row.office);
      const couple = data && { wife: data.wife.name, husband: data.husband.name };
      return shown(read, 'history', async () => {
        const { events } = await load(deps, registrationDecider, id);
        const issued = await certificateHistory(deps, id);
        const all = [...events, ...issued].sort((a, b) => a.position - b.position);
        return { outcome: 'found', row, couple, masked, events: all.map((event) => shownEvent(event, masked)) };
      });
    },

    /** Registrations of a person within the staff's subtree or passed on from there, by full name or ID number. */
    search: async (
      staff: Staff,
      typed: string,
    ): Promise<readonly { row: RegistrationRow; wife: string; husband: string }[]> => {
      const text = typed.trim();
      if (text === '' || !mayList(staff, staff.office)) return [];
      const rows = await findWithin(deps, staff, text, 50);
      const subject = { kind: 'organisation', id: staff.office, office: staff.office } as const;
      const searched = { text, key: searchKey(deps.sealing, text) };
      const ids = rows.map(({ id }) => id);
      const viewing = { subject, what: 'searched', count: rows.length, shown: ids, searched } as const;
      const task = rows.every(({ office }) => office === staff.office) ? 'own' : 'other';
      return access.shown(staffViewer(staff, { task }), viewing, async () => {
        const opened = await Promise.all(rows.map(async (row) => ({ row, data: await openData(deps, row) })));
        return opened.flatMap(({ row, data }) =>
          data ? [{ row, wife: data.wife.name, husband: data.husband.name }] : [],
        );
      });
    },
  };
};
