import type { MadeStatus, Status } from '#domain/registration/events.ts';
import { statusReceived } from '#domain/registration/state.ts';
import { type Occurred, projection } from './projection.ts';
import type { StoredEvent } from './stored.ts';

/** How many registrations of an office stand in each status; `id` is the office. */
export type CountersRow = { id: string } & { readonly [S in MadeStatus]: number };

const none: Omit<CountersRow, 'id'> = {
  submitted: 0,
  received: 0,
  accepted: 0,
  rejected: 0,
  registered: 0,
  declined: 0,
  withdrawn: 0,
  revoked: 0,
};

type Move = { office: string; status: Status; by: 1 | -1 };
type Place = { office: string; status: Status };

const move = (from: Place, to: Place): readonly Move[] =>
  from.office === to.office && from.status === to.status
    ? []
    : [
        { ...from, by: -1 },
        { ...to, by: 1 },
      ];

const within = (office: string, from: Status, to: Status) => move({ office, status: from }, { office, status: to });

/** How an event moves the counts of the offices that it names. */
const movesOf = (event: Occurred<StoredEvent>): readonly Move[] => {
  switch (event.type) {
    case 'Submitted':
      return [{ office: event.data.office, status: 'submitted', by: 1 }];
    case 'Amended':
    case 'Redirected': {
      const { fromOffice, from, office } = event.data;
      const status = office === fromOffice ? from : from === 'accepted' ? 'accepted' : 'submitted';
      return move({ office: fromOffice, status: from }, { office, status });
    }
    case 'TaskReceived':
      return within(event.data.office, event.data.from, statusReceived(event.data.from));
    case 'Withdrawn':
      return within(event.data.office, event.data.from, 'withdrawn');
    case 'Accepted':
      return within(event.data.office, 'received', 'accepted');
    case 'Rejected':
      return within(event.data.office, 'received', 'rejected');
    case 'Registered':
      return within(event.data.office, 'accepted', 'registered');
    case 'Declined':
      return within(event.data.office, 'accepted', 'declined');
    case 'Revoked':
      return within(event.data.office, 'registered', 'revoked');
    case 'CorrectionProposed':
    case 'CorrectionDismissed':
    case 'Corrected':
    case 'ScanAttached':
    case 'ScanRemoved':
    case 'BirthAnnotated':
    case 'BirthAnnotationCorrected':
    case 'RegistrationErased':
    case 'SubmissionAbandoned':
    case 'CertificateIssued':
    case 'CertificatePrinted':
    case 'CertificateVoided':
      return [];
  }
};

const counted = (row: CountersRow | undefined, event: Occurred<StoredEvent>, id: string): CountersRow =>
  movesOf(event)
    .filter((one) => one.office === id)
    .reduce(
      (now, { status, by }) => ({ ...now, [status]: Number(now[status as keyof CountersRow]) + by }),
      row ?? {
        id,
        ...none,
      },
    );

/** Counts per office: what tabs show without counting rows. */
export const counters = projection<StoredEvent, CountersRow>({
  name: 'counters',
  indexes: {},
  keysOf: (event) => [...new Set(movesOf(event).map((one) => one.office))],
  on: {
    Submitted: counted,
    Amended: counted,
    Redirected: counted,
    TaskReceived: counted,
    Withdrawn: counted,
    Accepted: counted,
    Rejected: counted,
    Registered: counted,
    Declined: counted,
    Revoked: counted,
  },
});
