import type { Day } from '../calendar/day.ts';
import { policyById } from '../calendar/policy.ts';
import { accepted, type Decision, rejected } from '../decider.ts';
import { changedFields } from './changedFields.ts';
import type { RegistrationKind, RegistrationRejection } from './decide.ts';
import { isTelling, type SeenDocument } from './documents.ts';
import type { CorrectionBasis, Lookup } from './events.ts';
import type { RegistrationData } from './fields.ts';
import { findings, type RuleContext } from './rules.ts';
import type { MadeRegistration, Proposal } from './state.ts';

/** All data as they are to be after the registration, what for, and which documents show it (R10). */
export type Correction = {
  data: RegistrationData;
  lookup: Lookup;
  context: RuleContext;
  reason: string;
  documents: readonly SeenDocument[];
};

type Outcome = Decision<RegistrationKind>;

const uncorrectable: readonly string[] = ['application.parity', 'declaration.place'];
const identifying: readonly string[] = ['wife.name', 'wife.idNumber', 'husband.name', 'husband.idNumber'];

/** Those of the changed fields that say who the two people are, and take a second person to correct. */
export const identifyingFields = (changed: readonly string[]): readonly string[] =>
  changed.filter((field) => identifying.includes(field));

const isComplete = ({ number, shows }: SeenDocument): boolean => number.trim() !== '' && shows.trim() !== '';

/** Why it would not be a correction, by the rules and the policy the couple submitted under (R3, R11). */
const faultIn = (
  { data, context, reason, documents }: Correction,
  changed: readonly string[],
  { policy }: MadeRegistration,
): RegistrationRejection | undefined => {
  if (changed.length === 0) return { type: 'unchanged' };
  const fields = changed.filter((field) => uncorrectable.includes(field));
  if (fields.length > 0) return { type: 'uncorrectable', fields };
  const violations = findings('block', data, { ...context, policy: policyById(policy) });
  if (violations.length > 0) return { type: 'invalid', violations };
  if (!isTelling(reason)) return { type: 'unreasoned' };
  return documents.length === 0 || !documents.every(isComplete) ? { type: 'undocumented' } : undefined;
};

const basisOf = ({ data, reason, documents }: Correction): CorrectionBasis => ({
  data,
  reason: reason.trim(),
  documents,
});

/** Corrected at once, where nothing changes in who the two people are (R10). */
export const correct = (command: Correction, state: MadeRegistration): Outcome => {
  const { data, lookup, context } = command;
  const changed = changedFields(state.data, data);
  const fault = faultIn(command, changed, state);
  if (fault !== undefined) return rejected(fault);
  const fields = identifyingFields(changed);
  if (fields.length > 0) return rejected({ type: 'unapproved', fields });
  const { office } = state;
  return accepted({
    type: 'Corrected',
    data: { office, changed, correctedOn: context.today, lookup, personal: basisOf(command) },
  });
};

/** Waits for another person; one at a time, for a second would be made on what the first changes (R10). */
export const propose = (command: Correction & { proposer: string }, state: MadeRegistration): Outcome => {
  const { data, lookup, proposer } = command;
  const { office, proposal } = state;
  if (proposal !== undefined) return rejected({ type: 'waiting', correction: proposal.correction });
  const changed = changedFields(state.data, data);
  const fault = faultIn(command, changed, state);
  if (fault !== undefined) return rejected(fault);
  return accepted({
    type: 'CorrectionProposed',
    data: {
      office,
      correction: state.corrections + 1,
      changed,
      proposedBy: proposer,
      ...(lookup.couple === state.couple ? {} : { lookup: { couple: lookup.couple } }),
      personal: basisOf(command),
    },
  });
};

const waitingAs = (correction: number, { proposal }: MadeRegistration): Proposal | undefined =>
  proposal?.correction === correction ? proposal : undefined;

type Approval = { correction: number; approver: string; today: Day; lookup: Lookup };

/** Corrected as proposed, by someone else, unless another correction came between (R10). */
export const approve = ({ correction, approver, today, lookup }: Approval, state: MadeRegistration): Outcome => {
  const proposal = waitingAs(correction, state);
  if (proposal === undefined) return rejected({ type: 'settled' });
  if (proposal.proposedBy === approver) return rejected({ type: 'samePerson' });
  if (proposal.outdated) return rejected({ type: 'outdated' });
  const { changed, personal } = proposal;
  return accepted({
    type: 'Corrected',
    data: { office: state.office, correction, changed, correctedOn: today, lookup, personal },
  });
};

type Dismissal = { correction: number; dismisser: string; reason: string };

/** Not corrected so, with a reason; whoever proposed it takes it back in the same way. */
export const dismiss = ({ correction, dismisser, reason }: Dismissal, state: MadeRegistration): Outcome => {
  if (waitingAs(correction, state) === undefined) return rejected({ type: 'settled' });
  if (!isTelling(reason)) return rejected({ type: 'unreasoned' });
  return accepted({
    type: 'CorrectionDismissed',
    data: { office: state.office, correction, dismissedBy: dismisser, personal: { reason: reason.trim() } },
  });
};
