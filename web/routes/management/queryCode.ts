import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { Problem } from '../../problems.ts';
import { idOf, staffOf } from './access.ts';
import { errorsModel, givesCode } from './caseModel.ts';
import { viewFor } from './casePage.ts';
import { headModel } from './correction.ts';
import { keepReceipt, showReceipt } from './onSiteReceipt.ts';
import { showForm } from './parkedForms.ts';

const spouses = ['wife', 'husband'] as const;
const url = '/registrations/:id/query-code';

type Body = Readonly<Record<string, unknown>> | undefined;

const typedIn = (body: Body) => {
  const text = (name: string) => (typeof body?.[name] === 'string' ? String(body[name]).trim().slice(0, 60) : '');
  return {
    of: spouses.find((one) => one === text('of')),
    document: documentKinds.find((one) => one === text('document')),
    documentNumber: text('documentNumber'),
  };
};

const page = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const view = await viewFor(services, request, idOf(request));
  if (!givesCode(services, request, view)) throw new Problem('forbidden');
  const { parked } = request;
  const typed = typedIn(parked?.body);
  const model = {
    title: request.text('onSite.again.title'),
    ...headModel(view),
    people: spouses.map((of) => ({ of, name: view.data[of].name, checked: typed.of === of })),
    kinds: documentKinds.map((kind) => ({
      kind,
      text: request.text(`verification.documents.${kind}`),
      selected: (typed.document ?? 'idCard') === kind,
    })),
    documentNumber: typed.documentNumber,
    ...errorsModel(parked?.at.errors),
  };
  return reply.page('management/queryCode', model, parked?.at.status ?? 200);
};

const give = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const [staff, id] = [staffOf(request), idOf(request)];
  const { of, document, documentNumber } = typedIn(request.body as Body);
  const wrong = (field: 'of' | 'document' | 'documentNumber', text: string) => {
    return showForm(services, request, reply, { status: 400, errors: [{ field, message: request.text(text) }] });
  };
  if (of === undefined) return wrong('of', 'corrections.withdraw.missing.of');
  if (document === undefined) return wrong('document', 'corrections.withdraw.missing.document');
  const given = await services.onSite.receipt(staff, id, { of, document, documentNumber });
  if (given.outcome === 'forbidden') {
    throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${given.reason}`) });
  }
  if (given.outcome === 'absent') throw new Problem('absent');
  if (given.outcome === 'unidentified') return wrong('documentNumber', 'onSite.again.unidentified');
  const { office, submittedAt } = given;
  await keepReceipt(services, id, { account: staff.account, office, submittedAt, accepted: false });
  return reply.redirect(`/registrations/${id}/query-code/receipt`, 303);
};

/** The query code once more for a couple that lost it, who showed at the counter who they are (R8, A1.4). */
export const queryCodeRoutes = (app: FastifyInstance, services: Services): void => {
  app.get(url, (request, reply) => page(services, request, reply));
  app.post(url, (request, reply) => give(services, request, reply));
  app.get(`${url}/receipt`, (request, reply) => showReceipt(services, request, reply, 'onSite.again.receipt'));
};
