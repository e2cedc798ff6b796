import { registrationDecider } from '#domain/registration/decide.ts';
import type { SeenDocument } from '#domain/registration/documents.ts';
import type { MadeStatus } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { RegistrationState } from '#domain/registration/state.ts';
import { type ActOfStaff, actingFor } from './acting.ts';
import { isActOf, type Staff } from './actor.ts';
import { registrationViews } from './applicantCommands.ts';
import { type Authorised, authorise, type Forbidden } from './authorise.ts';
import { declare, peopleOf } from './declare.ts';
import type { Deps } from './deps.ts';
import { endOf, load } from './handleCommand.ts';
import { type Submission, submitRegistration } from './submitRegistration.ts';

/** What staff enter besides the declaration; `review`: they review it in the same sitting. */
export type EnteredOnSite = { documents: readonly SeenDocument[]; predecessor?: string | undefined; review: boolean };

/** What may be continued: it freed its couple. */
export const isEnded = (status: MadeStatus): boolean =>
  ['rejected', 'declined', 'withdrawn', 'revoked'].includes(status);

export type EntryOutcome =
  | Submission
  | { outcome: 'forbidden'; reason: Forbidden }
  /** What is to be continued has not ended, or was never made. */
  | { outcome: 'notEnded' };

/** Only what ended, and was about one of the same two people: the other's ID number may be what was wrong. */
const mayBeContinued = (deps: Deps, before: RegistrationState, data: RegistrationData): boolean => {
  if (before.status === 'absent' || before.status === 'abandoned' || !isEnded(before.status)) return false;
  const people = peopleOf(deps.sealing, data);
  return peopleOf(deps.sealing, before.data).some((person) => people.includes(person));
};

/** Registrations entered by staff in the couple's presence (R8, §3.1.2, A1.4). */
export const onSiteCommands = (deps: Deps) => {
  /** Whether staff may enter what these data declare, and review it at once. */
  const mayEnter = (staff: Staff, raw: RegistrationData, review: boolean): Authorised => {
    const { data, office } = declare(deps, '', raw);
    const people = peopleOf(deps.sealing, data);
    const entering = authorise(staff, { act: 'enterOnSite', office, people }, deps.offices);
    if (entering.outcome === 'forbidden' || !review) return entering;
    return authorise(staff, { act: 'review', office, people }, deps.offices);
  };
  return {
    /**
     * Enters a registration by the one way that couples submit (R9), for the office of its declared place: the enterer's own, or
     * the one their committee belongs to, which has it in its inbox then. Sent again it happens once.
     */
    enter: async (
      registrationId: string,
      raw: RegistrationData,
      act: ActOfStaff,
      { documents, predecessor, review }: EnteredOnSite,
    ): Promise<EntryOutcome> => {
      const { staff, commandId } = act;
      const { events } = await load(deps, registrationDecider, registrationId);
      const may = mayEnter(staff, raw, review);
      if (may.outcome === 'forbidden' && !events.some(isActOf(staff, commandId))) return may;
      const before = predecessor === undefined ? undefined : await load(deps, registrationDecider, predecessor);
      if (before !== undefined && !mayBeContinued(deps, before.state, raw)) return { outcome: 'notEnded' };
      const enteredAt = deps.offices.current(staff.office);
      const onSite = { enteredAt, documents, ...(review ? { reviewer: staff.account } : {}) };
      const submitting = { registrationId, raw, act: actingFor(deps.sealing, act), predecessor, onSite };
      const submission = await submitRegistration(deps, submitting);
      deps.observe?.('Submit', endOf(submission));
      if (submission.outcome === 'done') await deps.awaitViews(registrationViews, submission.position);
      return submission;
    },
  };
};
