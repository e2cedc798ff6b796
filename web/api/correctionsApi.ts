import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import { isDay } from '#domain/calendar/day.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { revokeReasons } from '#domain/registration/events.ts';
import { registrationSchema } from '#domain/registration/fields.ts';
import { decision } from './decisionsApi.ts';

const seen = z.object({
  kind: z.enum(documentKinds),
  number: z.string().trim().min(1).max(60),
  shows: z.string().trim().min(1).max(500),
});
const correctionBody = z.object({
  data: registrationSchema,
  reason: z.string().max(2000),
  documents: z.array(seen).min(1).max(6),
});
const numbered = z.object({ correction: z.number().int().min(1) });
const revocationBody = z.object({
  reasons: z.array(z.enum(revokeReasons)).min(1),
  text: z.string().max(2000),
  evidence: z.string().max(2000),
  heardOn: z.string().refine(isDay, 'notADate'),
  statement: z.string().max(2000),
});
const atCounterBody = z.object({
  of: z.enum(['wife', 'husband']),
  document: z.enum(documentKinds),
  documentNumber: z.string().trim().min(1).max(60),
});

/** Corrections, revocations and withdrawals at the counter, for programs (R10). */
export const correctionsApi = (app: FastifyInstance, services: Services): void => {
  const { staff } = services;
  decision(app, services, {
    name: 'correct',
    summary: '更正 · Correct what says nothing of who the two people are (R10)',
    body: correctionBody,
    perform: ({ id, act, body }) => staff.correct(id, act, body),
  });
  decision(app, services, {
    name: 'propose-correction',
    summary: '提出更正 · Propose a correction of names or ID numbers to someone else (R10)',
    body: correctionBody,
    perform: ({ id, act, body }) => staff.proposeCorrection(id, act, body),
  });
  decision(app, services, {
    name: 'approve-correction',
    summary: '同意更正 · Correct as someone else proposed (R10)',
    body: numbered,
    perform: ({ id, act, body }) => staff.approveCorrection(id, act, body.correction),
  });
  decision(app, services, {
    name: 'dismiss-correction',
    summary: '退回更正 · Dismiss a proposed correction, with a reason (R10)',
    body: numbered.extend({ reason: z.string().max(2000) }),
    perform: ({ id, act, body }) => staff.dismissCorrection(id, act, body.correction, body.reason),
  });
  decision(app, services, {
    name: 'revoke',
    summary: '撤销 · Revoke what was obtained wrongly, at the level above (R10)',
    body: revocationBody,
    delicate: true,
    perform: ({ id, act, body }) => staff.revoke(id, act, body),
  });
  decision(app, services, {
    name: 'withdraw',
    summary: '窗口撤回 · Withdraw at the couple’s wish, identity confirmed (R10)',
    body: atCounterBody,
    perform: ({ id, act, body }) => staff.withdrawAtCounter(id, act, body),
  });
};
