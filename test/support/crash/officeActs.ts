import type { Asking } from './client.ts';
import type { Story } from './story.ts';
import { type Answered, answerTo, blame, type InTheEnd, tokenOf, untilShown, type Visitor } from './visitor.ts';

type Found = { id: string; status: string };

const live = new Set(['submitted', 'received', 'accepted', 'registered']);

const liveIn = ({ status, body }: Answered): Found | undefined =>
  status === 200 ? (body['found'] as readonly Found[]).find((found) => live.has(found.status)) : undefined;

const managing = async (visitor: Visitor, { office }: Story, method: string, path: string): Promise<Asking> => ({
  site: 'managementUrl',
  method,
  path: `/api/v1/registrations/${path}`,
  token: await tokenOf(visitor, office),
});

/** The office finds the couple's live registration by the wife's ID number. */
const find = async (visitor: Visitor, story: Story): Promise<string> => {
  const asking = await managing(visitor, story, 'POST', 'search');
  const found = await untilShown(visitor, { ...asking, body: { text: story.data.wife.idNumber } }, liveIn);
  return found.id;
};

/** Whichever process answers shows what was done. */
const look = async (visitor: Visitor, story: Story): Promise<void> => {
  const asking = await managing(visitor, story, 'GET', `${story.id}`);
  story.revision = await untilShown(visitor, asking, ({ status, revision }) =>
    status === 200 && revision !== undefined && revision >= story.revision ? revision : undefined,
  );
};

type Act = { type: string; path: string; key?: string; body?: object };

/** One act of the office, asked for under one key until it is answered; what refused it, where anything did. */
const attempt = async (
  visitor: Visitor,
  story: Story,
  { type, path, key, body }: Act,
): Promise<InTheEnd | undefined> => {
  const asking = await managing(visitor, story, 'POST', `${story.id}/${path}`);
  const keyed = { ...asking, key: `crash-${key ?? path}-of-${story.id}`, basedOn: story.revision, body: body ?? {} };
  const sent = await answerTo(visitor, keyed);
  const { status, revision = story.revision + 1 } = sent.reply;
  if (status !== 200) return sent;
  story.acked.push({ type, revision, id: story.id ?? '' });
  story.revision = revision;
  if (visitor.random.percent(35)) await look(visitor, story);
  return undefined;
};

const act = async (visitor: Visitor, story: Story, what: Act): Promise<void> => {
  const refused = await attempt(visitor, story, what);
  if (refused !== undefined) blame(visitor, `${what.type} of couple ${story.n}`, refused);
};

const documents = [{ kind: 'marriageCertificate', number: 'J520103-2021-001234', shows: '双方于2021年登记结婚。' }];
const rejection = { reasons: ['wrongAddress'], text: '现居住地填写有误，请核对。' };

/**
 * Asks the population system, and registers on documents beside its answer, named by when it was asked. A question whose
 * answer was lost may come to an end after the one that was asked again: then the office has to ask once more.
 */
const register = async (visitor: Visitor, story: Story): Promise<void> => {
  for (let question = 1; ; question += 1) {
    const asked = await answerTo(visitor, await managing(visitor, story, 'POST', `${story.id}/look-up`));
    const body = { askedAt: String(asked.reply.body['askedAt']), documents };
    const key = `register-${question}`;
    const refused = await attempt(visitor, story, { type: 'Registered', path: 'register', key, body });
    if (refused === undefined) return;
    if (asked.vain === 0 || refused.reply.status !== 409) {
      return blame(visitor, `Registered of couple ${story.n}`, refused);
    }
  }
};

/** The office takes the task, then rejects or accepts, and registers on documents it saw. */
export const handle = async (visitor: Visitor, story: Story): Promise<void> => {
  story.id = await find(visitor, story);
  story.revision = 0;
  await look(visitor, story);
  await act(visitor, story, { type: 'TaskReceived', path: 'receive' });
  if (visitor.random.percent(12)) {
    await act(visitor, story, { type: 'Rejected', path: 'reject', body: rejection });
    story.end = 'rejected';
    return;
  }
  await act(visitor, story, { type: 'Accepted', path: 'accept' });
  await register(visitor, story);
  story.end = 'registered';
};
