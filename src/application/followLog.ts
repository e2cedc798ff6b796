import { type EventStore, type Json, type RecordedEvent, StoreUnavailable } from './ports.ts';

/** Where a follower stopped for good: the event it could not take and why, or nothing where no event is to blame. */
export type Failure = { position: number; type: string; stream: string; message: string };

/** `running` follows the log, `catchingUp` reads older events by itself, `stopped` needs an operator. */
export type Standing = { state: 'running' | 'catchingUp' | 'stopped'; position: number; failure?: Failure };

/** Thrown by a follower that cannot go on however often it tries. Anything else it throws is tried again. */
export class Halted extends Error {
  override name = 'Halted';
  readonly failure: Failure;
  constructor(failure: Failure, options?: { cause: unknown }) {
    super(failure.message, options);
    this.failure = failure;
  }
}

/** What stops a follower at an event, told by the fault that it met there. */
export const haltedAt = ({ position, type, stream }: Omit<Failure, 'message'>, fault: unknown): Halted =>
  new Halted({ position, type, stream, message: messageOf(fault) }, { cause: fault });

/** What carries something along the log: a projection or a reaction. */
export type Follower = {
  name: string;
  /** Learns where it stands; asked at the start and after each fault. */
  open: () => Promise<number>;
  /** Takes events, all after where it stands, and says how far it came; an answer of `false` asks it to return. */
  take: (events: readonly RecordedEvent[], reached: (position: number) => boolean) => Promise<void>;
};

/** Where faults are told to operators: details first, then a sentence (as pino has it). */
export type Log = Record<'warn' | 'error', (details: Json, message: string) => void>;

export type Following = { standing: () => Record<string, Standing>; stop: () => Promise<void> };

/** What following needs; `pace` says whom the shared reader waits for when followers differ. */
export type FollowingOptions = {
  eventStore: EventStore;
  followers: readonly Follower[];
  pace: 'slowest' | 'fastest';
  wait: (ms: number) => Promise<void>;
  log: Log;
  onProgress?: ((name: string, position: number) => void) | undefined;
};

type Member = Follower & {
  position: number;
  joined: boolean;
  mailbox: RecordedEvent[];
  faults: number;
  failure: Failure | undefined;
};

const batchSize = 2000;
const mailboxBound = 4 * batchSize;
const firstPauseMs = 100;
const longestPauseMs = 10_000;

/**
 * Carries each follower along the log until stopped. One subscription feeds all that stand at the same place; one that
 * lags or met a fault reads by itself, with growing pauses, and joins the others again once it has reached them.
 */
export const followLog = (options: FollowingOptions): Following => {
  const { eventStore, wait, log } = options;
  const members = options.followers.map(
    (follower): Member => ({ ...follower, position: 0, joined: false, mailbox: [], faults: 0, failure: undefined }),
  );
  const bell = makeBell();
  const shared = { position: 0, head: Number.POSITIVE_INFINITY };
  let stopping = false;
  let unsubscribe = async (): Promise<void> => {};

  const pause = async (faults: number): Promise<void> => {
    const ms = Math.min(firstPauseMs * 2 ** (faults - 1), longestPauseMs);
    let over = false;
    void wait(ms).then(() => {
      over = true;
      bell.ring();
    });
    while (!over && !stopping) await bell.rung();
  };
  const untilAnswered = async <T>(what: string, work: () => Promise<T>): Promise<T | undefined> => {
    for (let faults = 1; !stopping; faults += 1) {
      try {
        return await work();
      } catch (error) {
        log.warn({ follower: what, error: messageOf(error) }, 'A store does not answer; trying again.');
        await pause(faults);
      }
    }
    return undefined;
  };

  const halt = (member: Member, failure: Failure): void => {
    member.failure = failure;
    log.error({ follower: member.name, ...failure }, 'Stopped: repair the cause, then start again.');
  };
  const reached = (member: Member, position: number): boolean => {
    member.position = position;
    options.onProgress?.(member.name, position);
    bell.ring();
    return !stopping;
  };

  const nextEvents = async (member: Member): Promise<readonly RecordedEvent[]> => {
    while (member.joined && member.mailbox.length === 0 && !stopping) await bell.rung();
    if (stopping) return [];
    if (member.joined) return member.mailbox.splice(0, batchSize).filter((event) => event.position > member.position);
    // Between this comparison and joining nothing else runs, so no event falls in between.
    member.joined = member.position >= shared.position;
    if (member.joined) return [];
    const events = await eventStore.readAll(member.position, batchSize);
    if (events.length === 0) throw new StoreUnavailable(`The log does not show position ${shared.position} yet.`);
    return events;
  };
  const takeNext = async (member: Member): Promise<void> => {
    const events = await nextEvents(member);
    if (events.length > 0) await member.take(events, (position) => reached(member, position));
    if (events.length > 0) member.faults = 0;
  };
  const recover = async (member: Member, error: unknown): Promise<void> => {
    leave(member);
    bell.ring();
    if (error instanceof Halted) return halt(member, error.failure);
    member.faults += 1;
    log.warn({ follower: member.name, error: messageOf(error) }, 'A fault; trying again.');
    await pause(member.faults);
    member.position = (await untilAnswered(member.name, member.open)) ?? member.position;
  };
  const carry = async (member: Member): Promise<void> => {
    while (!stopping && member.failure === undefined) {
      await takeNext(member).catch((error: unknown) => recover(member, error));
    }
  };

  const hasRoom = (): boolean => {
    const joined = members.filter((member) => member.joined);
    const roomy = joined.filter((member) => member.mailbox.length < batchSize);
    return joined.length === 0 || roomy.length === joined.length || (options.pace === 'fastest' && roomy.length > 0);
  };
  const onEvents = async (events: readonly RecordedEvent[]): Promise<void> => {
    shared.position = events.at(-1)?.position ?? shared.position;
    for (const member of members.filter(({ joined }) => joined)) {
      if (member.mailbox.length > mailboxBound) leave(member);
      else for (const event of events) member.mailbox.push(event);
    }
    bell.ring();
    while (!hasRoom() && !stopping) await bell.rung();
  };
  const listen = (faults: number): void => {
    let lost = faults;
    unsubscribe = eventStore.subscribe(shared.position, {
      onEvents: (events) => {
        lost = 0;
        return onEvents(events);
      },
      onFailure: (failure) => {
        log.warn({ error: messageOf(failure) }, 'The subscription to the log was lost; subscribing again.');
        void pause(lost + 1).then(() => {
          if (!stopping) listen(lost + 1);
        });
      },
    });
  };

  const open = async (member: Member): Promise<void> => {
    member.position = (await untilAnswered(member.name, member.open)) ?? 0;
  };
  const start = async (): Promise<void> => {
    await Promise.all(members.map(open));
    shared.head = (await untilAnswered('log', eventStore.lastPosition)) ?? 0;
    if (stopping) return;
    for (const member of members.filter(({ position }) => position > shared.head))
      halt(member, aheadOf(shared.head, member));
    shared.position = Math.max(0, ...members.filter(({ failure }) => !failure).map(({ position }) => position));
    listen(0);
    await Promise.all(members.map(carry));
  };
  const running = start();

  return {
    standing: () => Object.fromEntries(members.map((member) => [member.name, standingOf(member, shared.head)])),
    stop: async () => {
      stopping = true;
      bell.ring();
      await unsubscribe();
      await running;
    },
  };
};

const leave = (member: Member): void => {
  member.joined = false;
  member.mailbox = [];
};

const standingOf = ({ position, joined, failure }: Member, head: number): Standing => {
  if (failure !== undefined) return { state: 'stopped', position, failure };
  return { state: joined && position >= head ? 'running' : 'catchingUp', position };
};

// Only a restored or exchanged log ends before what was folded from it; going on would skip its next events.
const aheadOf = (head: number, { position }: Member): Failure => ({
  position,
  type: '',
  stream: '',
  message: `It stands at ${position}, but the log ends at ${head}: remove the view store and start again to rebuild it.`,
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Wakes everyone who waits; each then looks whether what it waits for has come. */
const makeBell = () => {
  let { promise, resolve } = Promise.withResolvers<void>();
  return {
    rung: (): Promise<void> => promise,
    ring: (): void => {
      resolve();
      ({ promise, resolve } = Promise.withResolvers<void>());
    },
  };
};
