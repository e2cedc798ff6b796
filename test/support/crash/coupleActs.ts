import { normaliseQueryCode } from '#domain/registration/queryCode.ts';
import type { Asking } from './client.ts';
import type { Story } from './story.ts';
import {
  type Answered,
  answerTo,
  askUntilAnswered,
  blame,
  type InTheEnd,
  untilShown,
  type Visitor,
} from './visitor.ts';

const submission = ({ n, data }: Story, visit: string): Asking => ({
  site: 'publicUrl',
  method: 'POST',
  path: '/api/v1/registrations',
  key: `crash-registration-of-couple-${n}-${visit}`,
  body: data,
});

/** Keeps a receipt; what is neither a receipt nor word of an earlier visit's registration is to blame. */
const received = (visitor: Visitor, story: Story, sent: InTheEnd): boolean => {
  const { status, body, revision = 0 } = sent.reply;
  if (status === 201) {
    const queryCode = String(body['queryCode']);
    story.acked.push({ type: 'Submitted', revision, queryCode });
    story.queryCode = queryCode;
  } else if (status !== 409) blame(visitor, `submission of couple ${story.n}`, sent);
  return status === 201;
};

/** What the couple asks for in one visit: some click twice, of some husband and wife submit at the same instant. */
const askedFor = ({ random }: Visitor, story: Story): readonly Asking[] => {
  const visit = submission(story, `visit-${story.visits}`);
  if (!random.percent(15)) return [visit];
  return [visit, random.percent(50) ? visit : submission(story, `visit-${story.visits}-of-the-other`)];
};

/** One visit: undefined where no answer came; else what is wrong with the answers, if anything is. */
const visit = async (visitor: Visitor, story: Story, first: boolean): Promise<string | undefined> => {
  const { random } = visitor;
  const asked = askedFor(visitor, story);
  const patience = random.percent(60) ? undefined : 1 + random.below(3);
  const sent = await Promise.all(asked.map((one) => askUntilAnswered(visitor, one, patience)));
  const answered = sent.filter((one) => one !== undefined);
  if (answered.length === 0) return undefined;
  const receipts = answered.filter((one) => received(visitor, story, one)).length;
  if (receipts > 1 && asked[0] !== asked[1]) return 'was registered twice';
  // Only the other of the two, or a visit whose answer was lost, may be who holds the couple.
  const excused = !first || answered.length < sent.length || answered.some(({ vain }) => vain > 0);
  return receipts === 0 && !excused ? 'was told of a holder that cannot be' : '';
};

/** Submits until an answer comes: a couple whose submission was cut off asks again, or comes back as if for the first time. */
export const submit = async (visitor: Visitor, story: Story): Promise<void> => {
  story.queryCode = undefined;
  for (let first = true; ; first = false) {
    story.visits += 1;
    const wrong = await visit(visitor, story, first);
    if (wrong) visitor.seen.faults.push(`couple ${story.n} ${wrong}`);
    if (wrong !== undefined) return;
  }
};

const opened = ({ status, body, revision }: Answered) =>
  status === 200 && revision !== undefined ? { token: String(body['token']), revision } : undefined;

/** Opens by query code and name: the couple sees its own act at once. */
const open = (visitor: Visitor, story: Story, least: number) => {
  const queryCode = normaliseQueryCode(story.queryCode ?? '') ?? '';
  const body = { queryCode, name: story.data.wife.name };
  const path = '/api/v1/registrations/open';
  return untilShown(visitor, { site: 'publicUrl', method: 'POST', path, body }, (reply) => {
    const found = opened(reply);
    return found !== undefined && found.revision >= least ? found : undefined;
  });
};

/** Amends or withdraws what the couple holds a code of. Cut off and sent again it is stale: it was done the first time. */
export const change = async (visitor: Visitor, story: Story, what: 'Amended' | 'Withdrawn'): Promise<void> => {
  const { token, revision: basedOn } = await open(visitor, story, 0);
  const amended = { ...story.data, declaration: { ...story.data.declaration, mobile: '13900001234' } };
  const asking: Asking =
    what === 'Amended'
      ? { site: 'publicUrl', method: 'PUT', path: '/api/v1/registration', body: amended, token, basedOn }
      : { site: 'publicUrl', method: 'POST', path: '/api/v1/registration/withdraw', token, basedOn };
  const sent = await answerTo(visitor, asking);
  const { status, revision = basedOn + 1 } = sent.reply;
  if (status === 200) story.acked.push({ type: what, revision, queryCode: story.queryCode ?? '' });
  else if (status !== 412 || sent.vain === 0) blame(visitor, `${what} by couple ${story.n}`, sent);
  await open(visitor, story, basedOn + 1);
};
