import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Office } from '#application/offices.ts';
import type { Services } from '#application/services.ts';
import { viewFor } from './casePage.ts';
import { interruptionOf } from './outcomes.ts';
import { actOf } from './review.ts';
import { formOf } from './typed.ts';

const most = 8;
const province = '52';

type Asked = { find: string; office: string; reason: string };
type Trouble = { status: number; errors?: readonly { field: string; message: string }[]; stale?: boolean };

/** Offices for places whose names fit a search, the best first, each once. */
const officesFor = ({ deps }: Services, text: string): readonly (Office & { place: string })[] => {
  const found = text.trim() === '' ? [] : deps.divisions.search(text.trim(), { within: province, limit: 40 });
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

const idOf = (request: FastifyRequest) => (request.params as { id: string }).id;

/** Passing a misdirected registration on to another office, the clock running on (R5, R10). */
export const passOnRoutes = (app: FastifyInstance, services: Services): void => {
  const page = async (request: FastifyRequest, reply: FastifyReply, asked: Asked, trouble: Trouble) => {
    const view = await viewFor(services, request, idOf(request));
    const chosen = services.deps.offices.find(asked.office);
    const found = officesFor(services, asked.find).filter(({ code }) => code !== view.row.office);
    const listed = chosen === undefined || found.some(({ code }) => code === chosen.code) ? found : [chosen, ...found];
    const errors = trouble.errors ?? [];
    return reply.page(
      'management/passOn',
      {
        title: request.text('cases.passOn.title'),
        id: view.row.id,
        couple: `${view.data.wife.name} / ${view.data.husband.name}`,
        currentOffice: view.office?.name ?? view.row.office,
        revision: view.row.revision,
        allowed: view.mayReview && ['submitted', 'received', 'accepted'].includes(view.row.status),
        stale: trouble.stale,
        ...asked,
        offices: listed.map((office) => ({ ...office, checked: office.code === asked.office })),
        nothing: asked.find !== '' && found.length === 0,
        errors: errors.length > 0 ? errors : undefined,
        errorAt: Object.fromEntries(errors.map(({ field, message }) => [field, message])),
        problemCount: errors.length,
      },
      trouble.status,
    );
  };

  app.get('/registrations/:id/pass-on', async (request, reply) =>
    page(request, reply, { find: '', office: '', reason: '' }, { status: 200 }),
  );

  app.post('/registrations/:id/pass-on', async (request, reply) => {
    const form = formOf(request.body);
    const asked = { find: form.find, office: form.office, reason: form.typed.text };
    if (form.step === 'find') return page(request, reply, asked, { status: 200 });
    const errors = [
      ...(!services.deps.offices.registers(form.office)
        ? [{ field: 'office', message: request.text('cases.errors.noOffice') }]
        : []),
      ...(asked.reason.trim() === '' ? [{ field: 'text', message: request.text('cases.errors.noPassOnReason') }] : []),
    ];
    if (errors.length > 0) return page(request, reply, asked, { status: 400, errors });
    const outcome = await services.staff.redirect(
      idOf(request),
      actOf(request, form),
      form.office,
      asked.reason.trim(),
    );
    const trouble = interruptionOf(request, outcome);
    if (trouble !== undefined) {
      return page(request, reply, asked, { ...trouble, stale: trouble.problem !== undefined });
    }
    return reply.redirect('/?done=passedOn', 303);
  });

  app.get('/offices/search', async (request, reply) => {
    const { find } = request.query as { find?: unknown };
    const found = officesFor(services, typeof find === 'string' ? find.slice(0, 60) : '');
    return reply.send(found.map(({ code, name, place }) => ({ code, name, place })));
  });
};
