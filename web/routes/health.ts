import type { FastifyInstance } from 'fastify';
import type { Standing } from '#application/followLog.ts';
import type { Services } from '#application/services.ts';

type Watched = {
  services: Services;
  standing: () => Record<string, Standing>;
  metrics?: { contentType: string; text: () => Promise<string> };
};

/**
 * `/healthz`: the process answers. `/readyz`: 200 while the log answers and no projection or reaction has stopped, else 503
 * with the event that stopped it and why; `behind` counts events not yet folded. `/metrics`: for Prometheus.
 */
export const healthRoutes = (app: FastifyInstance, { services, standing, metrics }: Watched): void => {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true } }, async (_, reply) => {
    const last = await services.deps.eventStore.lastPosition();
    const parts = Object.entries(standing()).map(([name, part]) => ({ name, ...part, behind: last - part.position }));
    const stopped = parts.filter(({ state }) => state === 'stopped');
    return reply.code(stopped.length === 0 ? 200 : 503).send({
      status: stopped.length === 0 ? 'ready' : 'stopped',
      position: last,
      parts,
    });
  });
  if (metrics === undefined) return;
  app.get('/metrics', { schema: { hide: true } }, async (_, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
};
