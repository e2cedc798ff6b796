import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { evidenceLine } from '../../evidenceLine.ts';
import { Problem } from '../../problems.ts';
import { idOf, mayRead, staffOf } from './access.ts';
import { errorsModel, type Interruption, problemModel, sinceModel } from './caseModel.ts';
import { viewFor } from './casePage.ts';
import { changesModel, correctionTrouble, headModel } from './correction.ts';
import { basisOf, showForm } from './parkedForms.ts';
import { actOf } from './review.ts';
import { officeName } from './shown.ts';
import { formOf, typedIn, untyped } from './typed.ts';

const list = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const staff = staffOf(request);
  if (!mayRead(services, staff)) throw new Problem('forbidden');
  const waiting = await services.staff.waitingCorrections(staff);
  return reply.page('management/corrections', {
    title: request.text('corrections.waiting.title'),
    lines: waiting.map(({ row, wife, husband, proposedByName }) => ({
      id: row.id,
      couple: `${wife} / ${husband}`,
      office: officeName(services, row.office),
      proposedAt: row.proposedAt,
      by: proposedByName ?? row.proposedBy,
      own: row.proposedBy === staff.account,
      count: row.changed.length,
    })),
  });
};

const page = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const view = await viewFor(services, request, idOf(request));
  const { proposal, row, mayApprove, mayCorrect } = view;
  const { parked } = request;
  const at: Interruption = parked === undefined ? { status: 200 } : parked.at;
  const own = proposal?.proposedBy === request.staff?.account;
  const model = {
    title: request.text('corrections.proposal.title'),
    ...headModel(view),
    revision: basisOf(request, row.revision),
    proposal: proposal && {
      correction: proposal.correction,
      at: proposal.at,
      by: proposal.proposedByName ?? proposal.proposedBy,
      reason: proposal.reason,
      documents: proposal.documents.map(evidenceLine),
      outdated: proposal.outdated,
      changes: changesModel(services, request, proposal.changed, proposal.before, proposal.after),
    },
    own,
    may: { approve: mayApprove && !own && !proposal?.outdated, dismiss: mayApprove || (own && mayCorrect) },
    ids: { approve: services.deps.ids(), dismiss: services.deps.ids() },
    typed: parked === undefined ? untyped : typedIn(parked),
    problem: problemModel(request, at),
    since: await sinceModel(services, request, at.since),
    ...errorsModel(at.errors),
  };
  return reply.page('management/correctionProposal', model, at.status);
};

const numberIn = (request: FastifyRequest): number =>
  Number((request.body as Readonly<Record<string, unknown>>)['correction'] ?? 0);

const decide =
  (act: 'approve' | 'dismiss', services: Services) => async (request: FastifyRequest, reply: FastifyReply) => {
    const form = formOf(request.body);
    const [id, acting, correction] = [idOf(request), actOf(request, form), numberIn(request)];
    const outcome =
      act === 'approve'
        ? await services.staff.approveCorrection(id, acting, correction)
        : await services.staff.dismissCorrection(id, acting, correction, form.typed.text);
    const trouble = correctionTrouble(services, request, outcome);
    if (trouble !== undefined) return showForm(services, request, reply, trouble);
    return reply.redirect(`/registrations/${id}?done=${act === 'approve' ? 'corrected' : 'dismissed'}`, 303);
  };

/** Corrections that wait for a second person, and what becomes of them (R10). */
export const correctionProposalRoutes = (app: FastifyInstance, services: Services): void => {
  const url = '/registrations/:id/correction';
  const here = { config: { formAt: url } };
  app.get('/corrections', (request, reply) => list(services, request, reply));
  app.get(url, (request, reply) => page(services, request, reply));
  app.post(`${url}/approve`, here, decide('approve', services));
  app.post(`${url}/dismiss`, here, decide('dismiss', services));
};
