import { type RegistrationKind, registrationDecider } from '#domain/registration/decide.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { fromOf } from './access.ts';
import type { Origin } from './actor.ts';
import { bornBefore } from './bornBefore.ts';
import { declare, queryCodeOf } from './declare.ts';
import type { Deps } from './deps.ts';
import { eraseRegistration } from './eraseRegistration.ts';
import { type Act, endOf, type Handled, handleCommand } from './handleCommand.ts';
import { type Submission, submitRegistration } from './submitRegistration.ts';

/** An applicant's act: sent again under the same `commandId` it happens once. */
export type ApplicantAct = { commandId: string; basedOn?: number | undefined; from?: Origin | undefined };

const applicant = ({ sealing }: Deps, { from, ...act }: ApplicantAct): Act => ({
  ...act,
  actor: { kind: 'applicant' },
  from: fromOf(sealing, from),
});

/** The views that show an applicant or the office an act; a couple is let in by the names that `search` holds. */
export const registrationViews = [
  'registration',
  'inbox',
  'queryCode',
  'search',
  'counters',
  'proposedCorrection',
] as const;

/** What applicants do (R1–R4, R9, R10). */
export const applicantCommands = (deps: Deps) => {
  const shown = async (handled: Handled<RegistrationKind>) => {
    if (handled.outcome === 'done') await deps.awaitViews(registrationViews, handled.position);
    return handled;
  };
  return {
    /** Submits under a given id: reserves the couple, then writes the registration (R9). */
    submit: async (
      registrationId: string,
      raw: RegistrationData,
      act: ApplicantAct,
      predecessor?: string,
    ): Promise<Submission> => {
      const submitting = { registrationId, raw, act: applicant(deps, act), predecessor };
      const submission = await submitRegistration(deps, submitting);
      deps.observe?.('Submit', endOf(submission));
      return submission.outcome === 'done' ? shown(submission) : submission;
    },

    /** Replaces the declared data until the review (R4). */
    amend: async (registrationId: string, raw: RegistrationData, act: ApplicantAct) => {
      const declared = declare(deps, registrationId, raw);
      const born = { bornBefore: await bornBefore(deps, declared.data) };
      const command = { type: 'Amend', ...declared, ...born } as const;
      return shown(await handleCommand(deps, registrationDecider, registrationId, command, applicant(deps, act)));
    },

    /** Takes the registration back before acceptance (R10). */
    withdraw: async (registrationId: string, act: ApplicantAct) =>
      shown(await handleCommand(deps, registrationDecider, registrationId, { type: 'Withdraw' }, applicant(deps, act))),

    /** Gives up the personal data of what was withdrawn, at once (PIPL art. 47(3)). */
    erase: async (registrationId: string, act: ApplicantAct) =>
      shown(await eraseRegistration(deps, registrationId, 'requested', applicant(deps, act))),

    /** The code the applicant keeps (R3). */
    queryCode: (registrationId: string) => queryCodeOf(deps.sealing, registrationId),
  };
};
