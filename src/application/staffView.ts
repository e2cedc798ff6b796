import { dayInShanghai } from '#domain/calendar/day.ts';
import { type DueState, dueState } from '#domain/calendar/deadlines.ts';
import { type OrdinaryState, ordinaryDecider } from '#domain/certificate/ordinary.ts';
import { changedFields } from '#domain/registration/changedFields.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { SeenDocument } from '#domain/registration/documents.ts';
import type { CorrectionBasis, Submitted } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import type { Staff } from './actor.ts';
import { authorise } from './authorise.ts';
import { peopleOf } from './declare.ts';
import type { Deps } from './deps.ts';
import { findRelated } from './findRegistrations.ts';
import { load } from './handleCommand.ts';
import { isOpen } from './inboxCounts.ts';
import { hidden, maskedData } from './masked.ts';
import type { Office } from './offices.ts';
import { openOutcomeText } from './opened.ts';
import type { Needed } from './performAct.ts';
import { mayReadRow } from './readers.ts';

/** That there is another registration of one of the two people; `readable`: this member of staff may open it. */
export type Related = Pick<RegistrationRow, 'id' | 'status' | 'parity' | 'office' | 'submittedAt'> & {
  readable: boolean;
};

/** Names of changed answers, and all that was declared before. */
export type Amended = { changed: readonly string[]; before: RegistrationData };

/** A registration as staff see it. Where `masked`, `data` and `text` already are. */
export type StaffView = {
  row: RegistrationRow;
  data: RegistrationData;
  masked: boolean;
  office: Office | undefined;
  handlerName: string | undefined;
  /** Whether its handler may do what is to be done now: one who only reviews has nothing left to do after the acceptance. */
  inCharge: boolean;
  text: string | undefined;
  /** What the couple changed since they submitted, where that is still to be judged; masked alike. */
  amended: Amended | undefined;
  due: DueState | undefined;
  /** Others in which one of these two people stands, wherever they lie. */
  related: readonly Related[];
  mayReview: boolean;
  mayRegister: boolean;
  /** Of one that is registered: to correct, to decide on what another proposes, to revoke (R10). */
  mayCorrect: boolean;
  mayApprove: boolean;
  mayRevoke: boolean;
  /** To issue, replace and void ordinary certificates at the own counter (C3–C6). */
  mayIssueOrdinary: boolean;
  ordinary: OrdinaryState;
  proposal: WaitingProposal | undefined;
};

/** A correction that waits for another person: what it would change from what, in full for whoever may decide on it. */
export type WaitingProposal = {
  correction: number;
  at: string;
  changed: readonly string[];
  proposedBy: string;
  proposedByName: string | undefined;
  outdated: boolean;
  before: RegistrationData;
  after: RegistrationData;
  reason: string;
  documents: readonly SeenDocument[];
};

/** The name of an account, where it is one that someone has. */
export const nameOf = async (deps: Deps, account: string | undefined): Promise<string | undefined> =>
  account === undefined || account === '' ? undefined : await deps.staff.nameOf(account);

/** How an open registration stands to its due day. */
export const dueOf = (
  deps: Deps,
  row: { status: string; office: string },
  dueOn: string | undefined,
): DueState | undefined =>
  isOpen(row.status) && dueOn !== undefined
    ? dueState(dueOn, dayInShanghai(deps.clock()), deps.calendarOf(row.office))
    : undefined;

const rightsAt = (deps: Deps, staff: Staff, office: string, people: readonly string[]) => {
  const may = (act: Needed) => authorise(staff, { act, office, people }, deps.offices).outcome === 'allowed';
  return {
    mayReview: may('review'),
    mayRegister: may('register'),
    mayCorrect: may('correct'),
    mayApprove: may('approveCorrection'),
    mayRevoke: may('revoke'),
  };
};

const isInCharge = async (deps: Deps, { handler, office, status }: RegistrationRow): Promise<boolean> => {
  const staff = handler === undefined || !isOpen(status) ? undefined : await deps.staff.find(handler);
  if (staff === undefined) return false;
  const { mayReview, mayRegister } = rightsAt(deps, staff, office, []);
  return status === 'accepted' ? mayRegister : mayReview;
};

const amendedSince = async (deps: Deps, row: RegistrationRow, data: RegistrationData): Promise<Amended | undefined> => {
  if (row.revision === 0 || !isOpen(row.status)) return undefined;
  const { events } = await load(deps, registrationDecider, row.id);
  const before = (events[0]?.data as Partial<Submitted['data']> | undefined)?.personal?.data;
  const changed = before === undefined ? [] : changedFields(before, data);
  return before === undefined || changed.length === 0 ? undefined : { changed, before };
};

/** Staff who work on registrations at that office see everything, all others masked. */
export const seesMasked = (deps: Deps, staff: Staff, office: string): boolean => {
  const { mayReview, mayRegister } = rightsAt(deps, staff, office, []);
  return !mayReview && !mayRegister;
};

const relatedTo = async (deps: Deps, staff: Staff, id: string, data: RegistrationData): Promise<readonly Related[]> =>
  (await findRelated(deps, id, data)).map((row) => {
    const { id: other, status, parity, office, submittedAt } = row;
    const readable = mayReadRow(deps, staff, row).outcome === 'allowed';
    return { id: other, status, parity, office, submittedAt, readable };
  });

const proposalOf = async (
  deps: Deps,
  { id, proposal }: RegistrationRow,
  before: RegistrationData,
  masked: boolean,
): Promise<WaitingProposal | undefined> => {
  if (proposal === undefined) return undefined;
  const { personal, outdated = false, ...told } = proposal;
  const opened = (await deps.sealing.open(personal, `registration-${id}`)) as CorrectionBasis | undefined;
  if (opened === undefined) return undefined;
  return {
    ...told,
    outdated,
    proposedByName: await nameOf(deps, proposal.proposedBy),
    before: masked ? maskedData(before) : before,
    after: masked ? maskedData(opened.data) : opened.data,
    reason: masked ? hidden : opened.reason,
    documents: masked ? [] : opened.documents,
  };
};

/** What this member of staff sees of a registration that they may read. */
export const staffView = async (
  deps: Deps,
  staff: Staff,
  row: RegistrationRow,
  data: RegistrationData,
): Promise<StaffView> => {
  const masked = seesMasked(deps, staff, row.office);
  const amended = await amendedSince(deps, row, data);
  const text = await openOutcomeText(deps, row);
  const people = peopleOf(deps.sealing, data);
  const rights = rightsAt(deps, staff, row.office, people);
  const counter = deps.offices.current(staff.office);
  const mayIssue = authorise(staff, { act: 'issueOrdinary', office: counter, people }, deps.offices);
  return {
    row,
    data: masked ? maskedData(data) : data,
    masked,
    office: deps.offices.find(row.office),
    handlerName: await nameOf(deps, row.handler),
    inCharge: await isInCharge(deps, row),
    amended: amended && masked ? { ...amended, before: maskedData(amended.before) } : amended,
    text: masked && text !== undefined ? hidden : text,
    due: dueOf(deps, row, row.status === 'accepted' ? row.registerDueOn : row.reviewDueOn),
    related: await relatedTo(deps, staff, row.id, data),
    ...rights,
    mayIssueOrdinary: mayIssue.outcome === 'allowed',
    ordinary: (await load(deps, ordinaryDecider, row.id)).state,
    proposal: await proposalOf(deps, row, data, masked && !rights.mayApprove),
  };
};
