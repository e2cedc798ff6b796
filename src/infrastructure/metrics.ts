import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Standing } from '#application/followLog.ts';
import type { Clock, EventStore } from '#application/ports.ts';

/** One finished request as the sites log it; lines of another form are passed over. */
type Request = { site: string; method: string; route: string; status: number; ms: number };

const isRequest = (line: object): line is Request => 'route' in line && 'status' in line && 'ms' in line;

/** What is measured of followers: where they stand in the log. */
export type Watched = { standing: () => Record<string, Standing>; eventStore: EventStore; clock: Clock };

type Lag = { behindBy: number; oldSeconds: number };

const states: readonly Standing['state'][] = ['running', 'catchingUp', 'stopped'];
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Gauges of the log and of who follows it, and how to bring them up to date. */
const followerGauges = (register: Registry) => {
  const registers = [register];
  const labelNames = ['follower'];
  const last = new Gauge({ name: 'log_position', help: 'Position of the last event.', registers });
  const behind = new Gauge({
    name: 'follower_behind_events',
    help: 'Events not yet carried to a view or a reaction.',
    labelNames,
    registers,
  });
  const waiting = new Gauge({
    name: 'follower_oldest_waiting_seconds',
    help: 'Age of the oldest event not yet carried to a view or a reaction.',
    labelNames,
    registers,
  });
  const state = new Gauge({
    name: 'follower_state',
    help: '1 for the state that a follower is in.',
    labelNames: ['follower', 'state'],
    registers,
  });
  const oldestAfter = async (eventStore: EventStore, position: number, end: number) =>
    position < end ? (await eventStore.readAll(position, 1))[0] : undefined;
  const tell = (follower: string, stands: Standing, lag: Lag): void => {
    behind.set({ follower }, lag.behindBy);
    waiting.set({ follower }, lag.oldSeconds);
    for (const one of states) state.set({ follower, state: one }, one === stands.state ? 1 : 0);
  };
  return async ({ standing, eventStore, clock }: Watched): Promise<void> => {
    const end = await eventStore.lastPosition();
    const measured = Object.entries(standing()).map(async ([follower, stands]) => {
      const oldest = await oldestAfter(eventStore, stands.position, end);
      const oldSeconds = oldest === undefined ? 0 : Math.max(0, clock() - Date.parse(oldest.at)) / 1000;
      return { follower, stands, behindBy: Math.max(0, end - stands.position), oldSeconds };
    });
    const followers = await Promise.all(measured);
    last.set(end);
    // What another instance has taken over is no longer told by this one.
    for (const gauge of [behind, waiting, state]) gauge.reset();
    for (const { follower, stands, ...lag } of followers) tell(follower, stands, lag);
  };
};

/** Measures for Prometheus: commands by type and outcome, requests by route, followers by lag. Never a name or number. */
export const createMetrics = () => {
  const register = new Registry();
  collectDefaultMetrics({ register });
  const registers = [register];
  const commands = new Counter({
    name: 'commands_total',
    help: 'Commands by type and outcome.',
    labelNames: ['command', 'outcome'],
    registers,
  });
  const requests = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Requests by route and status.',
    labelNames: ['site', 'method', 'route', 'status'],
    buckets: seconds,
    registers,
  });
  const appends = new Histogram({
    name: 'append_duration_seconds',
    help: 'Appends to the log by outcome; failed where it did not answer.',
    labelNames: ['outcome'],
    buckets: seconds,
    registers,
  });
  const bringUpToDate = followerGauges(register);
  return {
    contentType: register.contentType,
    /** Counts a command as it ended. */
    command: (command: string, outcome: string): void => commands.inc({ command, outcome }),
    /** Takes a log line of a site; only finished requests count. */
    request: (line: object): void => {
      if (!isRequest(line)) return;
      const { site, method, route, status, ms } = line;
      requests.observe({ site, method, route, status }, ms / 1000);
    },
    /** The same log, its appends timed. */
    timed: (eventStore: EventStore): EventStore => ({
      ...eventStore,
      append: async (stream, expected, events) => {
        const ended = appends.startTimer();
        let outcome = 'failed';
        try {
          const appended = await eventStore.append(stream, expected, events);
          outcome = appended.outcome;
          return appended;
        } finally {
          ended({ outcome });
        }
      },
    }),
    /** Everything measured, in Prometheus' text form. */
    text: async (followed: Watched): Promise<string> => {
      await bringUpToDate(followed);
      return register.metrics();
    },
  };
};

export type Metrics = ReturnType<typeof createMetrics>;
