import type { Random } from '../../../src/demo/random.ts';
import type { Urls } from './appProcess.ts';

/** What came of a request; `cut` where the connection broke or nobody listened: nobody knows whether it was done. */
export type Reply =
  | { outcome: 'answered'; status: number; body: Body; revision: number | undefined }
  | { outcome: 'cut' };

export type Body = { readonly [member: string]: unknown };

export type Asking = {
  site: keyof Urls;
  method: string;
  path: string;
  body?: object;
  key?: string;
  basedOn?: number | undefined;
  token?: string | undefined;
};

/** What was seen of all answers: how many of each status, the slowest, and what no answer may be. */
export type Seen = {
  statuses: Map<number | 'cut', number>;
  slowestMs: number;
  slowest: string;
  faults: string[];
  /** How long each act took to be shown that was not shown at once. */
  lateMs: number[];
};

export const nothingSeen = (): Seen => ({ statuses: new Map(), slowestMs: 0, slowest: '', faults: [], lateMs: [] });

/** No answer within this time is a fault of its own: every request is to be answered in bounded time. */
const patienceMs = 60_000;

const headersOf = ({ key, basedOn, token }: Asking, random: Random): Record<string, string> => ({
  'content-type': 'application/json',
  // Visitors from everywhere: the limits of one address are not what is tried here.
  'x-forwarded-for': `10.${random.below(256)}.${random.below(256)}.${random.below(256)}`,
  ...(key === undefined ? {} : { 'idempotency-key': key }),
  ...(basedOn === undefined ? {} : { 'if-match': `"${basedOn}"` }),
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
});

const revisionIn = (etag: string | null): number | undefined => {
  const [, revision] = /^"(\d+)"$/.exec(etag ?? '') ?? [];
  return revision === undefined ? undefined : Number(revision);
};

const note = (seen: Seen, asking: Asking, status: number | 'cut', ms: number): void => {
  seen.statuses.set(status, (seen.statuses.get(status) ?? 0) + 1);
  if (ms <= seen.slowestMs) return;
  seen.slowestMs = ms;
  seen.slowest = `${asking.method} ${asking.path} ${status}`;
};

/** Faults of answers that no fault of the world excuses: 500, and 503 that does not say when to come again. */
const judge = (seen: Seen, asking: Asking, answer: Response, text: string): void => {
  const what = `${asking.method} ${asking.path}: ${answer.status} ${text.slice(0, 300)}`;
  if (answer.status === 500) seen.faults.push(what);
  if (answer.status === 503 && answer.headers.get('retry-after') === null)
    seen.faults.push(`without Retry-After: ${what}`);
};

const bodyOf = (text: string): Body => (text.startsWith('{') ? (JSON.parse(text) as Body) : {});

/** Sends one request of a visitor to one process, and keeps count of what came of it. */
export const ask = async (urls: Urls, asking: Asking, random: Random, seen: Seen): Promise<Reply> => {
  const startedAt = performance.now();
  const took = () => Math.round(performance.now() - startedAt);
  try {
    const answer = await fetch(`${urls[asking.site]}${asking.path}`, {
      method: asking.method,
      headers: headersOf(asking, random),
      body: asking.method === 'GET' ? null : JSON.stringify(asking.body ?? {}),
      signal: AbortSignal.timeout(patienceMs),
    });
    const text = await answer.text();
    note(seen, asking, answer.status, took());
    judge(seen, asking, answer, text);
    return {
      outcome: 'answered',
      status: answer.status,
      body: bodyOf(text),
      revision: revisionIn(answer.headers.get('etag')),
    };
  } catch (fault) {
    if ((fault as Error).name === 'TimeoutError') seen.faults.push(`no answer: ${asking.method} ${asking.path}`);
    note(seen, asking, 'cut', took());
    return { outcome: 'cut' };
  }
};
