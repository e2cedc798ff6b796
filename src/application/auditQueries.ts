import type { AuditTrailRead, Subject } from '#domain/access/events.ts';
import { parseStockId, stockId } from '#domain/stock/numbers.ts';
import type { CertificateRow } from '#projections/certificate.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import { type AccessRecords, fromOf, type Viewer } from './access.ts';
import { basisFor, type ReasonDue, registrationSubject } from './accessBasis.ts';
import { detailChanges, withChanges } from './accountChanges.ts';
import { actorOf, type Staff } from './actor.ts';
import { type AuditFound, findRecord } from './auditFinding.ts';
import { type TrailFilter, type TrailPage, trailPage } from './auditLines.ts';
import { type AccessNumbers, accessNumbers, type UnusualDay, unusualDays } from './auditNumbers.ts';
import { authorise, type Forbidden } from './authorise.ts';
import { peopleOf } from './declare.ts';
import type { Deps } from './deps.ts';
import { certificatesOf } from './eraseRegistration.ts';
import { decode, type OpenedEvent } from './eventCodec.ts';
import { shownEvent } from './masked.ts';
import { openData, registrationRow } from './opened.ts';
import { nameOf, seesMasked } from './staffView.ts';
import { sendingOf } from './stockArrivals.ts';

/** What a trail is about, without the office that has it. */
export type RecordId = Pick<Subject, 'kind' | 'id'>;

export type AuditRefusal = { outcome: 'absent' } | { outcome: 'forbidden'; reason: Forbidden };

/** Everything that happened to a record, oldest first, and who looked at it, newest first. */
export type RecordTrail = {
  outcome: 'found';
  subject: Subject;
  /** What people call an account, or an organisation; registrations and certificates have no readable name here. */
  name: string | undefined;
  masked: boolean;
  events: readonly OpenedEvent[];
  looks: TrailPage;
  /** The registration's certificate, the certificate's registration, the stock that a shipment left. */
  linked: RecordId | undefined;
};

type Found = {
  subject: Subject;
  streams: readonly string[];
  linked?: RecordId | undefined;
  /** The registration whose couple stands in it. */
  registration?: RegistrationRow | undefined;
};

/** On what basis a trail is read in which a couple stands; without `look` it names none (any more). */
type Based = { outcome: 'based'; look?: { row: RegistrationRow; viewer: Viewer } };

/** The numbers of an office and those below it, and the days of people that are worth a look. */
export type AuditNumbers = { outcome: 'found'; lines: readonly AccessNumbers[]; unusual: readonly UnusualDay[] };

/** How a trail is asked for: how many lines at most, and whether they leave as a file. */
export type Asking = { most: number; exported: boolean };

const onPage: Asking = { most: 30, exported: false };

const certificateRow = async (deps: Deps, number: string): Promise<CertificateRow | undefined> =>
  (await deps.viewStore.get('certificate', [number]))[0] as CertificateRow | undefined;

const accountOffice = async (deps: Deps, account: string): Promise<string | undefined> => {
  const [first] = await deps.eventStore.readStream(`account-${account}`);
  const office = first?.data['office'];
  return typeof office === 'string' ? office : (await deps.staff.find(account))?.office;
};

/** The office that has a record and the streams it stands in; undefined where there is none. One entry per kind. */
const finders: { readonly [K in Subject['kind']]: (deps: Deps, id: string) => Promise<Found | undefined> } = {
  registration: async (deps, id) => {
    const row = await registrationRow(deps, id);
    if (row === undefined) return undefined;
    const { certificate } = row;
    const linked = certificate === undefined ? undefined : ({ kind: 'certificate', id: certificate } as const);
    const subject = registrationSubject(row);
    const certificates = (await certificatesOf(deps, id)).map((number) => `certificate-${number}`);
    const streams = [`registration-${id}`, `ordinaryCertificate-${id}`, ...certificates];
    return { subject, streams, linked, registration: row };
  },
  certificate: async (deps, id) => {
    const row = await certificateRow(deps, id);
    if (row === undefined) return undefined;
    const linked = { kind: 'registration', id: row.registrationId } as const;
    const subject = { kind: 'certificate', id, office: row.office } as const;
    const registration = await registrationRow(deps, row.registrationId);
    return { subject, streams: [`certificate-${id}`], linked, registration };
  },
  account: async (deps, id) => {
    const office = await accountOffice(deps, id);
    return office === undefined ? undefined : { subject: { kind: 'account', id, office }, streams: [`account-${id}`] };
  },
  organisation: async (deps, id) =>
    deps.offices.find(id) && {
      subject: { kind: 'organisation', id, office: id },
      streams: [`organisation-${id}`],
    },
  stock: async (deps, id) => {
    const { office = '' } = parseStockId(id) ?? {};
    return deps.offices.find(office) && { subject: { kind: 'stock', id, office }, streams: [`stock-${id}`] };
  },
  shipment: async (deps, id) => {
    const sent = await sendingOf(deps, id);
    if (sent === undefined) return undefined;
    const linked = { kind: 'stock', id: stockId(sent.from, sent.parity) } as const;
    return { subject: { kind: 'shipment', id, office: sent.from }, streams: [`shipment-${id}`], linked };
  },
};

/** The audit trail for who may read it (O5, S6), within their own subtree; every reading of it is recorded. */
export const auditQueries = (deps: Deps, access: AccessRecords) => {
  const mayRead = (staff: Staff, office: string) => authorise(staff, { act: 'readAuditTrail', office }, deps.offices);

  const read = async <T>(
    staff: Staff,
    subject: Subject,
    { what, exported }: Pick<AuditTrailRead['data'], 'what' | 'exported'>,
    open: () => Promise<T>,
  ): Promise<T> => {
    const from = fromOf(deps.sealing, staff.from);
    const personal = staff.from === undefined ? {} : { address: staff.from.address };
    const data = { subject, what, exported, ...(from && { from }), personal };
    const [opened] = await Promise.all([open(), access.record(actorOf(staff), { type: 'AuditTrailRead', data })]);
    return opened;
  };

  /** As where a registration itself is opened: one's own task, or a reason (S6). */
  const basisOf = async (staff: Staff, { registration: row }: Found): Promise<Based | ReasonDue> => {
    if (row === undefined) return { outcome: 'based' };
    const data = await openData(deps, row);
    if (data === undefined) return { outcome: 'based' };
    const based = await basisFor(deps, staff, row, peopleOf(deps.sealing, data));
    return based.outcome === 'reasonDue' ? based : { outcome: 'based', look: { row, viewer: based.viewer } };
  };

  const eventsOf = async ({ subject, streams }: Found, masked: boolean): Promise<readonly OpenedEvent[]> => {
    const recorded = (await Promise.all(streams.map((stream) => deps.eventStore.readStream(stream)))).flat();
    const opened = await Promise.all(recorded.map((event) => decode(event, deps.sealing)));
    // What an account signs in with is nobody's to see, and who its person is stands on its own page.
    const hides = masked || subject.kind === 'account' || subject.kind === 'organisation';
    const shown = opened.map((event) => shownEvent(event, hides)).sort((a, b) => a.position - b.position);
    return subject.kind === 'account' ? withChanges(shown, detailChanges(opened, true)) : shown;
  };

  const subjectName = (subject: Subject): Promise<string | undefined> | string | undefined => {
    if (subject.kind === 'account') return nameOf(deps, subject.id);
    return subject.kind === 'organisation' ? deps.offices.find(subject.id)?.name : undefined;
  };

  const trailOf = async (found: Found, masked: boolean, filter: TrailFilter, most: number): Promise<RecordTrail> => {
    const { subject, linked } = found;
    const [events, looks, name] = await Promise.all([
      eventsOf(found, masked),
      trailPage(deps, { subject: `${subject.kind}:${subject.id}` }, filter, most),
      subjectName(subject),
    ]);
    return { outcome: 'found', subject, name, masked, events, looks, linked };
  };

  return {
    /** Whether staff may read the trail of an office, their own where none is named. */
    mayReadTrail: (staff: Staff, office = staff.office): boolean => mayRead(staff, office).outcome === 'allowed',

    /** Which record is meant by what was typed: an id, a certificate's number, an account, a code, or a short number. */
    find: (staff: Staff, typed: RecordId): Promise<AuditFound> => findRecord(deps, staff, typed),

    /**
     * Who did what to a record, on what basis, before and after, and who looked at it. In which a couple stands counts as
     * looking at their registration too: it rests on the same basis, and of one's own it is masked.
     */
    record: async (
      staff: Staff,
      { kind, id }: RecordId,
      filter: TrailFilter = {},
      asking = onPage,
    ): Promise<AuditRefusal | ReasonDue | RecordTrail> => {
      const found = await finders[kind](deps, id);
      if (found === undefined) return { outcome: 'absent' };
      const office = found.subject.office ?? '';
      const allowed = mayRead(staff, office);
      if (allowed.outcome === 'forbidden') return allowed;
      const based = await basisOf(staff, found);
      if (based.outcome === 'reasonDue') return based;
      const { look } = based;
      const masked = look?.viewer.self === true || seesMasked(deps, staff, office);
      const open = () => trailOf(found, masked, filter, asking.most);
      const reading = { what: 'record', exported: asking.exported } as const;
      return read(staff, found.subject, reading, () =>
        look === undefined
          ? open()
          : access.shown(look.viewer, { subject: registrationSubject(look.row), what: 'history' }, open),
      );
    },

    /** What a person did and looked at, newest first. */
    person: async (
      staff: Staff,
      account: string,
      filter: TrailFilter,
      asking = onPage,
    ): Promise<AuditRefusal | ({ outcome: 'found'; subject: Subject; name: string | undefined } & TrailPage)> => {
      const found = await finders.account(deps, account);
      if (found === undefined) return { outcome: 'absent' };
      const { subject } = found;
      const allowed = mayRead(staff, subject.office ?? '');
      if (allowed.outcome === 'forbidden') return allowed;
      return read(staff, subject, { what: 'person', exported: asking.exported }, async () => {
        const page = await trailPage(deps, { account }, filter, asking.most);
        return { outcome: 'found' as const, subject, name: await nameOf(deps, account), ...page };
      });
    },

    /** What the people of one office did and looked at, newest first. */
    office: async (
      staff: Staff,
      code: string,
      filter: TrailFilter,
      asking = onPage,
    ): Promise<AuditRefusal | ({ outcome: 'found' } & TrailPage)> => {
      if (deps.offices.find(code) === undefined) return { outcome: 'absent' };
      const allowed = mayRead(staff, code);
      if (allowed.outcome === 'forbidden') return allowed;
      const subject = { kind: 'organisation', id: code, office: code } as const;
      return read(staff, subject, { what: 'office', exported: asking.exported }, async () => {
        const page = await trailPage(deps, { office: code }, filter, asking.most);
        return { outcome: 'found' as const, ...page };
      });
    },

    /** How often personal data were looked at in a month, by office, and which days of whom are worth a look. */
    numbers: async (
      staff: Staff,
      code: string,
      month: string,
      exported = false,
    ): Promise<AuditRefusal | AuditNumbers> => {
      if (deps.offices.find(code) === undefined) return { outcome: 'absent' };
      const allowed = mayRead(staff, code);
      if (allowed.outcome === 'forbidden') return allowed;
      const subject = { kind: 'organisation', id: code, office: code } as const;
      return read(staff, subject, { what: 'numbers', exported }, async () => {
        const [lines, unusual] = await Promise.all([accessNumbers(deps, code, month), unusualDays(deps, code, month)]);
        return { outcome: 'found' as const, lines, unusual };
      });
    },
  };
};
