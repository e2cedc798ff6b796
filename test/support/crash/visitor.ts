import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../../../src/demo/random.ts';
import { demoPassword } from '../../../src/demo/staff.ts';
import type { Urls } from './appProcess.ts';
import { type Asking, ask, type Reply, type Seen } from './client.ts';

/** Where requests go: to any process that answers, waited for while none does. */
export type Target = (random: Random) => Promise<Urls>;

/** Who asks, and what all have seen together. */
export type Visitor = { target: Target; random: Random; seen: Seen; desks: Map<string, Promise<string>> };

export type Answered = Extract<Reply, { outcome: 'answered' }>;

/** An answer in the end, and how often it was asked for in vain before. */
export type InTheEnd = { reply: Answered; vain: number };

const pauseMs = 40;

const isVain = (reply: Reply): reply is Extract<Reply, { outcome: 'cut' }> =>
  reply.outcome === 'cut' || reply.status === 503;

/** Asks a process; one that is away, or whose stores are, leaves it unknown whether the act was done. */
const askOnce = async ({ target, random, seen }: Visitor, asking: Asking): Promise<Reply> =>
  ask(await target(random), asking, random, seen);

/** Asks until it is answered, always under the same key; gives up after so many vain tries, if told how many. */
export const askUntilAnswered = async (
  visitor: Visitor,
  asking: Asking,
  mostVain = Number.POSITIVE_INFINITY,
): Promise<InTheEnd | undefined> => {
  for (let vain = 0; vain < mostVain; vain += 1) {
    const reply = await askOnce(visitor, asking);
    if (!isVain(reply)) return { reply: reply as Answered, vain };
    await wait(pauseMs);
  }
  return undefined;
};

/** Asks until it is answered, however long that takes. */
export const answerTo = async (visitor: Visitor, asking: Asking): Promise<InTheEnd> => {
  const answered = await askUntilAnswered(visitor, asking);
  if (answered === undefined) throw new Error('Asked for ever and gave up.');
  return answered;
};

/** Notes what no fault of the world excuses. */
export const blame = ({ seen }: Visitor, what: string, { reply }: InTheEnd): void => {
  seen.faults.push(`${what}: ${reply.status} ${JSON.stringify(reply.body).slice(0, 400)}`);
};

const signIn = async (visitor: Visitor, office: string): Promise<string> => {
  const body = { account: `czy-${office}`, password: demoPassword };
  const signed = await answerTo(visitor, { site: 'managementUrl', method: 'POST', path: '/api/v1/session', body });
  if (signed.reply.status !== 201) blame(visitor, 'sign in', signed);
  return String(signed.reply.body['token']);
};

/** The session of an office's operator, begun once: it outlives the process that began it. */
export const tokenOf = (visitor: Visitor, office: string): Promise<string> => {
  const { desks } = visitor;
  const known = desks.get(office) ?? signIn(visitor, office);
  desks.set(office, known);
  return known;
};

/** Asks until the answer shows what was done before; how long that took is seen. */
export const untilShown = async <T>(
  visitor: Visitor,
  asking: Asking,
  shown: (answered: Answered) => T | undefined,
): Promise<T> => {
  const startedAt = performance.now();
  for (let late = false; ; late = true) {
    const answered = await answerTo(visitor, asking);
    const found = shown(answered.reply);
    const ms = Math.round(performance.now() - startedAt);
    if (found !== undefined) {
      if (late) visitor.seen.lateMs.push(ms);
      return found;
    }
    if (ms > 60_000) throw new Error(`${asking.path} never showed what was done: ${JSON.stringify(answered.reply)}`);
    await wait(pauseMs);
  }
};
