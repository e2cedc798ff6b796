import type { FastifyInstance } from 'fastify';

/** A route of a site as it is declared, such as `GET /registrations/:id`. */
export type Route = { method: string; path: string };

/** Every route that a site has, as its router knows them. */
export const routesOf = async (app: FastifyInstance): Promise<readonly Route[]> => {
  await app.ready();
  const above: string[] = [];
  return app
    .printRoutes({ commonPrefix: true })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', segment, methods] = /^([│ ]*)[├└]── (.*?)(?: \(([^)]*)\))?$/.exec(line) ?? [];
      if (segment === undefined) return [];
      above.splice(indent.length / 4, above.length, segment);
      const path = above.join('');
      return methods?.split(', ').map((method) => ({ method, path })) ?? [];
    });
};
