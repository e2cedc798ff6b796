import type { Amended, Submitted } from '#domain/registration/events.ts';
import { type Occurred, projection } from './projection.ts';
import { atOf, idOf, registrationOf, type Stored, type StoredEvent } from './stored.ts';

/** One registration as its pages show it; `personal` and `outcome` are sealed under `registration-<id>`. */
export type RegistrationRow = {
  id: string;
  revision: number;
  status: 'submitted' | 'received' | 'accepted' | 'rejected' | 'registered' | 'declined' | 'withdrawn';
  parity: number;
  office: string;
  declaredPlace: string;
  submittedAt: string;
  submittedOn: string;
  reviewDueOn: string;
  outcomeDueOn: string;
  registerDueOn?: string;
  receivedAt?: string;
  reviewedAt?: string;
  endedAt?: string;
  handler?: string;
  flags: readonly { rule: string; field: string }[];
  reasons?: readonly string[];
  predecessor?: string;
  certificate?: string;
  personal: string;
  outcome?: string;
};

const submitted = (event: Occurred<Stored<Submitted>>): RegistrationRow => {
  const { parity, office, declaredPlace, submittedOn, reviewDueOn, outcomeDueOn, flags, predecessor, personal } =
    event.data;
  return {
    id: idOf(event),
    revision: event.revision,
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
    personal,
  };
};

const unhandled = ({ handler: _, receivedAt: __, ...row }: RegistrationRow): RegistrationRow => row;

const amended = (row: RegistrationRow, { data, revision }: Occurred<Stored<Amended>>): RegistrationRow => {
  const { parity, office, declaredPlace, flags, personal } = data;
  const now = { ...row, revision, parity, office, declaredPlace, flags, personal };
  return office === row.office ? now : { ...unhandled(now), status: 'submitted' };
};

/** Everything about one registration but its history. */
export const registration = projection<StoredEvent, RegistrationRow>({
  name: 'registration',
  indexes: {},
  keysOf: (event) => (event.type === 'CertificateIssued' ? [event.data.registrationId] : registrationOf(event)),
  on: {
    Submitted: (_, event) => submitted(event),
    Amended: (row, event) => row && amended(row, event),
    Redirected: (row, { data, revision }) =>
      row && {
        ...unhandled(row),
        revision,
        office: data.office,
        status: row.status === 'accepted' ? 'accepted' : 'submitted',
      },
    TaskReceived: (row, event) =>
      row && {
        ...row,
        revision: event.revision,
        status: 'received',
        handler: event.data.handler,
        receivedAt: row.receivedAt ?? atOf(event),
      },
    Accepted: (row, event) =>
      row && {
        ...row,
        revision: event.revision,
        status: 'accepted',
        registerDueOn: event.data.registerDueOn,
        reviewedAt: atOf(event),
      },
    Rejected: (row, event) =>
      row && {
        ...row,
        revision: event.revision,
        status: 'rejected',
        reasons: event.data.reasons,
        outcome: event.data.personal,
        reviewedAt: atOf(event),
        endedAt: atOf(event),
      },
    Registered: (row, event) =>
      row && {
        ...row,
        revision: event.revision,
        status: 'registered',
        outcome: event.data.personal,
        endedAt: atOf(event),
      },
    Declined: (row, event) =>
      row && {
        ...row,
        revision: event.revision,
        status: 'declined',
        reasons: event.data.reasons,
        outcome: event.data.personal,
        endedAt: atOf(event),
      },
    Withdrawn: (row, event) => row && { ...row, revision: event.revision, status: 'withdrawn', endedAt: atOf(event) },
    CertificateIssued: (row, { data }) => row && { ...row, certificate: data.number },
  },
});
