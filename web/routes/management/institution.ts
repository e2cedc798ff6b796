import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { codeIn } from '#application/certificateCodes.ts';
import type { ShownCheck } from '#application/institutionChecks.ts';
import type { Services } from '#application/services.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import type { CheckedBy, CheckOutcome } from '#domain/check/events.ts';
import { idNumberFault } from '#domain/people/idNumber.ts';
import { Problem } from '../../problems.ts';
import { staffOf } from './access.ts';
import { annotatedHere, checkPage, factsOf, faultsModel, shownCheck, textIn, toldModel } from './institutionModel.ts';
import { actIn } from './organisationModel.ts';
import { showForm } from './parkedForms.ts';
import { officeAt, officesFor } from './passOnOffices.ts';
import { officeName } from './shown.ts';

const requireChecking = (services: Services, request: FastifyRequest): void => {
  if (!services.institutions.mayCheck(staffOf(request))) throw new Problem('forbidden');
};

const badges = { registered: 'valid', underReview: 'received', nothing: 'flagged', unknown: '' } as const;

const home = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  requireChecking(services, request);
  const { parked } = request;
  const told = await services.institutions.followUps(staffOf(request));
  return reply.page(
    'management/institution',
    {
      title: request.text('institution.title'),
      commandId: services.deps.ids(),
      text: textIn(parked?.body, 'text'),
      followUps: told.map((one) => ({
        href: checkPage(one),
        toldAt: one.toldAt,
        how: request.text(`institution.followUps.${one.how ?? 'spoken'}`),
        office: one.office === undefined ? '' : officeName(services, one.office),
        now: request.text(`institution.followUps.since.${one.since}`),
        badge: badges[one.since],
      })),
      ...faultsModel(request, parked?.at),
    },
    parked?.at.status,
  );
};

/** One input takes all three: what a scanner reads is a code, what passes as an ID number is one. */
const byOf = (text: string): CheckedBy => {
  if (codeIn(text) !== undefined) return 'code';
  return idNumberFault(text) === undefined ? 'idNumber' : 'number';
};

const check = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  requireChecking(services, request);
  const { act } = actIn(request);
  const text = textIn(request.body, 'text');
  const wrong = (code: string) =>
    showForm(services, request, reply, { status: 400, faults: [{ field: 'text', code }] });
  if (text === '') return wrong('textMissing');
  const { basedOn: _, ...unbased } = act;
  const checked = await services.institutions.check(act.staff, unbased, { by: byOf(text), text });
  if (checked.outcome === 'malformed') return wrong('malformed');
  if (checked.outcome === 'otherContent') {
    return showForm(services, request, reply, { status: 409, faults: [{ field: 'text', code: 'otherContent' }] });
  }
  if (checked.outcome !== 'checked') throw new Problem(checked.outcome);
  return reply.redirect(checkPage(checked), 303);
};

const holds: readonly CheckOutcome[] = ['registered', 'born'];
/** What telling her to register is for. */
const untold: readonly CheckOutcome[] = ['unregistered', 'rejected', 'declined', 'withdrawn', 'revoked', 'erased'];

const tellingModel = (services: Services, request: FastifyRequest, { outcome, told }: ShownCheck) => {
  if (told !== undefined || !untold.includes(outcome)) return undefined;
  const find = textIn(request.parked?.body, 'find', 60);
  const office = textIn(request.parked?.body, 'office', 20);
  const found = officesFor(services, find);
  const chosen = found.some(({ code }) => code === office) ? undefined : officeAt(services, office);
  const offices = [...(chosen ? [chosen] : []), ...found].map((one) => ({ ...one, checked: one.code === office }));
  return { find, offices, nothing: find !== '' && offices.length === 0 };
};

const certificatesOf = (request: FastifyRequest, { certificate, isVoid, outcome, found }: ShownCheck) => {
  const isGone = isVoid || outcome === 'void' || found?.now === 'revoked';
  const state = isGone ? 'voided' : holds.includes(outcome) ? 'valid' : undefined;
  if (certificate === undefined || state === undefined) return undefined;
  return [
    {
      number: certificate,
      state: request.text(`institution.${state}`),
      badge: state === 'valid' ? 'valid' : 'flagged',
    },
  ];
};

const birthLink = (services: Services, request: FastifyRequest, check: ShownCheck) => {
  const { found } = check;
  const href = `${checkPage(check)}/birth`;
  if (check.outcome === 'registered' && check.certificate !== undefined && found?.now === 'registered') {
    return { href, text: request.text('institution.birth.link') };
  }
  return found?.now === 'born' && annotatedHere(services, request, found)
    ? { href, text: request.text('institution.birth.correctLink') }
    : undefined;
};

const doneKinds = ['done', 'corrected'] as const;

const checked = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const check = await shownCheck(services, request);
  const now = holds.includes(check.outcome) ? (check.found?.now ?? check.outcome) : check.outcome;
  const { done: asked } = request.query as { done?: unknown };
  const done = doneKinds.find((one) => one === asked);
  return reply.page(
    'management/institutionCheck',
    {
      title: request.text(`institution.outcomes.${now}`),
      advice: request.text(`institution.tell.${now}`),
      verdict: holds.includes(now) ? 'good' : 'other',
      done: done && request.text(`institution.birth.${done}`),
      facts: check.found && factsOf(services, request, check.found),
      certificates: certificatesOf(request, check),
      birth: birthLink(services, request, check),
      told: toldModel(services, request, check),
      telling: tellingModel(services, request, check),
      action: checkPage(check),
      at: check.at,
      commandId: services.deps.ids(),
      ...faultsModel(request, request.parked?.at),
    },
    request.parked?.at.status,
  );
};

const tell = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { id } = request.params as { id: string };
  const { act, step } = actIn(request);
  if (step === 'find') return showForm(services, request, reply);
  const how = textIn(request.body, 'how') === 'spoken' ? 'spoken' : 'leaflet';
  const office = textIn(request.body, 'office', 20);
  const wrong = { status: 400, faults: [{ field: 'office', code: 'noOffice' }] };
  if (how === 'leaflet' && office === '') return showForm(services, request, reply, wrong);
  const { basedOn: _, ...unbased } = act;
  const given = { how, ...(office !== '' && { office }) } as const;
  const outcome = await services.institutions.tell(act.staff, id, unbased, given);
  if (outcome.outcome === 'forbidden') throw new Problem('forbidden');
  if (outcome.outcome === 'rejected') {
    if (outcome.rejection.type === 'unknownOffice') return showForm(services, request, reply, wrong);
    throw new Problem(outcome.rejection.type === 'registered' ? 'untimely' : 'absent');
  }
  return reply.redirect(checkPage({ id }), 303);
};

const leaflet = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { deps } = services;
  const { told } = await shownCheck(services, request);
  const office = told?.office === undefined ? undefined : deps.offices.find(told.office);
  if (told === undefined || office === undefined) throw new Problem('absent');
  const on = dayInShanghai(Date.parse(told.at));
  const { name, address, phone } = office;
  const content = {
    institution: officeName(services, staffOf(request).office),
    on,
    office: { name, ...(address && { address }), ...(phone && { phone }) },
    publicUrl: deps.publicUrl,
  };
  const pdf = await deps.documents.pdf({ kind: 'leaflet', on, content });
  if (pdf.outcome === 'unavailable') {
    throw new Problem('unavailable', { detail: request.text('institution.leafletUnavailable') });
  }
  return reply
    .type('application/pdf')
    .header('Content-Disposition', 'inline; filename="leaflet.pdf"')
    .send(Buffer.from(pdf.bytes));
};

/** Where institutions begin: checking a registration, telling who has none, and following up (M1, §3.3.1). */
export const institutionRoutes = (app: FastifyInstance, services: Services): void => {
  const url = '/institution/checks/:id';
  app.get('/institution', (request, reply) => home(services, request, reply));
  app.post('/institution', (request, reply) => check(services, request, reply));
  app.get(url, (request, reply) => checked(services, request, reply));
  app.post(url, (request, reply) => tell(services, request, reply));
  app.get(`${url}/leaflet.pdf`, (request, reply) => leaflet(services, request, reply));
};
