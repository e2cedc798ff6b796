import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { sessionStaff } from '../../sessions.ts';
import { staffOf, tokenOf } from './access.ts';
import { officeNews } from './news.ts';

/** How often an open stream looks whether its session still holds, in ms. */
const checkEvery = 60_000;

/**
 * `GET /inbox/events?office=`: a stream that says `changed`, with the office's counts and the ids, whenever something about its
 * registrations (or those below it) is new; it ends with its session. No personal data stands in it.
 */
export const eventRoutes = (app: FastifyInstance, services: Services): void => {
  const news = officeNews(services);
  const open = new Set<FastifyReply>();

  app.addHook('preClose', async () => {
    for (const reply of open) reply.sse.close();
    await news.close();
  });

  app.get('/inbox/events', { sse: 'only' }, async (request, reply) => {
    const { office = staffOf(request).office } = request.query as { office?: string };
    if (!services.staff.mayList(staffOf(request), office)) throw new Problem('forbidden');
    const token = tokenOf(request) ?? '';
    // A store that does not answer ends this stream, not the process; the page opens it again.
    const quietly = async (work: () => Promise<unknown>): Promise<void> => {
      await work().catch(() => reply.sse.close());
    };
    const holds = async () => {
      const staff = await sessionStaff(services, token, { background: true });
      if (staff === undefined) reply.sse.close();
      return staff !== undefined;
    };
    const send = async (event: string, changed: readonly string[]) => {
      if (!reply.sse.isConnected || !(await holds())) return;
      const data = { ...(await services.staff.counters(office)), changed };
      await reply.sse.send({ event, data });
    };
    reply.sse.keepAlive();
    open.add(reply);
    const stop = news.listen(office, (changed) => void quietly(() => send('changed', changed)));
    const timer = setInterval(() => void quietly(holds), checkEvery).unref();
    reply.sse.onClose(() => {
      clearInterval(timer);
      stop();
      open.delete(reply);
    });
    await quietly(() => send('open', []));
  });
};
