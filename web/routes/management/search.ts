import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { mayRead, staffOf, tokenOf } from './access.ts';
import { officeName, parityText, placeName } from './shown.ts';

const kind = 'search';
const keptMs = 30 * 60_000;
const form = z.object({ text: z.string().max(50) });

/** What was searched for last in this session, sealed: names never stand in an address, and the way back works. */
const lastSearch = (services: Services, request: FastifyRequest) => {
  const { sealing, transientStore, clock } = services.deps;
  const id = sealing.lookupKey(kind, tokenOf(request) ?? '');
  return {
    keep: (text: string) =>
      transientStore.put(kind, id, { sealed: sealing.sealTransient({ text }, id) }, clock() + keptMs),
    recall: async (): Promise<string> => {
      const kept = (await transientStore.get(kind, id, clock())) as { sealed: string } | undefined;
      const opened = kept && (sealing.openTransient(kept.sealed, id) as { text: string } | undefined);
      return opened?.text ?? '';
    },
  };
};

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
    const searched = await lastSearch(services, request).recall();
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
    if (!mayRead(services, staffOf(request))) throw new Problem('forbidden');
    await lastSearch(services, request).keep(typed.data.text.trim());
    return reply.redirect('/search', 303);
  });
};
