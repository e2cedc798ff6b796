import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { limitByAccount, limits } from '../../rateLimit.ts';
import { mayRead, staffOf, tokenOf } from './access.ts';
import { lastSearchOf } from './lastSearch.ts';
import { officeName, parityText, placeName } from './shown.ts';

const form = z.object({ text: z.string().max(50) });

type Found = Awaited<ReturnType<Services['staff']['search']>>[number];

const lineOf = (services: Services, request: FastifyRequest, { row, wife, husband }: Found) => ({
  id: row.id,
  couple: `${wife} / ${husband}`,
  parity: parityText(request, row.parity),
  place: placeName(services, row.declaredPlace),
  submittedAt: row.submittedAt,
  status: row.status,
  office: officeName(services, row.office),
});

/** Search by name or ID number within one's subtree. */
export const searchRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/search', async (request, reply) => {
    const staff = staffOf(request);
    if (!mayRead(services, staff)) throw new Problem('forbidden');
    const searched = await lastSearchOf(services, 'search', tokenOf(request)).recall(request.parked?.body['text']);
    const found = await services.staff.search(staff, searched);
    return reply.page('management/search', {
      title: request.text('search.title'),
      searched,
      lines: found.map((one) => lineOf(services, request, one)),
      count: found.length,
    });
  });

  app.post('/search', async (request, reply) => {
    const typed = form.safeParse(request.body);
    if (!typed.success) throw new Problem('invalid');
    const staff = staffOf(request);
    if (!mayRead(services, staff)) throw new Problem('forbidden');
    await limitByAccount(services, limits.searches, staff.account);
    await lastSearchOf(services, 'search', tokenOf(request)).keep(typed.data.text.trim());
    return reply.redirect('/search', 303);
  });
};
