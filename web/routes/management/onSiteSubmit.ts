import type { FastifyReply, FastifyRequest } from 'fastify';
import { match, P } from 'ts-pattern';
import { entersFor } from '#application/authorise.ts';
import type { EntryOutcome } from '#application/onSiteCommands.ts';
import type { Services } from '#application/services.ts';
import { missingOnSite } from '#domain/registration/documents.ts';
import { Problem } from '../../problems.ts';
import { staffOf } from './access.ts';
import { type Boxes, readBoxes, seenIn, unnumbered } from './onSiteForm.ts';
import { keepReceipt } from './onSiteReceipt.ts';

/** Why nothing was submitted; the texts are under `onSite.troubles`. */
export const troubles = ['notEnded', 'undocumented', 'faulty', 'again', 'duplicate', 'unpublished'] as const;
type Trouble = (typeof troubles)[number];

type Entry = { id: string; boxes: Boxes; commandId: string; review: boolean };

type Refused = Exclude<EntryOutcome, { outcome: 'done' | 'otherContent' }>;

const troubleOf = (request: FastifyRequest, refused: Refused): Trouble =>
  match(refused)
    .returnType<Trouble>()
    .with({ outcome: 'forbidden' }, ({ reason }) => {
      throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${reason}`) });
    })
    .with({ outcome: 'rejected', rejection: { type: P.union('undocumented', 'unpublished') } }, ({ rejection }) => {
      return rejection.type;
    })
    .with({ outcome: 'rejected', rejection: { type: 'invalid' } }, () => 'faulty')
    .with({ outcome: P.union('duplicate', 'notEnded') }, ({ outcome }) => outcome)
    .with({ outcome: P.union('rejected', 'stale', 'fencedOff') }, () => 'again')
    .exhaustive();

/** Enters what the screen says; what keeps it from that stands there again, with the draft as it was. */
export const submitOnSite = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  { id, boxes, commandId, review }: Entry,
): Promise<FastifyReply> => {
  const back = (trouble: Trouble) => reply.redirect(`/on-site/drafts/${id}?look=whole&trouble=${trouble}`, 303);
  const staff = staffOf(request);
  const { whole } = readBoxes(boxes, services.ruleContext(), { whole: true });
  const documents = seenIn(boxes);
  if (whole === undefined || unnumbered(boxes).length > 0) return back('faulty');
  if (review && missingOnSite(documents).length > 0) return back('undocumented');
  const predecessor = boxes['predecessor'] || undefined;
  const outcome = await services.onSite.enter(id, whole, { staff, commandId }, { documents, predecessor, review });
  // What was entered by the first sending of this screen stands.
  if (outcome.outcome === 'otherContent') return reply.redirect(`/on-site/${id}/receipt`, 303);
  if (outcome.outcome !== 'done') return back(troubleOf(request, outcome));
  const { account } = staff;
  const office = entersFor(staff, services.deps.offices);
  const submittedAt = new Date(services.deps.clock()).toISOString();
  await keepReceipt(services, id, { account, office, submittedAt, accepted: review });
  return reply.redirect(`/on-site/${id}/receipt`, 303);
};
