import type { MongoClient } from 'mongodb';

/** The driver's client of this moment, and its successor where it finds no server any more. */
export type Clients = {
  current: () => MongoClient;
  /** Lets a new client take the place of one that found no server; no-op where one did already, or only just. */
  succeed: (failed: MongoClient) => void;
  close: () => Promise<void>;
};

/**
 * One client after another: the driver's watch over a server can wait for ever for an answer that a broken connection no
 * longer brings (7.9: a connection that breaks in the turn in which it is asked), and then never finds the server again,
 * though it is there. A client stays at least `restMs`, and goes on that long for calls that are under way.
 */
export const succeedingClients = (make: () => MongoClient, restMs: number): Clients => {
  let current = make();
  let since = performance.now();
  const former = new Map<MongoClient, NodeJS.Timeout>();
  const dispose = async (client: MongoClient): Promise<void> => {
    clearTimeout(former.get(client));
    former.delete(client);
    await client.close().catch(() => undefined);
  };
  return {
    current: () => current,
    succeed: (failed) => {
      if (failed !== current || performance.now() - since < restMs) return;
      former.set(failed, setTimeout(() => void dispose(failed), restMs).unref());
      current = make();
      since = performance.now();
    },
    close: async () => {
      await Promise.all([...former.keys()].map(dispose));
      await current.close();
    },
  };
};
