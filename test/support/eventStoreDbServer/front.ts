import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** The stand-in's network: every byte to and from the gRPC server behind passes here, or is held, or is cut off. */
export type Front = {
  port: () => number;
  /** Listens on the port it had before. */
  open: () => Promise<void>;
  /** As a kill -9 looks from outside: every connection breaks, new ones are refused. */
  shut: () => Promise<void>;
  /** Breaks every connection; new ones are welcome. */
  cut: () => void;
  /** Accepts connections and moves no byte, until `resume`: as a stopped process looks from outside. */
  hang: () => void;
  resume: () => void;
};

type Pair = { client: Socket; behind: Socket };

/** A front before the server on a local port; it listens on the port given, or a free one. */
export const createFront = (portBehind: number, wanted = 0): Front => {
  const pairs = new Set<Pair>();
  let server: Server | undefined;
  let port = wanted;
  let hung = false;

  const forward = (from: Socket, to: Socket): void => {
    from.on('data', (chunk) => {
      if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => {
      if (!hung) from.resume();
    });
    from.on('error', () => to.destroy());
    from.on('close', () => to.destroy());
  };
  const accept = (client: Socket): void => {
    const pair = { client, behind: connect({ port: portBehind, host: '127.0.0.1', noDelay: true }) };
    pairs.add(pair);
    client.on('close', () => pairs.delete(pair));
    forward(client, pair.behind);
    forward(pair.behind, client);
    if (hung) hold(pair);
  };
  const hold = ({ client, behind }: Pair): void => {
    client.pause();
    behind.pause();
  };
  const cut = (): void => {
    for (const { client } of pairs) client.resetAndDestroy();
  };

  return {
    port: () => port,
    open: async () => {
      server = createServer({ noDelay: true }, accept).listen(port, '127.0.0.1');
      await once(server, 'listening');
      port = (server.address() as AddressInfo).port;
    },
    shut: async () => {
      const closing = server;
      server = undefined;
      cut();
      if (closing !== undefined) await new Promise((closed) => closing.close(closed));
    },
    cut,
    hang: () => {
      hung = true;
      for (const pair of pairs) hold(pair);
    },
    resume: () => {
      hung = false;
      for (const { client, behind } of pairs) {
        client.resume();
        behind.resume();
      }
    },
  };
};
