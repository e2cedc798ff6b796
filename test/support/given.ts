import { expect } from 'vitest';
import type { Decider, Kind } from '#domain/decider.ts';

/** What an aggregate is after these events. */
export const folded = <K extends Kind>(decider: Decider<K>, events: readonly K['event'][]): K['state'] =>
  events.reduce((state, event) => decider.evolve(state, event), decider.initialState);

/** Given what happened to an aggregate, when a command comes, then exactly these events happen, or it is refused. */
export const given = <K extends Kind>(decider: Decider<K>, events: readonly K['event'][]) => ({
  when: (command: K['command']) => {
    const decision = decider.decide(command, folded(decider, events));
    return {
      thenHappened: (...expected: readonly K['event'][]) =>
        expect(decision).toEqual({ outcome: 'accepted', events: expected }),
      thenNothing: () => expect(decision).toEqual({ outcome: 'accepted', events: [] }),
      /** All that has happened then, to go on from; throws where the command was refused. */
      history: (): readonly K['event'][] => {
        if (decision.outcome === 'rejected') throw new Error(`Refused: ${JSON.stringify(decision.rejection)}`);
        return [...events, ...decision.events];
      },
      thenRefused: (rejection: K['rejection']) => expect(decision).toEqual({ outcome: 'rejected', rejection }),
    };
  },
});
