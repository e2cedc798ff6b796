import type { Asking } from './client.ts';
import type { Story } from './story.ts';
import { type Answered, answerTo, blame, tokenOf, untilShown, type Visitor } from './visitor.ts';

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

type Act = { type: string; path: string; body?: object };

/** One act of the office, asked for under one key until it is answered. */
const act = async (visitor: Visitor, story: Story, { type, path, body }: Act): Promise<void> => {
  const asking = await managing(visitor, story, 'POST', `${story.id}/${path}`);
  const key = `crash-${path}-of-${story.id}`;
  const sent = await answerTo(visitor, { ...asking, key, basedOn: story.revision, body: body ?? {} });
  const { status, revision = story.revision + 1 } = sent.reply;
  if (status !== 200) return blame(visitor, `${type} of couple ${story.n}`, sent);
  story.acked.push({ type, revision, id: story.id ?? '' });
  story.revision = revision;
  if (visitor.random.percent(35)) await look(visitor, story);
};

const ask = async (visitor: Visitor, story: Story): Promise<void> => {
  const asked = await answerTo(visitor, await managing(visitor, story, 'POST', `${story.id}/look-up`));
  if (asked.reply.status !== 200) blame(visitor, `look-up for couple ${story.n}`, asked);
};

const documents = { evidence: '已核对双方身份证、户口簿和结婚证原件。' };
const rejection = { reasons: ['wrongAddress'], text: '现居住地填写有误，请核对。' };

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
  await ask(visitor, story);
  await act(visitor, story, { type: 'Registered', path: 'register', body: documents });
  story.end = 'registered';
};
