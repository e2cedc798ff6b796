import type { ApplicantView } from '#application/applicantQueries.ts';
import type { OpenedEvent } from '#application/eventCodec.ts';
import type { Services } from '#application/services.ts';
import type { InboxLine } from '#application/staffQueries.ts';
import type { StaffView } from '#application/staffView.ts';
import type { DueState } from '#domain/calendar/deadlines.ts';
import type { RegistrationRow } from '#projections/registration.ts';

/** An office as people need it: code, name, phone. */
export const officeOf = ({ deps }: Services, code: string) => {
  const office = deps.offices.find(code);
  return office && { code, name: office.name, ...(office.phone === undefined ? {} : { phone: office.phone }) };
};

/** How a registration stands, without anything about people. */
const standingOf = (services: Services, row: RegistrationRow) => {
  const { status, parity, submittedAt, reviewDueOn, outcomeDueOn, registerDueOn, reviewedAt, endedAt } = row;
  const { reasons, certificate } = row;
  return {
    status,
    parity,
    office: officeOf(services, row.office),
    submittedAt,
    reviewDueOn,
    outcomeDueOn,
    registerDueOn,
    reviewedAt,
    endedAt,
    reasons: reasons && [...reasons],
    certificate,
  };
};

/** A registration as its couple sees it. */
export const heldOf = (services: Services, view: ApplicantView) => ({
  ...standingOf(services, view.row),
  text: view.text,
  passedOn: view.passedOn.map(({ at, office, reason }) => ({ at, office: office?.name, reason })),
  data: view.data,
  may: { amend: view.canAmend, withdraw: view.canWithdraw, resubmit: view.canResubmit },
});

const dueOf = (due: DueState | undefined) => due && { state: due.state, workingDays: due.workingDays };

/** One line of the workbench. */
export const lineOf = ({ row, wife, husband, place, handlerName, due }: InboxLine) => {
  const { id, status, parity, submittedAt, dueOn, flags } = row;
  return { id, status, wife, husband, parity, place, submittedAt, dueOn, due: dueOf(due), handler: handlerName, flags };
};

/** One registration that a search found. */
export const foundOf = (services: Services, found: { row: RegistrationRow; wife: string; husband: string }) => ({
  id: found.row.id,
  wife: found.wife,
  husband: found.husband,
  ...standingOf(services, found.row),
});

/** A registration as staff see it. */
export const seenOf = (services: Services, view: StaffView) => ({
  id: view.row.id,
  ...standingOf(services, view.row),
  data: view.data,
  masked: view.masked,
  flags: [...view.row.flags],
  handler: view.handlerName,
  text: view.text,
  due: dueOf(view.due),
  related: view.related.map(({ id, status, parity, office }) => ({ id, status, parity, office })),
  may: { review: view.mayReview, register: view.mayRegister },
});

/** One event of a history. */
export const occurredOf = ({ type, meta, revision, data, erased }: OpenedEvent) => ({
  type,
  at: meta.at,
  revision,
  actor: meta.actor,
  data,
  erased,
});
