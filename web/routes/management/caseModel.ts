import type { FastifyRequest } from 'fastify';
import type { Happened } from '#application/handleCommand.ts';
import { isEnded } from '#application/onSiteCommands.ts';
import type { Services } from '#application/services.ts';
import type { StaffView } from '#application/staffView.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { shortNumberOf } from '#projections/shortNumber.ts';
import { dueText } from '../../dueText.ts';
import { mayEnterOnSite, mayRead, staffOf } from './access.ts';
import { declaredModel } from './declaredModel.ts';
import { actorText, eventTitle } from './historyModel.ts';
import { ordinaryStateModel } from './ordinaryShown.ts';
import { dueBadge, officeName, parityText } from './shown.ts';
import type { Reader } from './shownAnswer.ts';
import { isTyped, type Typed, untyped } from './typed.ts';

/** Why an act did nothing; the texts of each are under `cases.problems`. */
export const caseProblems = ['stale', 'untimely', 'unpublished', 'lookUpEnded'] as const;

/** What stands on a registration's page besides the registration: why an act did nothing, and what was typed for it. */
export type Interruption = {
  status: number;
  problem?: (typeof caseProblems)[number];
  fill?: Readonly<Record<string, unknown>>;
  /** What others did meanwhile. */
  since?: readonly Happened[];
  errors?: readonly { field: string; message: string }[];
  typed?: Typed;
};

/** In whose language a page is. */
export const readerOf = ({ deps }: Services, { locale }: FastifyRequest): Reader => ({
  locale,
  divisions: deps.divisions,
});

const headOf = (services: Services, request: FastifyRequest, { row, data, due, handlerName }: StaffView) => {
  const dueOn = row.status === 'accepted' ? row.registerDueOn : row.reviewDueOn;
  return {
    id: row.id,
    short: shortNumberOf(row.id),
    couple: `${data.wife.name} / ${data.husband.name}`,
    status: row.status,
    parity: parityText(request, row.parity),
    due: dueBadge(request.locale, due),
    dueOn: due && dueOn && dueText(services.deps, request.locale, row.office, dueOn),
    submittedAt: row.submittedAt,
    office: officeName(services, row.office),
    enteredAt: row.enteredAt && officeName(services, row.enteredAt),
    handler: handlerName,
    mine: row.handler !== undefined && row.handler === request.staff?.account,
    certificate: row.status === 'registered' ? row.certificate : undefined,
    endedAt: row.endedAt,
    events: mayRead(services, staffOf(request), row.office)
      ? `/inbox/events?${new URLSearchParams({ office: row.office })}`
      : undefined,
  };
};

const relatedOf = (services: Services, request: FastifyRequest, { related }: StaffView) =>
  related.map((row) => ({
    readable: row.readable,
    href: `/registrations/${row.id}`,
    parity: parityText(request, row.parity),
    status: row.status,
    submittedAt: row.submittedAt,
    office: officeName(services, row.office),
  }));

/** What others did meanwhile: who, when, what. */
export const sinceModel = (services: Services, request: FastifyRequest, since: readonly Happened[] = []) =>
  Promise.all(
    since.map(async ({ type, at, actor }) => ({
      at,
      actor: await actorText(services, request, { actor, at }),
      what: eventTitle(request, type),
    })),
  );

const openFor = (view: StaffView) => view.row.status === 'submitted' || view.row.status === 'received';

/** Whether someone else works on it who would have to give it up: asked before it is taken over, at every stage alike. */
export const isOthersTask = (request: FastifyRequest, view: StaffView): boolean => {
  const { row, inCharge, mayReview, mayRegister } = view;
  const mayWork = (mayReview && openFor(view)) || (mayRegister && row.status === 'accepted');
  return mayWork && inCharge && row.handler !== request.staff?.account;
};

/** What the member of staff may do here now. */
/** Whether the reader may give the couple its query code once more: at the counter of the office that has it. */
export const givesCode = (services: Services, request: FastifyRequest, { row, mayReview }: StaffView): boolean => {
  const { current } = services.deps.offices;
  const staff = staffOf(request);
  return current(staff.office) === current(row.office) && (mayReview || mayEnterOnSite(services, staff));
};

const actsOf = (services: Services, request: FastifyRequest, view: StaffView, typed: Typed | undefined) => {
  const { row } = view;
  const others = isOthersTask(request, view);
  const [reviewing, verifying] = [view.mayReview && openFor(view), view.mayRegister && row.status === 'accepted'];
  // Who had typed a decision when another took the task may go on with it, now knowing who has it.
  const goesOn = (...kinds: readonly Typed['kind'][]) => !others || (typed !== undefined && kinds.includes(typed.kind));
  return {
    take: (reviewing || verifying) && !view.inCharge,
    takeOver: others,
    review: reviewing && goesOn('reject'),
    verify: verifying && goesOn('register', 'decline'),
    notice: row.revoked !== undefined && (view.mayRevoke || !view.masked),
    correct: view.mayCorrect && row.status === 'registered',
    revoke: view.mayRevoke && row.status === 'registered',
    withdraw: view.mayReview && openFor(view),
    continueOnSite: isEnded(row.status) && !view.masked && mayEnterOnSite(services, staffOf(request)),
    queryCode: givesCode(services, request, view),
    passOn: view.mayReview && (openFor(view) || row.status === 'accepted'),
    ids: {
      take: services.deps.ids(),
      accept: services.deps.ids(),
      end: services.deps.ids(),
      register: services.deps.ids(),
    },
  };
};

const outcomeOf = (request: FastifyRequest, { row, text }: StaffView) => {
  const kinds = { rejected: 'reject', declined: 'decline', revoked: 'revoke' } as const;
  const kind = kinds[row.status as keyof typeof kinds] as (typeof kinds)[keyof typeof kinds] | undefined;
  return kind && { kind, reasons: (row.reasons ?? []).map((code) => request.text(`reasons.${kind}.${code}`)), text };
};

const ordinaryOf = (services: Services, request: FastifyRequest, { row, ordinary, mayIssueOrdinary }: StaffView) => {
  const { current, voided } = ordinary;
  if (row.status !== 'registered' && current === undefined && voided.length === 0) return undefined;
  const href = mayIssueOrdinary && row.status === 'registered' ? `/ordinary/${row.id}` : undefined;
  return { ...ordinaryStateModel(services, request, ordinary), href };
};

/** What is wrong with which field of a form. */
export const errorsModel = (errors: NonNullable<Interruption['errors']> = []) => ({
  errors: errors.length > 0 ? errors : undefined,
  errorAt: Object.fromEntries(errors.map(({ field, message }) => [field, message])),
  problemCount: errors.length,
});

/** Why an act did nothing, and what to do next. */
export const problemModel = (request: FastifyRequest, { problem, fill, typed = untyped }: Interruption) =>
  problem && {
    title: request.text(`cases.problems.${problem}.title`, fill),
    next: request.text(`cases.problems.${problem}.next`, fill),
    kept: isTyped(typed),
  };

/** Whether the reader's own office passed it on: it reads on, and no more (R10). */
const wasPassedOn = (request: FastifyRequest, { row }: StaffView): boolean => {
  const { office } = staffOf(request);
  return row.office !== office && (row.passedOn ?? []).some(({ from }) => from === office);
};

/** A registration as its page shows it, without what was typed. */
export const caseModel = async (services: Services, request: FastifyRequest, view: StaffView, at: Interruption) => {
  const { row, data, masked } = view;
  const today = dayInShanghai(services.deps.clock());
  const acts = actsOf(services, request, view, at.typed);
  return {
    title: `${data.wife.name} / ${data.husband.name}`,
    head: headOf(services, request, view),
    revision: row.revision,
    masked,
    passedOn: wasPassedOn(request, view),
    acts,
    declared: declaredModel({
      reader: readerOf(services, request),
      data,
      flags: row.flags,
      today,
      amended: view.amended,
    }),
    flagCount: row.flags.length,
    related: relatedOf(services, request, view),
    outcome: outcomeOf(request, view),
    ordinary: ordinaryOf(services, request, view),
    proposal: view.proposal && {
      by: view.proposal.proposedByName ?? view.proposal.proposedBy,
      at: view.proposal.at,
      count: view.proposal.changed.length,
    },
    problem: problemModel(request, at),
    since: await sinceModel(services, request, at.since),
    ...errorsModel(at.errors),
  };
};
