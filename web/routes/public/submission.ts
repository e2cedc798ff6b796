import type { Submission } from '#application/submitRegistration.ts';
import { originOf } from '../../origin.ts';
import type { Sent } from './checkPage.ts';
import { keepDraft } from './drafts.ts';
import type { Turn } from './publicPages.ts';

/** What became of what was sent; `sent` under the ids that it was sent with in the end. */
export type Answered = { sent: Sent; submission: Submission };

const mostTries = 3;

/** The same answers under ids of their own: what another's try fenced off can never be made under the old ones (R9). */
const renewed = async ({ services, reply }: Turn, sent: Sent): Promise<Sent> => {
  const { ids } = services.deps;
  const draft = { ...sent.draft, registrationId: ids(), commandId: ids() };
  await keepDraft(services, reply, sent.held, draft);
  return { ...sent, held: { ...sent.held, draft }, draft };
};

const submit = async (turn: Turn, sent: Sent, tries = 1): Promise<Answered> => {
  const { registrationId, commandId, predecessor } = sent.draft;
  const act = { commandId, from: originOf(turn.request, 'public') };
  const submission = await turn.services.applicant.submit(registrationId, sent.data, act, predecessor);
  return submission.outcome === 'fencedOff' && tries < mostTries
    ? submit(turn, await renewed(turn, sent), tries + 1)
    : { sent, submission };
};

const amend = async ({ services, request }: Turn, { draft, data }: Sent, basedOn: number): Promise<Submission> => {
  const { registrationId, commandId } = draft;
  const act = { commandId, from: originOf(request, 'public') };
  const amended = await services.applicant.amend(registrationId, data, { ...act, basedOn });
  // That somebody took the task, or passed it on, changes nothing the couple declared (R4).
  const harmless =
    amended.outcome === 'stale' && amended.since.every(({ type }) => type === 'TaskReceived' || type === 'Redirected');
  return harmless && typeof amended.revision === 'number'
    ? services.applicant.amend(registrationId, data, { ...act, basedOn: amended.revision })
    : amended;
};

/** The one act of a draft: an amendment where it stands for a submitted registration, else a submission (R9). */
export const send = async (turn: Turn, sent: Sent): Promise<Answered> => {
  const { amends } = sent.draft;
  return amends === undefined ? submit(turn, sent) : { sent, submission: await amend(turn, sent, amends.revision) };
};
