import { changedFields } from '#domain/registration/changedFields.ts';
import { type RegistrationCommand, type RegistrationKind, registrationDecider } from '#domain/registration/decide.ts';
import type { Submitted } from '#domain/registration/events.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { OnSiteEntry } from '#domain/registration/onSite.ts';
import { bornBefore } from './bornBefore.ts';
import { declare } from './declare.ts';
import type { Deps } from './deps.ts';
import { type Act, appendDecided, type Handled, type Loaded, load } from './handleCommand.ts';
import { type Held, holderOfCouple, reserveCouple } from './reserveCouple.ts';

export type Submission =
  | Handled<RegistrationKind>
  /** Another live registration of this couple and parity lies at `office` since `submittedOn` (R9). */
  | { outcome: 'duplicate'; office: string; submittedOn: string; reviewDueOn: string }
  /** This act was sent before with other data: what it made then stands, nothing was changed now. */
  | { outcome: 'otherContent' }
  /** Another's try ended this one before it was made, and holds no more: submit anew under another id. */
  | { outcome: 'fencedOff' };

/** One submission: under which id, of what, sent as which act, after which one that ended, and by staff on site if so. */
export type Submitting = {
  registrationId: string;
  raw: RegistrationData;
  act: Act;
  predecessor: string | undefined;
  onSite?: OnSiteEntry;
};

type SubmitCommand = Extract<RegistrationCommand, { type: 'Submit' }>;

const duplicateOf = ({ office, submittedOn, reviewDueOn }: Held): Submission => ({
  outcome: 'duplicate',
  office,
  submittedOn,
  reviewDueOn,
});

const commandOf = async (
  deps: Deps,
  { registrationId, raw, predecessor, onSite }: Submitting,
): Promise<SubmitCommand> => {
  const declaration = declare(deps, registrationId, raw);
  const born = { bornBefore: await bornBefore(deps, declaration.data) };
  const calendar = deps.calendarOf(declaration.office);
  const after = predecessor === undefined ? {} : { predecessor };
  return { type: 'Submit', calendar, ...after, ...(onSite && { onSite }), ...declaration, ...born };
};

/** What an id that was used before is worth: the same act answers as the first time, but for other data. */
const sentAgain = (own: Loaded<RegistrationKind>, data: RegistrationData, commandId: string): Submission => {
  const [first] = own.events;
  if (first?.meta.commandId !== commandId) return { outcome: 'rejected', rejection: { type: 'alreadySubmitted' } };
  const then = (first.data as Submitted['data']).personal.data;
  if (!first.erased && changedFields(then, data).length > 0) return { outcome: 'otherContent' };
  const { revision, position } = own.events.at(-1) ?? first;
  return { outcome: 'done', state: own.state, revision, position, repeated: true };
};

/** A submission that was fenced off learns who holds its couple now. */
const fencedOff = async (deps: Deps, command: SubmitCommand, { registrationId, act }: Submitting) => {
  const held = await holderOfCouple(deps, { couple: command.lookup.couple, registrationId, act });
  return held === undefined ? ({ outcome: 'fencedOff' } as const) : duplicateOf(held);
};

/**
 * Submits under a given id: reserves the couple, then writes the registration (R9). What would be refused anyway, or was
 * made before, reserves nothing.
 */
export const submitRegistration = async (deps: Deps, submitting: Submitting): Promise<Submission> => {
  const { registrationId, act } = submitting;
  const command = await commandOf(deps, submitting);
  const own = await load(deps, registrationDecider, registrationId);
  if (own.state.status === 'abandoned') return fencedOff(deps, command, submitting);
  if (own.state.status !== 'absent') return sentAgain(own, command.data, act.commandId);
  const decision = registrationDecider.decide(command, own.state);
  if (decision.outcome === 'rejected') return decision;
  const reserved = await reserveCouple(deps, { couple: command.lookup.couple, registrationId, act });
  if (reserved.outcome === 'held') return duplicateOf(reserved);
  const made = await appendDecided(deps, registrationDecider, registrationId, {
    loaded: own,
    events: decision.events,
    act,
  });
  // Someone was faster under this id: a second sending of the same act, or whoever fenced this one off.
  return made ?? submitRegistration(deps, submitting);
};
