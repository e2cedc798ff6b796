import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Staff } from '#application/actor.ts';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import { staffOf, tokenOf } from './access.ts';
import { type OfficeNews, officeNews } from './news.ts';

/** How often an open stream looks whether its session still holds, in ms. */
const checkEvery = 60_000;

/** An open stream about one office, and whose session it stands on. */
type Stream = { services: Services; reply: FastifyReply; office: string; token: string };

/** Who is in the session, as long as it holds and they may list the office; the stream ends with that. */
const holds = async ({ services, reply, office, token }: Stream): Promise<Staff | undefined> => {
  const session = await services.signIn.sessions.open(token, 'browser', { background: true });
  if (session !== undefined && services.staff.mayList(session.staff, office)) return session.staff;
  reply.sse.close();
  return undefined;
};

const send = async (stream: Stream, event: string, changed: readonly string[]): Promise<void> => {
  const { services, reply, office } = stream;
  const staff = reply.sse.isConnected ? await holds(stream) : undefined;
  if (staff === undefined) return;
  const data = { ...(await services.staff.counters(staff, office)), changed };
  await reply.sse.send({ event, data });
};

/** A store that does not answer ends this stream, not the process; the page opens it again. */
const quietly = async ({ reply }: Stream, work: Promise<unknown>): Promise<void> => {
  await work.catch(() => reply.sse.close());
};

/** Says what is new until the stream or the session ends; `onEnd` is called then. */
const stream = async (one: Stream, news: OfficeNews, onEnd: () => void): Promise<void> => {
  const { reply, office } = one;
  reply.sse.keepAlive();
  const stop = news.listen(office, (changed) => void quietly(one, send(one, 'changed', changed)));
  const timer = setInterval(() => void quietly(one, holds(one)), checkEvery).unref();
  reply.sse.onClose(() => {
    clearInterval(timer);
    stop();
    onEnd();
  });
  await quietly(one, send(one, 'open', []));
};

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
    open.add(reply);
    await stream({ services, reply, office, token: tokenOf(request) ?? '' }, news, () => open.delete(reply));
  });
};
