import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Standing } from '#application/followLog.ts';
import type { Leased } from '#application/lease.ts';
import type { Services } from '#application/services.ts';

/** All that is carried along the log by one process at a time, by name, and where it stands while this one does. */
export type CarriedParts = Pick<Leased, 'names' | 'standing'>;

type Watched = {
  services: Services;
  carried: CarriedParts;
  metrics?: { contentType: string; text: () => Promise<string> };
};

type Part = (Standing | { state: 'carriedElsewhere'; position: number }) & { name: string };

/** Where each view and reaction stands: as this process carries it, or as far as another one has. */
const partsOf = ({ services, carried }: Watched): Promise<readonly Part[]> => {
  const own = carried.standing();
  const parts = carried.names.map(async (name): Promise<Part> => {
    const standing = own[name];
    if (standing !== undefined) return { name, ...standing };
    return { name, state: 'carriedElsewhere', position: await services.deps.viewStore.checkpoint({ view: name }) };
  });
  return Promise.all(parts);
};

const readiness = async (watched: Watched, reply: FastifyReply) => {
  const last = await watched.services.deps.eventStore.lastPosition();
  const parts = await partsOf(watched);
  const stopped = parts.some(({ state }) => state === 'stopped');
  return reply.code(stopped ? 503 : 200).send({
    status: stopped ? 'stopped' : 'ready',
    position: last,
    parts: parts.map((part) => ({ ...part, behind: last - part.position })),
  });
};

/**
 * `/healthz`: the process answers. `/readyz`: 200 while the log answers and nothing that this process carries has stopped,
 * else 503 with the event that stopped it and why; `behind` counts events not yet folded, here or by the process that
 * holds the lease (`carriedElsewhere`). `/metrics`: for Prometheus.
 */
export const healthRoutes = (app: FastifyInstance, watched: Watched): void => {
  const { metrics } = watched;
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true } }, (_, reply) => readiness(watched, reply));
  if (metrics === undefined) return;
  app.get('/metrics', { schema: { hide: true } }, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
};
