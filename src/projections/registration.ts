import type { DocumentKind } from '#domain/registration/documents.ts';
import type {
  Amended,
  BirthAnnotated,
  BirthAnnotationCorrected,
  Corrected,
  CorrectionProposed,
  Declined,
  MadeStatus,
  Redirected,
  Registered,
  RegistrationErased,
  RegistrationEvent,
  Rejected,
  Revoked,
  ScanAttached,
  Submitted,
  TaskReceived,
} from '#domain/registration/events.ts';
import type { ScanMediaType } from '#domain/registration/scans.ts';
import { statusReceived } from '#domain/registration/state.ts';
import { type Occurred, projection } from './projection.ts';
import { atOf, idOf, registrationOf, type Stored, type StoredEvent } from './stored.ts';

/** One passing on: when, from which office to which, why. */
export type PassedOn = { at: string; from: string; office: string; because?: 'merged'; personal?: string };

/** One correction after the registration: on which day, of which fields; `personal` seals the reason and what it was then. */
export type CorrectedOnce = { at: string; changed: readonly string[]; personal?: string };

/** A correction that waits for another person; `outdated` once another was made before it. */
export type WaitingCorrection = {
  correction: number;
  at: string;
  changed: readonly string[];
  proposedBy: string;
  outdated?: true;
  personal: string;
};

/** By whom and when a registration was revoked, and when the couple was told before. */
export type RevokedOnce = { by: string; on: string; heardOn: string };

/** A scan that is attached; `personal` seals its name, `size` is that of its sealed bytes (R8). */
export type ScanLine = {
  scan: string;
  document: DocumentKind;
  mediaType: ScanMediaType;
  size: number;
  at: string;
  personal: string;
};

/** The birth that was annotated; `personal` seals its children, `corrected` is set once they were corrected (M2). */
export type AnnotatedBirth = {
  institution: string;
  annotatedOn: string;
  certificate: string;
  liveBorn: number;
  corrected?: string;
  personal?: string;
};

/** One registration as its pages show it; `personal` and `outcome` are sealed under `registration-<id>`. */
export type RegistrationRow = {
  id: string;
  revision: number;
  status: MadeStatus;
  parity: number;
  office: string;
  declaredPlace: string;
  submittedAt: string;
  submittedOn: string;
  reviewDueOn: string;
  outcomeDueOn: string;
  registerDueOn?: string;
  /** When whoever has the task now took it, and when it was taken first at this office. */
  receivedAt?: string;
  firstReceivedAt?: string;
  reviewedAt?: string;
  /** Of one that was revoked, when it had been registered. */
  registeredAt?: string;
  endedAt?: string;
  handler?: string;
  flags: readonly { rule: string; field: string }[];
  reasons?: readonly string[];
  predecessor?: string;
  /** The office or committee whose staff entered it on site; absent: online (R8). */
  enteredAt?: string;
  certificate?: string;
  /** Gone once erased, as all that is sealed. */
  personal?: string;
  outcome?: string;
  erasedOn?: string;
  /** Accounts of the staff who acted on it, the first first: it is their own task to look at (S6). */
  workedOn?: readonly string[];
  /** To which offices it was passed on, the first first (R10); `personal` seals the reason. */
  passedOn?: readonly PassedOn[];
  /** What was corrected after the registration, the first first (R10). */
  corrections?: readonly CorrectedOnce[];
  proposal?: WaitingCorrection;
  revoked?: RevokedOnce;
  /** The scans it has, the first first; gone once erased (R8). */
  scans?: readonly ScanLine[];
  births?: AnnotatedBirth;
};

/** A row as one event leaves it, but for the revision and who worked on it, which are set for all of them alike. */
type Changed = Omit<RegistrationRow, 'revision' | 'workedOn'> | undefined;

const submitted = (event: Occurred<Stored<Submitted>>): Changed => {
  const { parity, office, declaredPlace, submittedOn, reviewDueOn, outcomeDueOn, flags } = event.data;
  const { predecessor, enteredAt, personal } = event.data;
  return {
    id: idOf(event),
    status: 'submitted',
    parity,
    office,
    declaredPlace,
    submittedAt: atOf(event),
    submittedOn,
    reviewDueOn,
    outcomeDueOn,
    flags,
    ...(predecessor === undefined ? {} : { predecessor }),
    ...(enteredAt === undefined ? {} : { enteredAt }),
    personal,
  };
};

const unhandled = ({ handler: _, receivedAt: __, firstReceivedAt: ___, ...row }: RegistrationRow) => row;

const amended = (row: RegistrationRow, { data }: Occurred<Stored<Amended>>): Changed => {
  const { parity, office, declaredPlace, flags, personal } = data;
  const now = { ...row, parity, office, declaredPlace, flags, personal };
  return office === row.office ? now : { ...unhandled(now), status: 'submitted' };
};

const received = (row: RegistrationRow, event: Occurred<Stored<TaskReceived>>): Changed => {
  const at = atOf(event);
  const { handler, from } = event.data;
  return { ...row, status: statusReceived(from), handler, receivedAt: at, firstReceivedAt: row.firstReceivedAt ?? at };
};

const redirected = (row: RegistrationRow, event: Occurred<Stored<Redirected>>): Changed => {
  const { office, fromOffice, because, personal } = event.data;
  const status = row.status === 'accepted' ? 'accepted' : 'submitted';
  const passedOn = [
    ...(row.passedOn ?? []),
    { at: atOf(event), from: fromOffice, office, ...(because && { because }), personal },
  ];
  return { ...unhandled(row), office, status, passedOn };
};

const proposed = (row: RegistrationRow, event: Occurred<Stored<CorrectionProposed>>): Changed => {
  const { correction, changed, proposedBy, personal } = event.data;
  return { ...row, proposal: { correction, at: atOf(event), changed, proposedBy, personal } };
};

const settled = ({ proposal: _, ...row }: RegistrationRow): RegistrationRow => row;

const corrected = (row: RegistrationRow, event: Occurred<Stored<Corrected>>): Changed => {
  const { correction, changed, personal } = event.data;
  const corrections = [...(row.corrections ?? []), { at: atOf(event), changed, personal }];
  const { proposal } = row;
  const now =
    correction === undefined && proposal
      ? { ...row, proposal: { ...proposal, outdated: true } as const }
      : settled(row);
  return { ...now, personal, corrections };
};

const revoked = (row: RegistrationRow, event: Occurred<Stored<Revoked>>): Changed => {
  const { reasons, revokedBy: by, revokedOn: on, heardOn, personal } = event.data;
  const { endedAt: registeredAt, ...before } = settled(row);
  const times = { ...(registeredAt && { registeredAt }), endedAt: atOf(event) };
  return { ...before, ...times, status: 'revoked', reasons, outcome: personal, revoked: { by, on, heardOn } };
};

const scanned = (row: RegistrationRow, event: Occurred<Stored<ScanAttached>>): Changed => {
  const { scan, document, mediaType, size, personal } = event.data;
  return { ...row, scans: [...(row.scans ?? []), { scan, document, mediaType, size, at: atOf(event), personal }] };
};

const annotated = (row: RegistrationRow, { data }: Occurred<Stored<BirthAnnotated>>): Changed => {
  const { office: _, parity: __, ...births } = data;
  return { ...row, births };
};

const reannotated = (row: RegistrationRow, { data }: Occurred<Stored<BirthAnnotationCorrected>>): Changed => {
  const { liveBorn, correctedOn: corrected, personal } = data;
  return row.births ? { ...row, births: { ...row.births, liveBorn, corrected, personal } } : row;
};

type Ending = Occurred<Stored<Registered>> | Occurred<Stored<Rejected>> | Occurred<Stored<Declined>>;

const ended = (row: RegistrationRow, status: RegistrationRow['status'], event: Ending): Changed => ({
  ...row,
  status,
  ...('reasons' in event.data ? { reasons: event.data.reasons } : {}),
  outcome: event.data.personal,
  endedAt: atOf(event),
});

const withoutChildren = ({ personal: _, ...births }: AnnotatedBirth): AnnotatedBirth => births;

/** What is left of a row: where it lay, what became of it, and nothing about the couple. */
const erased = (row: RegistrationRow, { data }: Occurred<RegistrationErased>): Changed => {
  const {
    personal: _,
    outcome: __,
    predecessor: ___,
    passedOn,
    corrections,
    scans: ____,
    births,
    ...left
  } = settled(row);
  const offices = passedOn?.map(({ at, from, office }) => ({ at, from, office }));
  const days = corrections?.map(({ at, changed }) => ({ at, changed }));
  return {
    ...left,
    ...(offices && { passedOn: offices }),
    ...(days && { corrections: days }),
    ...(births && { births: withoutChildren(births) }),
    erasedOn: data.erasedOn,
  };
};

type EventOf<T extends StoredEvent['type']> = Occurred<Extract<StoredEvent, { type: T }>>;

/** What each event of a registration's own stream does; one that is missing here does not compile. */
const changes: {
  readonly [T in RegistrationEvent['type']]: (row: RegistrationRow | undefined, event: EventOf<T>) => Changed;
} = {
  Submitted: (_, event) => submitted(event),
  Amended: (row, event) => row && amended(row, event),
  Redirected: (row, event) => row && redirected(row, event),
  TaskReceived: (row, event) => row && received(row, event),
  Accepted: (row, event) =>
    row && { ...row, status: 'accepted', registerDueOn: event.data.registerDueOn, reviewedAt: atOf(event) },
  Rejected: (row, event) => row && ended({ ...row, reviewedAt: atOf(event) }, 'rejected', event),
  Registered: (row, event) => row && ended(row, 'registered', event),
  Declined: (row, event) => row && ended(row, 'declined', event),
  Withdrawn: (row, event) => row && { ...row, status: 'withdrawn', endedAt: atOf(event) },
  CorrectionProposed: (row, event) => row && proposed(row, event),
  CorrectionDismissed: (row) => row && settled(row),
  Corrected: (row, event) => row && corrected(row, event),
  Revoked: (row, event) => row && revoked(row, event),
  ScanAttached: (row, event) => row && scanned(row, event),
  ScanRemoved: (row, { data }) => row && { ...row, scans: row.scans?.filter(({ scan }) => scan !== data.scan) ?? [] },
  BirthAnnotated: (row, event) => row && annotated(row, event),
  BirthAnnotationCorrected: (row, event) => row && reannotated(row, event),
  RegistrationErased: (row, event) => row && erased(row, event),
  SubmissionAbandoned: (row) => row,
};

type Change = (row: RegistrationRow | undefined, event: Occurred<StoredEvent>) => Changed;

const workedOn = (
  row: RegistrationRow | undefined,
  { meta }: Occurred<StoredEvent>,
): Pick<RegistrationRow, 'workedOn'> => {
  const { kind, account } = (meta['actor'] ?? {}) as { kind?: string; account?: string };
  const before = row?.workedOn ?? [];
  if (kind !== 'staff' || account === undefined) return before.length === 0 ? {} : { workedOn: before };
  return { workedOn: before.includes(account) ? before : [...before, account] };
};

/** Every event of the stream moves the revision that acts are based on, whatever else it does. */
const revised = (change: Change) => (row: RegistrationRow | undefined, event: Occurred<StoredEvent>) => {
  const changed = change(row, event);
  return changed && { ...changed, revision: event.revision, ...workedOn(row, event) };
};

/** Everything about one registration but its history. */
export const registration = projection<StoredEvent, RegistrationRow>({
  name: 'registration',
  indexes: {},
  keysOf: (event) => (event.type === 'CertificateIssued' ? [event.data.registrationId] : registrationOf(event)),
  on: {
    ...Object.fromEntries(Object.entries(changes).map(([type, change]) => [type, revised(change as Change)])),
    CertificateIssued: (row, { data }) =>
      data.kind === 'electronic' ? row && { ...row, certificate: data.number } : row,
  },
});
