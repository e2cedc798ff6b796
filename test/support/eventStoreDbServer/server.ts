import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { type Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { type AppendAnswer, type AppendCall, type AppendFaults, appending } from './appending.ts';
import { clusterInfo, supportedMethods } from './cluster.ts';
import { createFront, type Front } from './front.ts';
import { createServerLog, type ServerLog, systemEvent } from './log.ts';
import { notLeader, refusal } from './messages.ts';
import { type ReadCall, read } from './reading.ts';
import { type Subscriptions, subscribe } from './subscribing.ts';

/** A server that speaks EventStoreDB's own protocol on a port of its own, and fails on command. */
export type EventStoreDbServer = {
  url: string;
  port: number;
  log: ServerLog;
  /** Every connection breaks and new ones are refused, as after a kill -9; `start` listens on the same port again. */
  stop: () => Promise<void>;
  start: () => Promise<void>;
  /** Accepts and never answers, until `resume`. */
  hang: () => void;
  resume: () => void;
  /** Breaks all connections at the next append: before it is written, or after it and before the answer. */
  loseNext: (what: 'request' | 'answer') => void;
  /** Tells every subscription that its consumer is too slow. */
  abortSubscriptions: () => void;
  /** How many were told so, on command or because it was true. */
  aborted: () => number;
  delayAppends: (ms: number) => void;
  /** Writes what servers write for themselves all the time. */
  writeSystemEvents: (count: number) => void;
  close: () => Promise<void>;
};

/** A node of a cluster shares the log of the others and knows who leads; `port` as after a restart, or a free one. */
export type ServerOptions = { log?: ServerLog; leaderPort?: () => number; port?: number };

/** Starts the stand-in; its log lives as long as it does. */
export const startEventStoreDbServer = async (options: ServerOptions = {}): Promise<EventStoreDbServer> => {
  const log = options.log ?? createServerLog();
  const faults: AppendFaults = { lose: undefined, delayMs: 0 };
  const subscriptions: Subscriptions = { abort: new Set(), aborted: 0 };
  const server = new Server();
  const front = createFront(await bind(server), options.port);
  await front.open();
  const leaderPort = options.leaderPort ?? front.port;
  serve(server, { log, faults, subscriptions, front, leaderPort });

  return {
    url: `esdb://127.0.0.1:${front.port()}?tls=false`,
    port: front.port(),
    log,
    stop: async () => {
      await front.shut();
      log.forget();
    },
    start: front.open,
    hang: front.hang,
    resume: front.resume,
    loseNext: (what) => {
      faults.lose = what;
    },
    abortSubscriptions: () => {
      for (const abort of subscriptions.abort) abort();
    },
    aborted: () => subscriptions.aborted,
    delayAppends: (ms) => {
      faults.delayMs = ms;
    },
    writeSystemEvents: (count) => {
      const events = Array.from({ length: count }, () => systemEvent('$statsCollected'));
      log.append('$stats-127.0.0.1:2113', 'any', events);
    },
    close: async () => {
      await front.shut();
      server.forceShutdown();
    },
  };
};

const bind = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });

type Served = {
  log: ServerLog;
  faults: AppendFaults;
  subscriptions: Subscriptions;
  front: Front;
  leaderPort: () => number;
};

// The batch call is offered, as the server offers it, and refused: it has faults of the client that no adapter may meet.
const serve = (server: Server, { log, faults, subscriptions, front, leaderPort }: Served): void => {
  const misdirected = ({ metadata }: { metadata: Metadata }): boolean =>
    metadata.get('requires-leader')[0] === 'true' && leaderPort() !== front.port();
  const append = appending(log, faults, front.cut);
  server.addService(streams.StreamsService, {
    append: (call: AppendCall, answer: AppendAnswer) =>
      misdirected(call) ? answer(notLeader(leaderPort())) : append(call, answer),
    read: (call: ReadCall) => {
      const asked = call.request.getOptions();
      if (asked === undefined) return call.emit('error', refusal(status.INVALID_ARGUMENT, 'No options.'));
      if (misdirected(call)) return call.emit('error', notLeader(leaderPort()));
      return asked.hasSubscription() ? void subscribe(log, call, asked, subscriptions) : read(log, call, asked);
    },
  });
  server.addService(features.ServerFeaturesService, {
    getSupportedMethods: (_call: unknown, answer: (error: null, value: unknown) => void) =>
      answer(null, supportedMethods()),
  });
  server.addService(gossip.GossipService, {
    read: (_call: unknown, answer: (error: null, value: unknown) => void) => answer(null, clusterInfo(leaderPort())),
  });
};
