import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authorise } from '#application/authorise.ts';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { staffOf } from './access.ts';
import { historyOf } from './historyModel.ts';
import type { Reader } from './shownAnswer.ts';

/** As on the registration's page: staff who work on registrations at its office read everything, others masked. */
const readerAt = ({ deps }: Services, request: FastifyRequest, office: string): Reader => {
  const may = (act: 'review' | 'register') =>
    authorise(staffOf(request), { act, office }, deps.offices).outcome === 'allowed';
  return { locale: request.locale, divisions: deps.divisions, masked: !may('review') && !may('register') };
};

/** The couple's names, while there are any to show. */
const coupleOf = async (services: Services, request: FastifyRequest, id: string): Promise<string | undefined> => {
  const read = await services.staff.registration(staffOf(request), id);
  return read.outcome === 'found' ? `${read.view.data.wife.name} / ${read.view.data.husband.name}` : undefined;
};

/** Every event of a registration as a readable timeline (S6), also after its personal data were erased. */
export const historyRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/registrations/:id/history', async (request, reply) => {
    const { id } = request.params as { id: string };
    const history = await services.staff.history(staffOf(request), id);
    if (history.outcome === 'absent') throw new Problem('absent');
    if (history.outcome === 'forbidden') {
      throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${history.reason}`) });
    }
    const reader = readerAt(services, request, history.row.office);
    const events = [...history.events, ...history.certificateEvents].sort((a, b) => a.position - b.position);
    return reply.page('management/history', {
      title: request.text('history.title'),
      id,
      couple: await coupleOf(services, request, id),
      masked: reader.masked,
      entries: await historyOf(services, request, reader, events),
    });
  });
};
