import { type RegistrationCommand, type RegistrationKind, registrationDecider } from '#domain/registration/decide.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { MadeRegistration } from '#domain/registration/state.ts';
import { actingFor } from './acting.ts';
import { isActOf, type Staff } from './actor.ts';
import { registrationViews } from './applicantCommands.ts';
import { authorise, type Forbidden } from './authorise.ts';
import { peopleOf } from './declare.ts';
import type { Deps } from './deps.ts';
import { type Handled, handleCommand, type Loaded, load } from './handleCommand.ts';

/** An act of staff, based on the revision their page showed: whoever acted since is told, nothing is lost. */
export type StaffAct = { staff: Staff; commandId: string; basedOn: number };

export type StaffOutcome =
  | Handled<RegistrationKind>
  | { outcome: 'absent' }
  | { outcome: 'forbidden'; reason: Forbidden };

/** What an act on a registration needs, for the people that it is about. */
export type Needed = 'review' | 'register' | 'correct' | 'approveCorrection' | 'revoke';

/** One act on a registration: what it needs where that stands, and what it asks of it. */
export type Performed = {
  needed: (state: MadeRegistration) => Needed;
  build: (state: MadeRegistration) => RegistrationCommand;
  /** What the act is to put in the place of the data, where it does: it is about these two people as well. */
  puts?: (state: MadeRegistration) => Pick<RegistrationData, 'wife' | 'husband'> | undefined;
};

type Own = Loaded<RegistrationKind>;

/** The state to act on, and whether the act was done before; or why not to act. */
export const mayAct = (
  deps: Deps,
  { state, events }: Own,
  act: StaffAct,
  { needed, puts }: Omit<Performed, 'build'>,
) => {
  if (state.status === 'absent' || state.status === 'abandoned') return { outcome: 'absent' } as const;
  const repeated = events.some(isActOf(act.staff, act.commandId));
  const people = [state.data, puts?.(state)].flatMap((data) => peopleOf(deps.sealing, data));
  const allowed = authorise(act.staff, { act: needed(state), office: state.office, people }, deps.offices);
  return allowed.outcome === 'forbidden' && !repeated ? allowed : ({ outcome: 'allowed', state, repeated } as const);
};

/** Lets one act of staff happen: asks who may, decides, and waits for the views. `read`: what the caller has just read. */
export const performAct = async (
  deps: Deps,
  id: string,
  act: StaffAct,
  performed: Performed,
  read?: Own,
): Promise<StaffOutcome> => {
  const loaded = read ?? (await load(deps, registrationDecider, id));
  const may = mayAct(deps, loaded, act, performed);
  if (may.outcome !== 'allowed') return may;
  const asked = actingFor(deps.sealing, act);
  const handled = await handleCommand(deps, registrationDecider, id, performed.build(may.state), asked, loaded);
  if (handled.outcome === 'done') await deps.awaitViews(registrationViews, handled.position);
  return handled;
};
