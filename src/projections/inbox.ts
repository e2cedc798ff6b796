import { dayInShanghai } from '#domain/calendar/day.ts';
import type { Amended, MadeStatus, Submitted } from '#domain/registration/events.ts';
import { statusReceived } from '#domain/registration/state.ts';
import { type Occurred, projection } from './projection.ts';
import { atOf, idOf, registrationOf, type Stored, type StoredEvent } from './stored.ts';

/** One line of an office's workbench; `dueOn` is what it is sorted by: the due day, or the day it ended. */
export type InboxRow = {
  id: string;
  office: string;
  status: MadeStatus;
  dueOn: string;
  submittedAt: string;
  parity: number;
  /** Account in charge; empty: nobody. */
  handler: string;
  flags: number;
  /** Where it was entered on site (R8). */
  enteredAt?: string;
  /** Gone once erased. */
  personal?: string;
};

const submitted = (event: Occurred<Stored<Submitted>>): InboxRow => {
  const { office, reviewDueOn, parity, flags, enteredAt, personal } = event.data;
  return {
    id: idOf(event),
    office,
    status: 'submitted',
    dueOn: reviewDueOn,
    submittedAt: atOf(event),
    parity,
    handler: '',
    flags: flags.length,
    ...(enteredAt === undefined ? {} : { enteredAt }),
    personal,
  };
};

const amended = (row: InboxRow, { data }: Occurred<Stored<Amended>>): InboxRow => {
  const { office, parity, flags, personal } = data;
  const now = { ...row, office, parity, flags: flags.length, personal };
  return office === row.office ? now : { ...now, status: 'submitted', handler: '' };
};

const ended = (status: InboxRow['status']) => (row: InboxRow | undefined, event: Occurred<StoredEvent>) =>
  row && { ...row, status, dueOn: dayInShanghai(Date.parse(atOf(event))) };

/** The line stays, so that lines and counts agree. */
const erased = ({ personal: _, ...row }: InboxRow): InboxRow => row;

/** What an office has before it, and what it has done. */
export const inbox = projection<StoredEvent, InboxRow>({
  name: 'inbox',
  indexes: {
    due: ['office', 'status', 'dueOn', 'submittedAt'],
    handled: ['office', 'status', 'handler', 'dueOn', 'submittedAt'],
  },
  keysOf: registrationOf,
  on: {
    Submitted: (_, event) => submitted(event),
    Amended: (row, event) => row && amended(row, event),
    Redirected: (row, { data }) =>
      row && { ...row, office: data.office, status: row.status === 'accepted' ? 'accepted' : 'submitted', handler: '' },
    TaskReceived: (row, { data }) => row && { ...row, status: statusReceived(data.from), handler: data.handler },
    Accepted: (row, { data }) => row && { ...row, status: 'accepted', dueOn: data.registerDueOn },
    Rejected: ended('rejected'),
    Registered: ended('registered'),
    Declined: ended('declined'),
    Withdrawn: ended('withdrawn'),
    Corrected: (row, { data }) => row && { ...row, personal: data.personal },
    Revoked: ended('revoked'),
    RegistrationErased: (row) => row && erased(row),
  },
});
