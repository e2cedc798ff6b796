import type { FastifyInstance, FastifyRequest } from 'fastify';
import { match, P } from 'ts-pattern';
import { z } from 'zod';
import type { ActOfStaff } from '#application/acting.ts';
import type { OrdinaryOutcome, OrdinaryRefusal } from '#application/ordinaryCertificates.ts';
import type { FoundForIssue } from '#application/ordinaryFinding.ts';
import type { Services } from '#application/services.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { Problem } from '../problems.ts';
import { limitByAccount, limits } from '../rateLimit.ts';
import { changing } from './changing.ts';
import { apiOf, withBearer } from './document.ts';
import { problems } from './schemas.ts';
import { bearerStaff } from './sessionApi.ts';

const serial = z.string().trim().max(40).meta({ example: 'GZ1-2026-00000001' });
const day = z.string().meta({ format: 'date', description: 'Asia/Shanghai' });
const issuedSchema = z.object({ serial: z.string(), office: z.string(), issuedOn: day });
const person = z.object({ name: z.string(), idNumber: z.string() });

const foundSchema = z
  .object({
    id: z.string(),
    office: z.string(),
    status: z.string(),
    parity: z.number(),
    wife: person,
    husband: person,
    issued: issuedSchema.optional(),
  })
  .meta({ id: 'FoundForIssue', description: 'Masked' });

const deskSchema = foundSchema
  .extend({
    handler: z.string().optional(),
    voided: z.array(z.object({ serial: z.string(), reason: z.string(), voidedOn: day })),
    printed: z.boolean(),
    lowest: z.string().optional(),
    voidingOffices: z.array(z.string()),
    mayVoid: z.boolean(),
  })
  .meta({ id: 'OrdinaryCertificate', description: 'What holds and what is void; `lowest`: the next of the own stock' });

const bearer = z.object({
  document: z.enum(documentKinds),
  name: z.string().max(60),
  documentNumber: z.string().max(60),
});
const issuing = z.object({ bearer, serial: serial.optional() });
const voiding = z.object({ serial, reason: z.enum(['lost', 'spoilt']), note: z.string().max(500).default('') });

const foundOf = ({ id, office, status, parity, wife, husband, issued }: FoundForIssue) => {
  return { id, office, status, parity, wife, husband, ...(issued && { issued }) };
};

const invalid = (field: string, code: string, more: Readonly<Record<string, unknown>> = {}) =>
  new Problem('invalid', { errors: [{ field, code }], more });

const problemOf = (rejection: OrdinaryRefusal): Problem =>
  match(rejection)
    .with({ type: 'issued' }, ({ type, ...issued }) => invalid('', type, { issued }))
    .with({ type: 'otherOffice' }, ({ type, offices }) => invalid('', type, { offices }))
    .with({ type: 'wrongParity' }, ({ type, parity }) => invalid('serial', type, { parity }))
    .with({ type: P.union('notHeld', 'badSerial', 'used', 'outOfStock') }, ({ type }) => invalid('serial', type))
    .with({ type: P.union('noIdentity', 'otherPerson') }, ({ type }) => invalid('bearer.documentNumber', type))
    .with({ type: P.union('notCurrent', 'notRegistered', 'notPrinted') }, ({ type }) => invalid('', type))
    .exhaustive();

const done = (outcome: OrdinaryOutcome): void =>
  match(outcome)
    .with({ outcome: 'done' }, () => undefined)
    .with({ outcome: 'stale' }, () => {
      throw new Problem('stale');
    })
    .with({ outcome: 'rejected' }, ({ rejection }) => {
      throw problemOf(rejection);
    })
    .with({ outcome: P.union('forbidden', 'absent') }, ({ outcome: why }) => {
      throw new Problem(why);
    })
    .exhaustive();

const seen = async (services: Services, request: FastifyRequest, id: string) => {
  const read = await services.ordinary.desk(bearerStaff(request), id);
  if (read.outcome !== 'found') throw new Problem(read.outcome);
  const { handler, voided, printed, lowest, voidingOffices, mayVoid } = read.view;
  const desk = { handler, voided: [...voided], printed, lowest, voidingOffices: [...voidingOffices], mayVoid };
  return { body: { ...foundOf(read.view), ...desk }, etag: undefined };
};

/** What it is based on is the serial that it names, so no revision is. */
const unbased = ({ staff, commandId }: ActOfStaff): ActOfStaff => ({ staff, commandId });

/** Ordinary certificates for programs (C3–C6): find who stands at the counter, issue, replace, void, each once per key. */
export const ordinaryApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  const { ordinary } = services;
  const url = '/api/v1/registrations/:id/ordinary-certificate';
  const params = z.object({ id: z.uuid() });
  const finding = {
    summary: '查普通证 · Find a registration by ID number or certificate number before issuing; recorded (C4)',
    security: withBearer,
    body: z.object({ text: z.string().trim().min(1).max(50) }),
    response: { 200: z.object({ registrations: z.array(foundSchema) }), ...problems(400, 401, 403, 429) },
  };
  api.post('/api/v1/ordinary-certificates/find', { schema: finding }, async (request) => {
    const staff = bearerStaff(request);
    await limitByAccount(services, limits.searches, staff.account);
    const read = await ordinary.find(staff, request.body.text);
    if (read.outcome !== 'found') throw new Problem(read.outcome);
    return { registrations: read.registrations.map(foundOf) };
  });
  const reading = {
    summary: '普通证 · The ordinary certificate of a registration, those void, and the next serial of the own stock',
    security: withBearer,
    params,
    response: { 200: deskSchema, ...problems(400, 401, 403, 404) },
  };
  api.get(url, { schema: reading }, async (request) => (await seen(services, request, request.params.id)).body);
  const response = { 200: deskSchema, ...problems(400, 401, 403, 404, 409, 422) };
  const change = changing<typeof params, OrdinaryOutcome>(api, services, {
    url,
    params,
    response,
    once: 'key',
    seen: (request, { id }) => seen(services, request, id),
    done,
  });
  change({
    name: 'issue',
    summary: '发普通证 · Issue one for whoever showed their identity (C3–C5); `serial` left out: the lowest held',
    body: issuing,
    perform: ({ id }, act, body) => ordinary.issueOrdinary(id, unbased(act), body),
  });
  change({
    name: 'replace',
    summary: '换发 · Void the one that was lost or spoilt and issue another, both or neither (C6)',
    body: issuing.extend({ voids: voiding }),
    perform: ({ id }, act, { voids, ...body }) => ordinary.replaceOrdinary(id, unbased(act), voids, body),
  });
  change({
    name: 'void',
    summary: '作废 · Void the one that was lost or spoilt (C6)',
    body: voiding,
    perform: ({ id }, act, body) => ordinary.voidOrdinary(id, unbased(act), body),
  });
};
