import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { idOf, staffOf } from './access.ts';
import { readerOf } from './caseModel.ts';
import { foundOrProblem } from './casePage.ts';
import { historyOf } from './historyModel.ts';

/** The couple's names, while there are any to show. */
const coupleOf = async (services: Services, request: FastifyRequest, id: string): Promise<string | undefined> => {
  const read = await services.staff.registration(staffOf(request), id);
  return read.outcome === 'found' ? `${read.view.data.wife.name} / ${read.view.data.husband.name}` : undefined;
};

/** Every event of a registration as a readable timeline (S6), also after its personal data were erased. */
export const historyRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/registrations/:id/history', async (request, reply) => {
    const id = idOf(request);
    const history = foundOrProblem(request, await services.staff.history(staffOf(request), id));
    const events = [...history.events, ...history.certificateEvents].sort((a, b) => a.position - b.position);
    return reply.page('management/history', {
      title: request.text('history.title'),
      id,
      couple: await coupleOf(services, request, id),
      masked: history.masked,
      entries: await historyOf(services, request, readerOf(services, request), events),
    });
  });
};
