/** The types of one aggregate: what may be asked of it, what it remembers, what happened, why not. */
export type Kind = {
  command: { type: string };
  state: object;
  event: { type: string; data: object };
  rejection: { type: string };
};

/** What a decision yields: facts to append (none if there is nothing new), or one reason of a closed union. */
export type Decision<K extends Kind> =
  | { outcome: 'accepted'; events: readonly K['event'][] }
  | { outcome: 'rejected'; rejection: K['rejection'] };

/** An aggregate as two pure, total functions over its stream; `category` is the stream's prefix. */
export type Decider<K extends Kind> = {
  category: string;
  initialState: K['state'];
  decide: (command: K['command'], state: K['state']) => Decision<K>;
  evolve: (state: K['state'], event: K['event']) => K['state'];
};

/** The decision that these facts happened. */
export const accepted = <const E = never>(...events: readonly E[]) => ({ outcome: 'accepted', events }) as const;

/** The decision that nothing happened, and why. */
export const rejected = <const R>(rejection: R) => ({ outcome: 'rejected', rejection }) as const;

/** The kind that takes several commands as one; `type` is that of the first, by which it is counted. */
export type Several<K extends Kind> = {
  command: { type: K['command']['type']; commands: readonly K['command'][] };
  state: K['state'];
  event: K['event'];
  rejection: K['rejection'];
};

/** A decider that takes several commands as one act: all of them, or none and the first rejection. */
export const several = <K extends Kind>(decider: Decider<K>): Decider<Several<K>> => ({
  ...decider,
  decide: ({ commands }, state) => {
    const events: K['event'][] = [];
    let now = state;
    for (const command of commands) {
      const decision = decider.decide(command, now);
      if (decision.outcome === 'rejected') return decision;
      events.push(...decision.events);
      now = decision.events.reduce(decider.evolve, now);
    }
    return { outcome: 'accepted', events };
  },
});
