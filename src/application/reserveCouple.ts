import { reservationDecider } from '#domain/couple/reservation.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { holdsCouple } from '#domain/registration/state.ts';
import { type Act, type Handling, handleCommand, load } from './handleCommand.ts';

/** How long a reservation may stand without its submission before the next couple's try may end it, in ms. */
const reservationGrace = 2000;

const pause = 25;

/** The registration that holds a couple and parity, and where it lies. */
export type Held = {
  outcome: 'held';
  registrationId: string;
  office: string;
  submittedOn: string;
  reviewDueOn: string;
};

type Reserved = { outcome: 'reserved' } | Held;

export type Reserving = Handling & { wait: (ms: number) => Promise<void> };

/** What the holder's own stream says: holding, ended, or nothing yet. One of another couple never held this one. */
const holderOf = async (deps: Reserving, couple: string, registrationId: string) => {
  const { state } = await load(deps, registrationDecider, registrationId);
  if (state.status === 'absent') return { outcome: 'unmade' } as const;
  if (!holdsCouple(state, couple)) return { outcome: 'ended' } as const;
  const { office, submittedOn, reviewDueOn } = state;
  return { outcome: 'held', registrationId, office, submittedOn, reviewDueOn } as const;
};

/** Takes the place of a submission that never came; from then on it cannot come. */
const abandon = (deps: Reserving, holder: string, by: string, act: Act) =>
  handleCommand(
    deps,
    registrationDecider,
    holder,
    { type: 'AbandonSubmission', by },
    {
      ...act,
      actor: { kind: 'system', name: 'reservation' },
      firstEvent: 0xc0,
    },
  );

type Asked = { couple: string; registrationId: string; act: Act };

/** Asks again about a holder that has not submitted, for as long as the grace lasts; then fences it off. */
const settle = async (deps: Reserving, holder: string, { couple, registrationId, act }: Asked) => {
  for (let waited = 0; waited < reservationGrace; waited += pause) {
    const held = await holderOf(deps, couple, holder);
    if (held.outcome !== 'unmade') return held;
    await deps.wait(pause);
  }
  await abandon(deps, holder, registrationId, act);
  return holderOf(deps, couple, holder);
};

/** Who holds a couple, as far as the log says: nothing is waited for and nobody is fenced off. */
export const seenHolder = async (deps: Reserving, couple: string): Promise<Held | undefined> => {
  const { holder } = (await load(deps, reservationDecider, couple)).state;
  const held = holder === undefined ? undefined : await holderOf(deps, couple, holder);
  return held?.outcome === 'held' ? held : undefined;
};

/** Who holds a couple now; undefined where nobody does. */
export const holderOfCouple = async (deps: Reserving, asked: Asked): Promise<Held | undefined> => {
  const { holder } = (await load(deps, reservationDecider, asked.couple)).state;
  const held = holder === undefined ? undefined : await settle(deps, holder, asked);
  return held?.outcome === 'held' ? held : undefined;
};

/**
 * Gives a couple and parity to one registration (R9). Of many at once one is reserved; the others learn who holds it.
 * A reservation whose process died before the submission is ended by fencing off that submission, never by a guess.
 */
export const reserveCouple = async (deps: Reserving, asked: Asked): Promise<Reserved> => {
  const { couple, registrationId, act } = asked;
  let ended: string | undefined;
  for (;;) {
    const command = { type: 'ReserveCouple', registrationId, ...(ended === undefined ? {} : { ended }) } as const;
    const reserved = await handleCommand(deps, reservationDecider, couple, command, { ...act, firstEvent: 0x80 });
    if (reserved.outcome === 'done') return { outcome: 'reserved' };
    if (reserved.outcome === 'stale') throw new Error('A reservation is never based on a page.');
    const { holder } = reserved.rejection;
    const held = await settle(deps, holder, asked);
    if (held.outcome === 'held') return held;
    ended = holder;
  }
};
