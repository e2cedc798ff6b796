import type { FastifyInstance } from 'fastify';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { staffOf } from './access.ts';
import { readerOf } from './caseModel.ts';
import { viewFor } from './casePage.ts';
import { historyOf } from './historyModel.ts';

/** Every event of a registration as a readable timeline (S6). */
export const historyRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/registrations/:id/history', async (request, reply) => {
    const { id } = request.params as { id: string };
    const view = await viewFor(services, request, id);
    const history = await services.staff.history(staffOf(request), id);
    if (history.outcome !== 'found') throw new Problem('absent');
    const events = [...history.events, ...history.certificateEvents].sort((a, b) => a.position - b.position);
    return reply.page('management/history', {
      title: request.text('history.title'),
      id,
      couple: `${view.data.wife.name} / ${view.data.husband.name}`,
      status: view.row.status,
      masked: readerOf(services, request, view).masked,
      entries: await historyOf(services, request, readerOf(services, request, view), events),
    });
  });
};
