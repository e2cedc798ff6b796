import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import type { StaffRefusal } from '#application/staffQueries.ts';
import type { StaffView } from '#application/staffView.ts';
import type { LookUp } from '#application/verification.ts';
import { Problem } from '../../problems.ts';
import { idOf, staffOf } from './access.ts';
import { caseModel, type Interruption, readerOf } from './caseModel.ts';
import { scansModel } from './scansModel.ts';
import { typedIn, untyped } from './typed.ts';
import { typedModel } from './typedModel.ts';
import { verificationModel } from './verificationModel.ts';

/** What was found; absent, erased and forbidden ones are problems. */
export const foundOrProblem = <F extends { outcome: 'found' }>(request: FastifyRequest, read: F | StaffRefusal): F => {
  if (read.outcome === 'absent' || read.outcome === 'erased') throw new Problem(read.outcome);
  if (read.outcome === 'reasonDue') throw new Problem('reasonDue', { subject: read.subject });
  if (read.outcome === 'forbidden') {
    throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${read.reason}`) });
  }
  return read;
};

/** The registration as this member of staff may see it; absent and forbidden ones are problems. */
export const viewFor = async (services: Services, request: FastifyRequest, id: string): Promise<StaffView> =>
  foundOrProblem(request, await services.staff.registration(staffOf(request), id)).view;

/** The acts that a registration's page says were done. */
export const doneKinds = [
  'took',
  'accepted',
  'rejected',
  'registered',
  'declined',
  'proposed',
  'corrected',
  'dismissed',
  'revoked',
  'withdrawn',
] as const;

/** What ends a task: the next one is offered. */
const nextAfter: readonly string[] = ['rejected', 'registered', 'declined', 'withdrawn'];

const doneOf = (request: FastifyRequest) => {
  const { done } = request.query as { done?: unknown };
  const kind = doneKinds.find((one) => one === done);
  return (
    kind && {
      text: request.text(`cases.done.${kind}`),
      next: nextAfter.includes(kind) ? '/next' : undefined,
    }
  );
};

const lookUpOf = async (services: Services, request: FastifyRequest, view: StaffView): Promise<LookUp | undefined> =>
  view.mayRegister && view.row.status === 'accepted'
    ? services.verifications.recall(staffOf(request), view.row.id)
    : undefined;

/** The page of a registration, with what may be done there and what was typed for it before; once erased, its history. */
export const showCase = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> => {
  const id = idOf(request);
  const read = await services.staff.registration(staffOf(request), id);
  if (read.outcome === 'erased') return reply.redirect(`/registrations/${id}/history`, 303);
  const { view } = foundOrProblem(request, read);
  const { parked } = request;
  const at: Interruption = parked === undefined ? { status: 200 } : { ...parked.at, typed: typedIn(parked) };
  const model = await caseModel(services, request, view, at);
  const lookUp = await lookUpOf(services, request, view);
  const { review, verify } = model.acts;
  const forms = typedModel(request, at.typed ?? untyped, { review, decide: verify && lookUp !== undefined });
  const verification = verificationModel(readerOf(services, request), lookUp, forms.typed, model.errorAt);
  const fromSearch = (request.query as { from?: unknown }).from === 'search';
  return reply.page(
    'management/case',
    {
      ...model,
      ...forms,
      verification,
      fromSearch,
      done: doneOf(request),
      scans: await scansModel(services, request, view.row),
    },
    at.status,
  );
};
