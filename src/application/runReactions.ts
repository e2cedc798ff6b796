import type { AnyEvent } from '#projections/projection.ts';
import { type Follower, type Following, followLog, haltedAt, type Log } from './followLog.ts';
import { type EventStore, type RecordedEvent, StoreUnavailable, type ViewStore } from './ports.ts';
import type { Upcast } from './runProjections.ts';

/** On an event, an act: at least once, in order, so its command id comes from the event. */
export type Reaction = {
  name: string;
  on: { readonly [type: string]: (event: AnyEvent) => Promise<void> };
};

export type RunningReactions = {
  eventStore: EventStore;
  viewStore: ViewStore;
  reactions: readonly Reaction[];
  upcast: Upcast;
  wait: (ms: number) => Promise<void>;
  log: Log;
};

const mostFaults = 5;
const pauseMs = 200;

/** Tries one event a few times; a store that is away is waited for elsewhere, anything else stops the reaction. */
const react = async (reaction: Reaction, event: AnyEvent, wait: RunningReactions['wait']): Promise<void> => {
  for (let faults = 1; ; faults += 1) {
    try {
      return await reaction.on[event.type]?.(event);
    } catch (fault) {
      if (fault instanceof StoreUnavailable) throw fault;
      if (faults >= mostFaults) throw haltedAt(event, fault);
      await wait(pauseMs * faults);
    }
  }
};

const current = (upcast: Upcast, event: RecordedEvent): AnyEvent => {
  try {
    return upcast(event);
  } catch (fault) {
    throw haltedAt(event, fault);
  }
};

/** Carries every reaction along the log from its checkpoint until stopped; one that keeps failing stops alone. */
export const runReactions = ({ eventStore, viewStore, reactions, upcast, wait, log }: RunningReactions): Following => {
  const follower = (reaction: Reaction): Follower => ({
    name: reaction.name,
    open: () => viewStore.checkpoint({ view: reaction.name }),
    take: async (events, reached) => {
      for (const recorded of events) {
        const event = current(upcast, recorded);
        if (!Object.hasOwn(reaction.on, event.type)) continue;
        await react(reaction, event, wait);
        await viewStore.commit({ view: reaction.name }, [], event.position);
        if (!reached(event.position)) return;
      }
      const last = events.at(-1)?.position ?? 0;
      await viewStore.commit({ view: reaction.name }, [], last);
      reached(last);
    },
  });
  return followLog({ eventStore, followers: reactions.map(follower), pace: 'fastest', wait, log });
};
