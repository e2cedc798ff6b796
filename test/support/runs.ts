import { expect } from 'vitest';
import type { Decider, Decision, Kind } from '#domain/decider.ts';
import { folded } from './given.ts';

/** One command of a run: what the aggregate was before it, what was decided, what it was after. */
export type Step<K extends Kind> = {
  before: K['state'];
  command: K['command'];
  decision: Decision<K>;
  after: K['state'];
};

export type Run<K extends Kind> = { steps: readonly Step<K>[]; events: readonly K['event'][] };

/** Whatever is decided on must not be changed by deciding: a write to it throws. */
const frozen = <T>(value: T): T => {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) frozen(inner);
  }
  return value;
};

/** Sends commands one after another, legal or not, and checks what every decider promises. */
export const run = <K extends Kind>(decider: Decider<K>, commands: readonly K['command'][]): Run<K> => {
  const steps: Step<K>[] = [];
  const events: K['event'][] = [];
  let before = frozen(decider.initialState);
  for (const command of commands) {
    const decision = frozen(decider.decide(frozen(command), before));
    expect(decider.decide(command, before)).toEqual(decision);
    const happened = decision.outcome === 'accepted' ? decision.events : [];
    const after = frozen(happened.reduce<K['state']>((state, event) => decider.evolve(state, event), before));
    events.push(...happened);
    steps.push({ before, command, decision, after });
    expect(folded(decider, events)).toEqual(after);
    before = after;
  }
  return { steps, events };
};
