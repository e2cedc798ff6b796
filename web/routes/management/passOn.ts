import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isOpen } from '#application/inboxCounts.ts';
import type { Services } from '#application/services.ts';
import type { StaffView } from '#application/staffView.ts';
import { idOf } from './access.ts';
import { errorsModel, type Interruption, problemModel, sinceModel } from './caseModel.ts';
import { viewFor } from './casePage.ts';
import { interruptionOf } from './outcomes.ts';
import { showForm } from './parkedForms.ts';
import { type OfferedOffice, officeAt, officesFor, officesNear } from './passOnOffices.ts';
import { actOf } from './review.ts';
import { type CaseForm, formOf, typedIn } from './typed.ts';

type Asked = { find: string; office: string; reason: string };

const mayPassOn = ({ mayReview, row }: StaffView): boolean => mayReview && isOpen(row.status);

/** The offices nearby, and those that were found, the chosen one among them. */
const offered = (services: Services, request: FastifyRequest, view: StaffView, asked: Asked) => {
  const near = officesNear(services, request.locale, view);
  const others = officesFor(services, asked.find).filter(({ code }) => code !== view.row.office);
  const listed = [...near, ...others].some(({ code }) => code === asked.office);
  const chosen = listed ? undefined : officeAt(services, asked.office);
  const checked = (office: OfferedOffice) => ({ ...office, checked: office.code === asked.office });
  return {
    near: near.map(checked),
    offices: (chosen === undefined ? others : [chosen, ...others]).map(checked),
    nothing: asked.find !== '' && others.length === 0,
  };
};

/** The form, with what was typed into it before, where it comes back. */
const page = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { parked } = request;
  const asked = parked === undefined ? { find: '', office: '', reason: '' } : askedIn(formOf(parked.body));
  const at: Interruption = parked === undefined ? { status: 200 } : { ...parked.at, typed: typedIn(parked) };
  const view = await viewFor(services, request, idOf(request));
  const allowed = mayPassOn(view);
  const model = {
    title: request.text('cases.passOn.title'),
    id: view.row.id,
    couple: `${view.data.wife.name} / ${view.data.husband.name}`,
    currentOffice: view.office?.name ?? view.row.office,
    revision: view.row.revision,
    allowed,
    ...asked,
    ...(allowed ? offered(services, request, view, asked) : {}),
    problem: problemModel(request, at),
    since: await sinceModel(services, request, at.since),
    kept: !allowed && asked.reason.trim() !== '' ? asked.reason : undefined,
    ...errorsModel(at.errors),
  };
  return reply.page('management/passOn', model, at.status);
};

const missing = ({ deps }: Services, request: FastifyRequest, { office, reason }: Asked) => [
  ...(!deps.offices.registers(office) ? [{ field: 'office', message: request.text('cases.errors.noOffice') }] : []),
  ...(reason.trim() === '' ? [{ field: 'text', message: request.text('cases.errors.noPassOnReason') }] : []),
];

/** Shows to which office it will go, and what the couple will see, before it is so. */
const preview = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { parked } = request;
  const edit = request.url.replace('/check', '');
  if (parked === undefined) return reply.redirect(edit, 303);
  const form = formOf(parked.body);
  const asked = askedIn(form);
  const view = await viewFor(services, request, idOf(request));
  if (!mayPassOn(view)) return reply.redirect(edit, 303);
  const near = officesNear(services, request.locale, view).find(({ code }) => code === asked.office);
  const office = near ?? officeAt(services, asked.office);
  const name = office?.name ?? asked.office;
  return reply.page('management/passOnCheck', {
    title: request.text('cases.passOn.check.title', { office: name }),
    id: view.row.id,
    couple: `${view.data.wife.name} / ${view.data.husband.name}`,
    office,
    far: near === undefined,
    told: request.text('public.progress.passedOn', { office: name }),
    commandId: form.commandId,
    revision: form.basedOn,
    find: asked.find,
    reason: asked.reason.trim(),
    edit,
  });
};

const askedIn = ({ find, office, typed }: CaseForm): Asked => ({ find, office, reason: typed.text });

const passOn = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const form = formOf(request.body);
  const asked = askedIn(form);
  if (form.step === 'find') return showForm(services, request, reply);
  const errors = missing(services, request, asked);
  if (errors.length > 0) return showForm(services, request, reply, { status: 400, errors });
  if (form.step !== 'confirm') return showForm(services, request, reply, { status: 200 }, `${request.url}/check`);
  const act = actOf(request, form);
  const outcome = await services.staff.redirect(idOf(request), act, asked.office, asked.reason.trim());
  const interruption = interruptionOf(request, outcome);
  return interruption === undefined
    ? reply.redirect('/?done=passedOn', 303)
    : showForm(services, request, reply, interruption);
};

const searchOffices = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { find } = request.query as { find?: unknown };
  const found = officesFor(services, typeof find === 'string' ? find.slice(0, 60) : '');
  return reply.send(found.map(({ code, name, place }) => ({ code, name, place })));
};

/** Passing a misdirected registration on to another office, the clock running on (R5, R10). */
export const passOnRoutes = (app: FastifyInstance, services: Services): void => {
  const url = '/registrations/:id/pass-on';
  app.get(url, (request, reply) => page(services, request, reply));
  app.get(`${url}/check`, (request, reply) => preview(services, request, reply));
  app.post(url, (request, reply) => passOn(services, request, reply));
  app.get('/offices/search', (request, reply) => searchOffices(services, request, reply));
};
