import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import type { StaffOutcome } from '#application/staffCommands.ts';
import { Problem } from '../../problems.ts';
import type { Interruption } from './caseModel.ts';
import { showCase } from './casePage.ts';
import type { Typed } from './typed.ts';

type Refusal = Extract<StaffOutcome, { outcome: 'rejected' }>['rejection'];

const refused = (request: FastifyRequest, rejection: Refusal): Interruption => {
  switch (rejection.type) {
    case 'untimely': {
      const state = request.text(`statuses.${rejection.status}`);
      return { status: 409, problem: 'untimely', fill: { state } };
    }
    case 'unreasoned':
      return { status: 400, errors: [{ field: 'text', message: request.text('cases.errors.unreasoned') }] };
    case 'unverified':
      return { status: 400, errors: [{ field: 'evidence', message: request.text('cases.errors.unverified') }] };
    case 'unpublished':
      return { status: 503, problem: 'unpublished', fill: { year: rejection.year } };
    case 'unknownOffice':
      return { status: 400, errors: [{ field: 'office', message: request.text('cases.errors.noOffice') }] };
    case 'unchanged':
      return { status: 400, errors: [{ field: 'office', message: request.text('cases.errors.sameOffice') }] };
    case 'absent':
      throw new Problem('absent');
    case 'alreadySubmitted':
    case 'otherCouple':
    case 'invalid':
      throw new Problem('invalid');
  }
};

/** Why an act did nothing, as its page says it; undefined where it was done. Absent and forbidden are problems. */
export const interruptionOf = (request: FastifyRequest, outcome: StaffOutcome): Interruption | undefined => {
  switch (outcome.outcome) {
    case 'done':
      return undefined;
    case 'stale':
      return { status: 409, problem: 'stale', since: outcome.since };
    case 'rejected':
      return refused(request, outcome.rejection);
    case 'forbidden':
      throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${outcome.reason}`) });
    case 'absent':
      throw new Problem('absent');
  }
};

/** After an act: on to the page that shows it done, or back to the form with what was typed and why nothing happened. */
export const answerAct = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: StaffOutcome,
  { done, typed }: { done: string; typed?: Typed },
): Promise<FastifyReply> => {
  const interruption = interruptionOf(request, outcome);
  const { id } = request.params as { id: string };
  if (interruption === undefined) return reply.redirect(`/registrations/${id}?done=${done}`, 303);
  return showCase(services, request, reply, { ...interruption, ...(typed && { typed }) });
};
