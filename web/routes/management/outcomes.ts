import type { FastifyReply, FastifyRequest } from 'fastify';
import { match, P } from 'ts-pattern';
import type { StaffOutcome } from '#application/performAct.ts';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { idOf } from './access.ts';
import type { Interruption } from './caseModel.ts';
import type { doneKinds } from './casePage.ts';
import { showForm } from './parkedForms.ts';

type Refusal = Extract<StaffOutcome, { outcome: 'rejected' }>['rejection'];

const refused = (request: FastifyRequest, rejection: Refusal): Interruption => {
  const wrong = (field: string, key: string): Interruption => {
    return { status: 400, errors: [{ field, message: request.text(`cases.errors.${key}`) }] };
  };
  return match(rejection)
    .returnType<Interruption>()
    .with({ type: 'untimely' }, ({ status }) => {
      return { status: 409, problem: 'untimely', fill: { state: request.text(`statuses.${status}`) } };
    })
    .with({ type: 'unpublished' }, ({ year }) => ({ status: 503, problem: 'unpublished', fill: { year } }))
    .with({ type: 'unreasoned' }, () => wrong('text', 'unreasoned'))
    .with({ type: 'unverified' }, () => wrong('evidence', 'unverified'))
    .with({ type: 'unknownOffice' }, () => wrong('office', 'noOffice'))
    .with({ type: 'unchanged' }, () => wrong('office', 'sameOffice'))
    .with({ type: P.union('absent', 'erased', 'scanAbsent') }, () => {
      throw new Problem('absent');
    })
    .with({ type: P.union('undocumented', 'unheard', 'samePerson', 'outdated', 'waiting', 'settled') }, ({ type }) =>
      wrong('text', type),
    )
    .with({ type: 'scansFull' }, () => wrong('file', 'scansFull'))
    .with({ type: P.union('uncorrectable', 'unapproved') }, ({ type }) => wrong('text', type))
    .with({ type: P.union('childrenUncounted', 'birthsImplausible', 'alreadyAnnotated', 'unannotated') }, () => {
      throw new Problem('invalid');
    })
    .with({ type: P.union('alreadySubmitted', 'withinRetention', 'otherCouple', 'invalid') }, () => {
      throw new Problem('invalid');
    })
    .exhaustive();
};

/** Why an act did nothing, as its page says it; undefined where it was done. Absent and forbidden are problems. */
export const interruptionOf = (request: FastifyRequest, outcome: StaffOutcome): Interruption | undefined =>
  match(outcome)
    .returnType<Interruption | undefined>()
    .with({ outcome: 'done' }, () => undefined)
    .with({ outcome: 'stale' }, ({ since }) => ({ status: 409, problem: 'stale', since }))
    .with({ outcome: 'rejected' }, ({ rejection }) => refused(request, rejection))
    .with({ outcome: 'forbidden' }, ({ reason }) => {
      throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${reason}`) });
    })
    .with({ outcome: 'absent' }, () => {
      throw new Problem('absent');
    })
    .exhaustive();

/** After an act: on to the page that shows it done, or back to the form with what was typed and why nothing happened. */
export const answerAct = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  outcome: StaffOutcome,
  done: (typeof doneKinds)[number],
): Promise<FastifyReply> => {
  const interruption = interruptionOf(request, outcome);
  return interruption === undefined
    ? reply.redirect(`/registrations/${idOf(request)}?done=${done}`, 303)
    : showForm(services, request, reply, interruption);
};
