import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { EntryOutcome } from '#application/onSiteCommands.ts';
import type { Services } from '#application/services.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { Problem } from '../problems.ts';
import { apiOf, withBearer } from './document.ts';
import { oncePerKey } from './oncePerKey.ts';
import { type Done, doneOrProblem } from './outcomes.ts';
import { etagOf, idempotencyKeyOf, idFromKey } from './preconditions.ts';
import { declarationSchema, problems, receiptSchema } from './schemas.ts';
import { bearerStaff } from './sessionApi.ts';
import { officeOf } from './shown.ts';

const seen = z.object({
  kind: z.enum(documentKinds),
  number: z.string().trim().min(1).max(60),
  shows: z.string().trim().max(500).default(''),
});

const entryBody = z
  .object({
    data: declarationSchema,
    documents: z
      .array(seen)
      .max(6)
      .meta({ description: 'Seen at the counter: reviewing needs both idCard and marriageCertificate' }),
    review: z.boolean().default(false).meta({ description: 'Review it in the same sitting' }),
    predecessor: z.uuid().optional().meta({ description: 'The ended registration that it goes on from' }),
  })
  .meta({ id: 'OnSiteEntry' });

const enteredSchema = receiptSchema.extend({ id: z.string(), status: z.string() }).meta({ id: 'OnSiteReceipt' });

const entered = (services: Services, outcome: EntryOutcome): Done => {
  if (outcome.outcome === 'notEnded') throw new Problem('untimely', { more: { predecessor: outcome.outcome } });
  return doneOrProblem(services, outcome, 'staff');
};

/** Registration in the couple's presence, for programs at the counter (R8): once per `Idempotency-Key`. */
export const onSiteApi = (app: FastifyInstance, services: Services): void => {
  const schema = {
    summary: '现场登记 · Enter a registration in the couple’s presence (R8)',
    security: withBearer,
    headers: z.object({ 'idempotency-key': z.string().optional() }),
    body: entryBody,
    response: { 201: enteredSchema, ...problems(400, 401, 403, 409, 413, 422, 503) },
  };
  apiOf(app).post('/api/v1/on-site-registrations', { schema }, async (request, reply) => {
    const staff = bearerStaff(request);
    const id = idFromKey(services, idempotencyKeyOf(request), `${staff.account} on-site registration`);
    const { data, ...given } = request.body;
    const asked = { request, account: staff.account, purpose: `enterOnSite ${id}` };
    const done = await oncePerKey(services, asked, async (commandId) =>
      entered(services, await services.onSite.enter(id, data, { staff, commandId }, given)),
    );
    const { state } = done;
    if (state.status === 'absent' || state.status === 'abandoned') throw new Problem('untimely');
    const { status, submittedOn, reviewDueOn, outcomeDueOn } = state;
    const office = officeOf(services, state.office);
    const queryCode = services.applicant.queryCode(id);
    reply.code(201).header('ETag', etagOf(done.revision));
    return { id, status, queryCode, submittedOn, reviewDueOn, outcomeDueOn, office };
  });
};
