import { match } from 'ts-pattern';
import type { Day } from '../calendar/day.ts';
import { outcomeDueOn, registerDueOn, reviewDueOn } from '../calendar/deadlines.ts';
import { type Policy, policyById } from '../calendar/policy.ts';
import type { Calendar } from '../calendar/workingDays.ts';
import { accepted, type Decider, type Decision, rejected } from '../decider.ts';
import {
  type Annotation,
  type AnnotationCorrection,
  annotate,
  annotatedFlags,
  type BirthFault,
  correctAnnotation,
} from './births.ts';
import { changedFields } from './changedFields.ts';
import { approve, type Correction, correct, dismiss, propose } from './correction.ts';
import { isTelling } from './documents.ts';
import { type Erasure, erase } from './erasure.ts';
import type { Basis, DeclineReason, Evidence, Lookup, RegistrationEvent, RejectReason, Status } from './events.ts';
import type { RegistrationData } from './fields.ts';
import { channelOf, documentsOf, isReviewable, type OnSiteEntry } from './onSite.ts';
import { type Redirection, redirect } from './redirection.ts';
import { type Revocation, revoke } from './revocation.ts';
import { type Flag, findings, type RuleContext } from './rules.ts';
import { type AttachedScan, attachScan, removeScan } from './scans.ts';
import { evolve, initialState, type MadeRegistration, type RegistrationState } from './state.ts';
import { type Withdrawal, withdraw } from './withdrawal.ts';

/** What a couple declares together with what the application looked up for it. */
export type Declaration = {
  data: RegistrationData;
  office: string;
  lookup: Lookup;
  context: RuleContext;
  /** How many children institutions annotated as born alive to this couple before (M2). */
  bornBefore?: number;
};

export type RegistrationCommand =
  | ({ type: 'Submit'; calendar: Calendar; predecessor?: string; onSite?: OnSiteEntry } & Declaration)
  | ({ type: 'Amend' } & Declaration)
  | ({ type: 'Withdraw' } & Withdrawal)
  | { type: 'ReceiveTask'; handler: string }
  | ({ type: 'Redirect' } & Redirection)
  | { type: 'Accept'; handler: string; today: Day; calendar: Calendar; policy: Policy }
  | { type: 'Reject'; handler: string; reasons: readonly RejectReason[]; text: string }
  | { type: 'Register'; handler: string; today: Day; basis: Basis; evidence: Evidence }
  | {
      type: 'Decline';
      handler: string;
      reasons: readonly DeclineReason[];
      text: string;
      basis: Basis;
      evidence: Evidence;
    }
  | ({ type: 'Correct' } & Correction)
  | ({ type: 'ProposeCorrection'; proposer: string } & Correction)
  | { type: 'ApproveCorrection'; correction: number; approver: string; today: Day; lookup: Lookup }
  | { type: 'DismissCorrection'; correction: number; dismisser: string; reason: string }
  | ({ type: 'Revoke' } & Revocation)
  | { type: 'AttachScan'; scan: AttachedScan }
  | { type: 'RemoveScan'; scan: string; reason: string }
  | ({ type: 'AnnotateBirth' } & Annotation)
  | ({ type: 'CorrectAnnotation' } & AnnotationCorrection)
  | ({ type: 'Erase' } & Erasure)
  | { type: 'AbandonSubmission'; by: string };

/** Why a command on a registration did nothing. */
export type RegistrationRejection =
  | { type: 'absent' }
  | { type: 'alreadySubmitted' }
  | { type: 'invalid'; violations: readonly Flag[] }
  | { type: 'untimely'; status: Status }
  | { type: 'unchanged' }
  /** Another couple or parity is another registration: withdraw and submit anew (R9). */
  | { type: 'otherCouple' }
  | { type: 'unpublished'; year: number }
  | { type: 'unknownOffice' }
  | { type: 'unreasoned' }
  | { type: 'unverified' }
  /** Of which documents show it, one is missing or a part of one. */
  | { type: 'undocumented' }
  /** What no correction may touch: another parity or place is another registration. */
  | { type: 'uncorrectable'; fields: readonly string[] }
  /** Names and ID numbers are corrected by two people: propose it. */
  | { type: 'unapproved'; fields: readonly string[] }
  /** Whoever proposed it cannot be the one who approves. */
  | { type: 'samePerson' }
  /** One correction waits already. */
  | { type: 'waiting'; correction: number }
  /** No such correction waits: it was decided, or never proposed. */
  | { type: 'settled' }
  /** Another correction was made since it was proposed: dismiss it, and propose anew. */
  | { type: 'outdated' }
  /** The couple has to be told before, on a day until now. */
  | { type: 'unheard' }
  /** As many scans, or as large ones together, as a registration takes: remove one. */
  | { type: 'scansFull' }
  | { type: 'scanAbsent' }
  /** No children, or more than one birth has. */
  | { type: 'childrenUncounted' }
  | { type: 'birthsImplausible'; faults: readonly BirthFault[] }
  /** That institution annotated the birth; it alone corrects it (M2). */
  | { type: 'alreadyAnnotated'; institution: string; annotatedOn: Day }
  | { type: 'unannotated' }
  | { type: 'erased' }
  /** Still to be kept, up to and with that day (PIPL art. 47). */
  | { type: 'withinRetention'; until: Day };

export type RegistrationKind = {
  command: RegistrationCommand;
  state: RegistrationState;
  event: RegistrationEvent;
  rejection: RegistrationRejection;
};

type Of<T extends RegistrationCommand['type']> = Extract<RegistrationCommand, { type: T }>;
type Outcome = Decision<RegistrationKind>;

const beforeReview: readonly Status[] = ['submitted', 'received'];

/** Submitted with its due days fixed, or what is evidently wrong (R3, R6, R12; A1.1, §3.1.1(2)). */
const submission = (command: Of<'Submit'>): Outcome => {
  const { data, office, lookup, context, calendar, predecessor, onSite } = command;
  const violations = findings('block', data, context);
  if (violations.length > 0) return rejected({ type: 'invalid', violations });
  const review = reviewDueOn(context.today, calendar, context.policy.limits);
  if (review.outcome === 'unpublished') return rejected({ type: 'unpublished', year: review.year });
  const outcome = outcomeDueOn(context.today, calendar, context.policy.limits);
  if (outcome.outcome === 'unpublished') return rejected({ type: 'unpublished', year: outcome.year });
  return accepted({
    type: 'Submitted',
    data: {
      ...channelOf(onSite),
      parity: data.application.parity,
      declaredPlace: data.declaration.place,
      office,
      policy: context.policy.id,
      submittedOn: context.today,
      reviewDueOn: review.day,
      outcomeDueOn: outcome.day,
      flags: [...findings('flag', data, context), ...annotatedFlags(data, command.bornBefore)],
      lookup,
      ...(predecessor === undefined ? {} : { predecessor }),
      personal: { data, ...documentsOf(onSite) },
    },
  });
};

/** Amended until the review, by the policy it was submitted under (R4, R11; A1.1). */
const amend = (command: Of<'Amend'>, state: MadeRegistration): Outcome => {
  const { data, lookup } = command;
  const context = { ...command.context, policy: policyById(state.policy) };
  const violations = findings('block', data, context);
  if (violations.length > 0) return rejected({ type: 'invalid', violations });
  if (lookup.couple !== state.couple) return rejected({ type: 'otherCouple' });
  const changed = changedFields(state.data, data);
  if (changed.length === 0) return rejected({ type: 'unchanged' });
  // What was passed on to another office stays there until the couple declares another place (R5, R10).
  const office = data.declaration.place === state.declaredPlace ? state.office : command.office;
  return accepted({
    type: 'Amended',
    data: {
      parity: data.application.parity,
      declaredPlace: data.declaration.place,
      office,
      fromOffice: state.office,
      from: state.status,
      flags: [...findings('flag', data, context), ...annotatedFlags(data, command.bornBefore)],
      lookup,
      changed,
      personal: { data },
    },
  });
};

/** Whoever acts has the task; it changes hands at the verification as at the review. */
const receive = (state: MadeRegistration, handler: string): readonly RegistrationEvent[] =>
  state.handler === handler
    ? []
    : [{ type: 'TaskReceived', data: { office: state.office, from: state.status, handler } }];

/** Accepted: the registration clock starts, this day counted (R6, R7; §3.1.1(2), §3.1.1(3)). */
const accept = (command: Of<'Accept'>, state: MadeRegistration): Outcome => {
  const due = registerDueOn(command.today, command.calendar, command.policy.limits);
  if (due.outcome === 'unpublished') return rejected({ type: 'unpublished', year: due.year });
  return accepted<RegistrationEvent>(...receive(state, command.handler), {
    type: 'Accepted',
    data: { office: state.office, acceptedOn: command.today, registerDueOn: due.day },
  });
};

/** Submitted; by staff who review it in the same sitting, accepted at once (R8). */
const submit = (command: Of<'Submit'>): Outcome => {
  const { onSite, context, calendar } = command;
  if (onSite !== undefined && !isReviewable(onSite)) return rejected({ type: 'undocumented' });
  const made = submission(command);
  if (made.outcome === 'rejected' || onSite?.reviewer === undefined) return made;
  const { reviewer: handler } = onSite;
  const state = made.events.reduce(evolve, initialState) as MadeRegistration;
  const { today, policy } = context;
  const reviewed = accept({ type: 'Accept', handler, today, calendar, policy }, state);
  return reviewed.outcome === 'rejected' ? reviewed : accepted(...made.events, ...reviewed.events);
};

/** Not accepted, with reasons and a text for the couple (R6; §3.1.1(2)). */
const reject = (command: Of<'Reject'>, state: MadeRegistration): Outcome => {
  if (command.reasons.length === 0 || command.text.trim() === '') return rejected({ type: 'unreasoned' });
  return accepted<RegistrationEvent>(...receive(state, command.handler), {
    type: 'Rejected',
    data: { office: state.office, reasons: command.reasons, personal: { text: command.text.trim() } },
  });
};

/** A record that was not found or not reachable counts only with the evidence that staff saw instead (§3.1.1(3)). */
const isVerified = (basis: Basis, { evidence = '' }: Evidence): boolean =>
  basis.source === 'documents' || basis.differences.length > 0 ? isTelling(evidence) : basis.answer === 'found';

/** Registered on what was verified (R7; §3.1.1(3)). */
const register = ({ handler, today, basis, evidence }: Of<'Register'>, state: MadeRegistration): Outcome =>
  isVerified(basis, evidence)
    ? accepted<RegistrationEvent>(...receive(state, handler), {
        type: 'Registered',
        data: { office: state.office, parity: state.parity, registeredOn: today, basis, personal: evidence },
      })
    : rejected({ type: 'unverified' });

/** Not registered, with reasons and a text for the couple (R7; §3.1.1(3)). */
const decline = ({ handler, reasons, text, basis, evidence }: Of<'Decline'>, state: MadeRegistration): Outcome =>
  reasons.length === 0 || text.trim() === ''
    ? rejected({ type: 'unreasoned' })
    : accepted<RegistrationEvent>(...receive(state, handler), {
        type: 'Declined',
        data: { office: state.office, reasons, basis, personal: { ...evidence, text: text.trim() } },
      });

const open: readonly Status[] = [...beforeReview, 'accepted'];

/** Runs a step where the registration stands in one of the statuses that allow it. */
const when = (
  state: RegistrationState,
  allowed: readonly Status[],
  step: (state: MadeRegistration) => Outcome,
): Outcome => {
  if (state.status === 'absent' || state.status === 'abandoned') return rejected({ type: 'absent' });
  if (state.erasedOn !== undefined) return rejected({ type: 'erased' });
  return allowed.includes(state.status) ? step(state) : rejected({ type: 'untimely', status: state.status });
};

const decide = (command: RegistrationCommand, state: RegistrationState): Outcome =>
  match(command)
    .with({ type: 'Submit' }, (c) => (state.status === 'absent' ? submit(c) : rejected({ type: 'alreadySubmitted' })))
    .with({ type: 'AbandonSubmission' }, ({ by }) =>
      state.status === 'absent'
        ? accepted({ type: 'SubmissionAbandoned', data: { by } } as const)
        : rejected({ type: 'alreadySubmitted' }),
    )
    .with({ type: 'Amend' }, (c) => when(state, beforeReview, (s) => amend(c, s)))
    .with({ type: 'Withdraw' }, (c) => when(state, beforeReview, (s) => withdraw(c, s)))
    .with({ type: 'ReceiveTask' }, (c) => when(state, open, (s) => accepted(...receive(s, c.handler))))
    .with({ type: 'Redirect' }, (c) => when(state, open, (s) => redirect(c, s)))
    .with({ type: 'Accept' }, (c) => when(state, beforeReview, (s) => accept(c, s)))
    .with({ type: 'Reject' }, (c) => when(state, beforeReview, (s) => reject(c, s)))
    .with({ type: 'Register' }, (c) => when(state, ['accepted'], (s) => register(c, s)))
    .with({ type: 'Decline' }, (c) => when(state, ['accepted'], (s) => decline(c, s)))
    .with({ type: 'Correct' }, (c) => when(state, ['registered'], (s) => correct(c, s)))
    .with({ type: 'ProposeCorrection' }, (c) => when(state, ['registered'], (s) => propose(c, s)))
    .with({ type: 'ApproveCorrection' }, (c) => when(state, ['registered'], (s) => approve(c, s)))
    .with({ type: 'DismissCorrection' }, (c) => when(state, ['registered'], (s) => dismiss(c, s)))
    .with({ type: 'Revoke' }, (c) => when(state, ['registered'], (s) => revoke(c, s)))
    .with({ type: 'AttachScan' }, (c) => when(state, [...open, 'registered'], (s) => attachScan(c.scan, s)))
    .with({ type: 'RemoveScan' }, (c) => when(state, [...open, 'registered'], (s) => removeScan(c, s)))
    .with({ type: 'AnnotateBirth' }, (c) => when(state, ['registered'], (s) => annotate(c, s)))
    .with({ type: 'CorrectAnnotation' }, (c) => when(state, ['registered', 'revoked'], (s) => correctAnnotation(c, s)))
    .with({ type: 'Erase' }, (c) =>
      state.status === 'absent' || state.status === 'abandoned' ? rejected({ type: 'absent' }) : erase(c, state),
    )
    .exhaustive();

/** The registration as a decider; its stream is `registration-<id>`. */
export const registrationDecider: Decider<RegistrationKind> = {
  category: 'registration',
  initialState,
  decide,
  evolve,
};
