import type { FastifyInstance } from 'fastify';
import type { Services } from '#application/services.ts';
import { idOf, staffOf } from './access.ts';
import { readerOf } from './caseModel.ts';
import { foundOrProblem } from './casePage.ts';
import { historyOf } from './historyModel.ts';

/** Every event of a registration as a readable timeline (S6), also after its personal data were erased. */
export const historyRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/registrations/:id/history', async (request, reply) => {
    const id = idOf(request);
    const history = foundOrProblem(request, await services.staff.history(staffOf(request), id));
    const { couple, events } = history;
    return reply.page('management/history', {
      title: request.text('history.title'),
      id,
      couple: couple && `${couple.wife} / ${couple.husband}`,
      masked: history.masked && couple !== undefined,
      erasedOn: history.row.erasedOn,
      trail: services.audit.mayReadTrail(staffOf(request), history.row.office)
        ? `/audit/records/registration/${id}`
        : undefined,
      entries: await historyOf(services, request, readerOf(services, request), events),
    });
  });
};
