import type { ApplicantView } from '#application/applicantQueries.ts';
import type { Services } from '#application/services.ts';
import type { RegistrationRow } from '#projections/registration.ts';

/** An office as people need it: code, name, phone. */
export const officeOf = ({ deps }: Services, code: string) => {
  const office = deps.offices.find(code);
  return office && { code, name: office.name, ...(office.phone === undefined ? {} : { phone: office.phone }) };
};

/** How a registration stands, without anything about people. */
export const standingOf = (services: Services, row: RegistrationRow) => {
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
  data: view.data,
  may: { amend: view.canAmend, withdraw: view.canWithdraw, resubmit: view.canResubmit },
});
