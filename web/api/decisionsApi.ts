import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Staff } from '#application/actor.ts';
import type { CorrectionOutcome } from '#application/correctionCommands.ts';
import { evidenceFaults, evidenceText, type GivenEvidence } from '#application/evidence.ts';
import type { StaffAct } from '#application/performAct.ts';
import type { Services } from '#application/services.ts';
import type { Verified } from '#application/staffCommands.ts';
import type { LookUp } from '#application/verification.ts';
import { evidenceLine } from '../evidenceLine.ts';
import { Problem } from '../problems.ts';
import { limitByAccount, limits } from '../rateLimit.ts';
import { apiOf, withBearer } from './document.ts';
import { oncePerKey } from './oncePerKey.ts';
import { doneOrProblem } from './outcomes.ts';
import { basedOnOf, etagOf } from './preconditions.ts';
import { declineBody, lookUpSchema, problems, redirectBody, registerBody, rejectBody, seenSchema } from './schemas.ts';
import { bearerStaff } from './sessionApi.ts';
import { seenOf } from './shown.ts';

type Acting<B> = { id: string; staff: Staff; act: StaffAct; body: B };

/** A command of staff: the last part of its address, and what it does with a parsed body. */
type Decision<B extends z.ZodType> = {
  name: string;
  summary: string;
  body: B;
  /** Only soon after they showed who they are. */
  delicate?: true;
  perform: (acting: Acting<z.infer<B>>) => Promise<CorrectionOutcome>;
};

/**
 * One command of staff as a route, based on what was read (`If-Match`): parsed, authorised, decided, and answered with
 * the registration as it then is.
 */
export const decision = <B extends z.ZodType>(
  app: FastifyInstance,
  services: Services,
  { name, summary, body, delicate, perform }: Decision<B>,
): void => {
  const headers = z.object({ 'if-match': z.string().optional(), 'idempotency-key': z.string().optional() });
  const response = { 200: seenSchema, 204: z.null(), ...problems(400, 401, 403, 404, 409, 412, 422, 428) };
  const schema = { summary, security: withBearer, params: z.object({ id: z.uuid() }), headers, body, response };
  apiOf(app).post(
    `/api/v1/registrations/:id/${name}`,
    { schema, config: delicate ? { delicate } : {} },
    async (request, reply) => {
      const { id } = request.params as { id: string };
      const staff = bearerStaff(request);
      const basedOn = basedOnOf(request);
      const asked = { request, account: staff.account, purpose: `${name} ${id}` };
      const done = await oncePerKey(services, asked, async (commandId) => {
        const act = { staff, commandId, basedOn };
        return doneOrProblem(services, await perform({ id, staff, act, body: request.body as z.infer<B> }), 'staff');
      });
      const read = await services.staff.registration(staff, id);
      // Passed on to another office it may be out of sight for who passed it on.
      if (read.outcome !== 'found') return reply.code(204).send(null);
      return reply.header('ETag', etagOf(done.revision)).send(seenOf(services, read.view));
    },
  );
};

/** The answer that a decision names by `askedAt`. Throws where they have not asked, or asked again since. */
const shownTo = async (services: Services, staff: Staff, id: string, askedAt: string): Promise<LookUp> => {
  const lookUp = await services.verifications.recall(staff, id);
  if (lookUp === undefined) {
    const { outcome } = await services.verifications.registrable(staff, id);
    if (outcome === 'forbidden' || outcome === 'absent') throw new Problem(outcome);
    throw new Problem('invalid', { errors: [{ field: '', code: 'notLookedUp' }] });
  }
  if (lookUp.askedAt !== askedAt) throw new Problem('stale', { errors: [{ field: 'askedAt', code: 'lookedUpSince' }] });
  return lookUp;
};

type Seen = z.infer<typeof registerBody>;

const givenBy = ({ documents, evidence }: Seen): GivenEvidence => ({ documents, explanation: evidence });

/** What is registered on; throws `invalid` where the evidence lacks something. */
const verifiedBy = (services: Services, lookUp: LookUp, seen: Seen): Verified => {
  const faults = evidenceFaults(lookUp, givenBy(seen));
  const errors = faults.map(({ field, code }) => ({ field: field === 'explanation' ? 'evidence' : field, code }));
  if (errors.length > 0) throw new Problem('invalid', { errors });
  return services.verifications.verified(lookUp, evidenceText(givenBy(seen), evidenceLine));
};

const review = (app: FastifyInstance, services: Services): void => {
  const nothing = z.object({}).nullish();
  decision(app, services, {
    name: 'receive',
    summary: '领取任务 · Take the task (§3.1.1(1))',
    body: nothing,
    perform: ({ id, act }) => services.staff.receiveTask(id, act),
  });
  decision(app, services, {
    name: 'redirect',
    summary: '转办 · Pass on to another office (R5, R10)',
    body: redirectBody,
    perform: ({ id, act, body }) => services.staff.redirect(id, act, body.office, body.reason),
  });
  decision(app, services, {
    name: 'accept',
    summary: '受理 · Accept (R6)',
    body: nothing,
    perform: ({ id, act }) => services.staff.accept(id, act),
  });
  decision(app, services, {
    name: 'reject',
    summary: '不受理 · Reject (R6)',
    body: rejectBody,
    perform: ({ id, act, body }) => services.staff.reject(id, act, body.reasons, body.text),
  });
};

const lookingUp = (app: FastifyInstance, services: Services): void => {
  const schema = {
    summary: '核实 · Ask the population system; the answer is what a decision then records (R7)',
    security: withBearer,
    params: z.object({ id: z.uuid() }),
    response: { 200: lookUpSchema, ...problems(400, 401, 403, 404, 409, 429) },
  };
  apiOf(app).post('/api/v1/registrations/:id/look-up', { schema }, async (request) => {
    const staff = bearerStaff(request);
    await limitByAccount(services, limits.inquiries, staff.account);
    const asked = await services.verifications.lookUp(staff, request.params.id);
    if (asked.outcome === 'absent' || asked.outcome === 'forbidden') throw new Problem(asked.outcome);
    if (asked.outcome === 'untimely') throw new Problem('untimely', { more: { registrationStatus: asked.status } });
    const { source, askedAt, answer, comparisons } = asked.lookUp;
    const reason = answer.outcome === 'unreachable' ? answer.reason : undefined;
    return { source, askedAt, answer: answer.outcome, reason, comparisons: [...comparisons] };
  });
};

const registering = (app: FastifyInstance, services: Services): void => {
  decision(app, services, {
    name: 'register',
    summary: '登记 · Register on what was looked up, with evidence where it differs or is missing (R7)',
    body: registerBody,
    perform: async ({ id, staff, act, body }) => {
      const lookUp = await shownTo(services, staff, id, body.askedAt);
      return services.staff.register(id, act, verifiedBy(services, lookUp, body));
    },
  });
  decision(app, services, {
    name: 'decline',
    summary: '不予登记 · Decline (R7)',
    body: declineBody,
    perform: async ({ id, staff, act, body }) => {
      const lookUp = await shownTo(services, staff, id, body.askedAt);
      const verified = services.verifications.verified(lookUp, evidenceText(givenBy(body), evidenceLine));
      return services.staff.decline(id, act, verified, body.reasons, body.text);
    },
  });
};

/** What staff decide through the JSON API. */
export const decisionsApi = (app: FastifyInstance, services: Services): void => {
  review(app, services);
  lookingUp(app, services);
  registering(app, services);
};
