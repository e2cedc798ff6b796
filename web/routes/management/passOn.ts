import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isOpen } from '#application/inboxCounts.ts';
import type { Office } from '#application/offices.ts';
import type { Services } from '#application/services.ts';
import type { StaffView } from '#application/staffView.ts';
import { idOf } from './access.ts';
import { errorsModel, type Interruption, problemModel, sinceModel } from './caseModel.ts';
import { viewFor } from './casePage.ts';
import { interruptionOf } from './outcomes.ts';
import { actOf } from './review.ts';
import { type CaseForm, formOf } from './typed.ts';

const most = 8;

type Asked = { find: string; office: string; reason: string };
type FoundOffice = Office & { place: string };

/** Offices that register, for places whose names fit a search, the best first, each once. */
const officesFor = ({ deps }: Services, text: string): readonly FoundOffice[] => {
  // The top of the tree of divisions lists our own province first.
  const within = deps.divisions.children('')[0]?.code ?? '';
  const found = text.trim() === '' ? [] : deps.divisions.search(text.trim(), { within, limit: 40 });
  const offices = found.map(({ code }) => deps.offices.find(code) ?? deps.offices.forPlace(code));
  const registering = offices.filter(({ code }) => deps.offices.registers(code));
  const unique = [...new Map(registering.map((office) => [office.code, office])).values()].slice(0, most);
  const placeOf = ({ division }: Office) =>
    deps.divisions
      .path(division)
      .map(({ name }) => name)
      .join(' ');
  return unique.map((office) => ({ ...office, place: placeOf(office) }));
};

const mayPassOn = ({ mayReview, row }: StaffView): boolean => mayReview && isOpen(row.status);

/** The offices that were found, the chosen one among them. */
const offered = (services: Services, view: StaffView, asked: Asked) => {
  const found = officesFor(services, asked.find).filter(({ code }) => code !== view.row.office);
  const chosen = services.deps.offices.find(asked.office);
  const listed = chosen === undefined || found.some(({ code }) => code === chosen.code) ? found : [chosen, ...found];
  return {
    offices: listed.map((office) => ({ ...office, checked: office.code === asked.office })),
    nothing: asked.find !== '' && found.length === 0,
  };
};

const page = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  asked: Asked,
  at: Interruption = { status: 200 },
) => {
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
    ...offered(services, view, asked),
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

const askedIn = ({ find, office, typed }: CaseForm): Asked => ({ find, office, reason: typed.text });

const passOn = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const form = formOf(request.body);
  const asked = askedIn(form);
  if (form.step === 'find') return page(services, request, reply, asked);
  const errors = missing(services, request, asked);
  if (errors.length > 0) return page(services, request, reply, asked, { status: 400, errors });
  const act = actOf(request, form);
  const outcome = await services.staff.redirect(idOf(request), act, asked.office, asked.reason.trim());
  const interruption = interruptionOf(request, outcome);
  return interruption === undefined
    ? reply.redirect('/?done=passedOn', 303)
    : page(services, request, reply, asked, interruption);
};

const searchOffices = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const { find } = request.query as { find?: unknown };
  const found = officesFor(services, typeof find === 'string' ? find.slice(0, 60) : '');
  return reply.send(found.map(({ code, name, place }) => ({ code, name, place })));
};

/** Passing a misdirected registration on to another office, the clock running on (R5, R10). */
export const passOnRoutes = (app: FastifyInstance, services: Services): void => {
  const url = '/registrations/:id/pass-on';
  app.get(url, (request, reply) => page(services, request, reply, { find: '', office: '', reason: '' }));
  app.post(url, (request, reply) => passOn(services, request, reply));
  app.get('/offices/search', (request, reply) => searchOffices(services, request, reply));
};
