import { type Credentials, EventStoreDBClient } from '@eventstore/db-client';
import { readConnectionString, unusable } from './connectionString.ts';
import { leaderIn, spoilsConnection } from './faults.ts';

/** One client of the server; `ended` tells subscriptions to go on with the client that took its place. */
export type Session = { client: EventStoreDBClient; ended: AbortSignal };

/** What every call carries: credentials, and that the leader answers, so that what was acknowledged is read. */
export type CallOptions = { credentials: Credentials; requiresLeader: true };

export type Connection = {
  options: CallOptions;
  /** The client of this moment, to subscribe with. */
  session: () => Session;
  /** Runs a call on the client of this moment, which stays open for it even when another takes its place. */
  use: <T>(work: (session: Session) => Promise<T>) => Promise<T>;
  /** Lets a new client take the place of one whose connection this fault spoiled; no-op where one did already. */
  mend: (session: Session, fault: unknown) => void;
  close: () => Promise<void>;
};

/**
 * Opens a connection without waiting for the server. Where its connection breaks, where its node does not lead, or where
 * it leaves a call unanswered (a hung node: ~20 s until it breaks; table, Failure), the client is replaced by a new one.
 */
export const openConnection = (given: string): Connection => {
  const { urlTo, credentials } = readConnectionString(given);
  let current = beginSession(urlTo());
  return {
    options: { credentials, requiresLeader: true },
    session: () => current,
    use: async (work) => {
      const session = current;
      session.calls += 1;
      try {
        return await work(session);
      } finally {
        session.calls -= 1;
        if (session.ended.aborted && session.calls === 0) void session.dispose();
      }
    },
    mend: (session, fault) => {
      if (session !== current || !spoilsConnection(fault)) return;
      const old = current;
      current = beginSession(urlTo(leaderIn(fault)));
      old.end();
      if (old.calls === 0) void old.dispose();
    },
    close: async () => {
      current.end();
      await current.dispose();
    },
  };
};

type OwnSession = Session & { calls: number; end: () => void; dispose: () => Promise<void> };

// What the client keeps to itself.
type Inside = {
  createChannel: () => Promise<{ close: () => void }>;
  handleError: () => Promise<void>;
};

const disposeMs = 1_000;

const beginSession = (url: string): OwnSession => {
  const client = clientFor(url);
  if (typeof client === 'string') throw unusable(client);
  const inside = client as unknown as Inside;
  const createChannel = inside.createChannel;
  let channel: ReturnType<Inside['createChannel']> | undefined;
  inside.createChannel = () => {
    channel = createChannel();
    return channel;
  };
  // The client would close its channel at once, under calls about to begin on it, in a promise that nobody awaits and
  // that rejects where no leader is found. `mend` does it instead, once no call is under way.
  inside.handleError = async () => {};

  const end = new AbortController();
  return {
    client,
    ended: end.signal,
    calls: 0,
    end: () => end.abort(),
    dispose: async () => {
      // A turn later: a call that was given up may begin in the turn in which the channel opens. On a closed one, an
      // append throws inside a promise of the client's own: unhandled, and never settled.
      channel?.then((open) => setImmediate(() => open.close())).catch(() => {});
      await Promise.race([client.dispose(), new Promise((late) => setTimeout(late, disposeMs).unref())]);
    },
  };
};

// The client's own error carries the string, password included: only what it says of files is passed on.
const clientFor = (url: string): EventStoreDBClient | string => {
  try {
    return EventStoreDBClient.connectionString(url);
  } catch (fault) {
    const { message } = fault as Error;
    return message.startsWith('Unexpected') ? 'The client does not understand it.' : message;
  }
};
