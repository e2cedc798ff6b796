import { type Credentials, EventStoreDBClient } from '@eventstore/db-client';
import { readConnectionString, unusable } from './connectionString.ts';

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
  /** Lets a new client take the place of one that left a call unanswered; no-op where one did already. */
  replace: (session: Session) => void;
  close: () => Promise<void>;
};

const disposeMs = 1_000;

/**
 * Opens a connection without waiting for the server. A client looks for another leader only once its connection breaks
 * (table, Failure: a hung server breaks it after ~20 s), so a client whose call met its deadline is replaced.
 */
export const openConnection = (given: string): Connection => {
  const { url, credentials } = readConnectionString(given);
  let current = beginSession(url);
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
    replace: (session) => {
      if (session !== current) return;
      const old = current;
      current = beginSession(url);
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

// What the client keeps to itself, and does not let go of by itself.
type Inside = {
  createChannel: () => Promise<{ close: () => void }>;
  handleError: (...args: readonly unknown[]) => Promise<void>;
};

const beginSession = (url: string): OwnSession => {
  const client = clientFor(url);
  if (typeof client === 'string') throw unusable(client);
  const inside = client as unknown as Inside;
  const { createChannel, handleError } = inside;
  let channel: ReturnType<Inside['createChannel']> | undefined;
  inside.createChannel = () => {
    channel = createChannel();
    return channel;
  };
  // Nobody awaits this one: it would reject, unhandled, where the search for another leader fails meanwhile.
  inside.handleError = (...args) => handleError(...args).catch(() => {});

  const end = new AbortController();
  return {
    client,
    ended: end.signal,
    calls: 0,
    end: () => end.abort(),
    dispose: async () => {
      channel?.then((open) => open.close()).catch(() => {});
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
