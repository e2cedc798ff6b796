import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import type { StaffView } from '#application/staffView.ts';
import { dayInShanghai, isDay } from '#domain/calendar/day.ts';
import { documentKinds, isTelling } from '#domain/registration/documents.ts';
import { revokeReasons } from '#domain/registration/events.ts';
import { Problem } from '../../problems.ts';
import { idOf } from './access.ts';
import { errorsModel, type Interruption, problemModel, sinceModel } from './caseModel.ts';
import { viewFor } from './casePage.ts';
import { correctionTrouble, headModel } from './correction.ts';
import { basisOf, showForm } from './parkedForms.ts';
import { actOf } from './review.ts';
import { type CaseForm, formOf, typedIn, untyped } from './typed.ts';

type Body = Readonly<Record<string, unknown>> | undefined;

const textIn = (body: Body, name: string): string =>
  typeof body?.[name] === 'string' ? String(body[name]).trim().slice(0, 2000) : '';

const revocable = async (services: Services, request: FastifyRequest): Promise<StaffView> => {
  const view = await viewFor(services, request, idOf(request));
  if (!view.mayRevoke) throw new Problem('forbidden');
  return view;
};

const givenIn = (body: Body, { typed }: Pick<CaseForm, 'typed'>) => ({
  reasons: revokeReasons.filter((code) => typed.reasons.includes(code)),
  text: typed.text.trim(),
  evidence: typed.evidence.trim(),
  heardOn: textIn(body, 'heardOn'),
  statement: textIn(body, 'statement'),
});

type Given = ReturnType<typeof givenIn>;

const missing = ({ deps }: Services, request: FastifyRequest, given: Given) => {
  const told = isDay(given.heardOn) && given.heardOn <= dayInShanghai(deps.clock());
  const checks: readonly [boolean, string, string][] = [
    [given.reasons.length > 0, 'reasons', 'cases.errors.noReason'],
    [isTelling(given.text), 'text', 'corrections.revoke.noText'],
    [isTelling(given.evidence), 'evidence', 'corrections.revoke.noEvidence'],
    [told, 'heardOn', 'corrections.revoke.noHeardOn'],
    [given.statement !== '', 'statement', 'corrections.revoke.noStatement'],
  ];
  return checks.flatMap(([holds, field, key]) => (holds ? [] : [{ field, message: request.text(key) }]));
};

const revokePage = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const view = await revocable(services, request);
  const { parked } = request;
  const typed = parked === undefined ? untyped : typedIn(parked);
  const given = givenIn(parked?.body, { typed });
  const at: Interruption = parked === undefined ? { status: 200 } : { ...parked.at, typed };
  const model = {
    title: request.text('corrections.revoke.title'),
    ...headModel(view),
    allowed: view.row.status === 'registered',
    revision: basisOf(request, view.row.revision),
    commandId: services.deps.ids(),
    given,
    reasons: revokeReasons.map((code) => ({
      code,
      text: request.text(`reasons.revoke.${code}`),
      checked: given.reasons.includes(code),
    })),
    problem: problemModel(request, at),
    since: await sinceModel(services, request, at.since),
    ...errorsModel(at.errors),
  };
  return reply.page('management/revoke', model, at.status);
};

/** Shows what the couple will see, and what the revocation does, before it is so. */
const revokeCheck = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { parked } = request;
  const edit = request.url.replace('/check', '');
  if (parked === undefined) return reply.redirect(edit, 303);
  const view = await revocable(services, request);
  const form = formOf(parked.body);
  const given = givenIn(parked.body, form);
  return reply.page('management/revokeCheck', {
    title: request.text('corrections.revoke.check'),
    ...headModel(view),
    given,
    reasons: given.reasons.map((code) => ({ code, text: request.text(`reasons.revoke.${code}`) })),
    certificate: view.row.certificate,
    commandId: form.commandId,
    revision: form.basedOn,
    edit,
  });
};

const revoke = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const form = formOf(request.body);
  const given = givenIn(request.body as Body, form);
  const errors = missing(services, request, given);
  if (errors.length > 0) return showForm(services, request, reply, { status: 400, errors });
  if (form.step !== 'confirm') return showForm(services, request, reply, { status: 200 }, `${request.url}/check`);
  const outcome = await services.staff.revoke(idOf(request), actOf(request, form), given);
  const trouble = correctionTrouble(services, request, outcome);
  if (trouble !== undefined) return showForm(services, request, reply, trouble);
  return reply.redirect(`/registrations/${idOf(request)}?done=revoked`, 303);
};

const spouses = ['wife', 'husband'] as const;

const withdrawPage = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const view = await viewFor(services, request, idOf(request));
  if (!view.mayReview) throw new Problem('forbidden');
  const body = request.parked?.body;
  const at: Interruption = request.parked?.at ?? { status: 200 };
  const { status } = view.row;
  const model = {
    title: request.text('corrections.withdraw.title'),
    ...headModel(view),
    allowed: status === 'submitted' || status === 'received',
    revision: basisOf(request, view.row.revision),
    commandId: services.deps.ids(),
    people: spouses.map((of) => ({ of, name: view.data[of].name, checked: textIn(body, 'of') === of })),
    kinds: documentKinds.map((kind) => ({
      kind,
      text: request.text(`verification.documents.${kind}`),
      selected: textIn(body, 'document') === kind,
    })),
    documentNumber: textIn(body, 'documentNumber'),
    problem: problemModel(request, at),
    since: await sinceModel(services, request, at.since),
    ...errorsModel(at.errors),
  };
  return reply.page('management/withdrawal', model, at.status);
};

const withdraw = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const form = formOf(request.body);
  const body = request.body as Body;
  const of = spouses.find((one) => one === textIn(body, 'of'));
  const document = documentKinds.find((one) => one === textIn(body, 'document'));
  const documentNumber = textIn(body, 'documentNumber');
  const checks = [
    [of === undefined, 'of'],
    [document === undefined, 'document'],
    [documentNumber === '', 'documentNumber'],
  ] as const;
  const errors = checks.flatMap(([lacks, field]) =>
    lacks ? [{ field, message: request.text(`corrections.withdraw.missing.${field}`) }] : [],
  );
  if (of === undefined || document === undefined || errors.length > 0) {
    return showForm(services, request, reply, { status: 400, errors });
  }
  const atCounter = { of, document, documentNumber };
  const outcome = await services.staff.withdrawAtCounter(idOf(request), actOf(request, form), atCounter);
  const trouble = correctionTrouble(services, request, outcome);
  if (trouble !== undefined) return showForm(services, request, reply, trouble);
  return reply.redirect(`/registrations/${idOf(request)}?done=withdrawn`, 303);
};

/** Revoking what was obtained wrongly, by the level above, and a withdrawal at the counter (R10). */
export const revocationRoutes = (app: FastifyInstance, services: Services): void => {
  const url = '/registrations/:id/revoke';
  const delicate = { config: { delicate: true } } as const;
  app.get(url, delicate, (request, reply) => revokePage(services, request, reply));
  app.get(`${url}/check`, delicate, (request, reply) => revokeCheck(services, request, reply));
  app.post(url, delicate, (request, reply) => revoke(services, request, reply));
  app.get('/registrations/:id/withdraw', (request, reply) => withdrawPage(services, request, reply));
  app.post('/registrations/:id/withdraw', (request, reply) => withdraw(services, request, reply));
};
