import { z } from 'zod';
import { divisionsUnder, foundDivisions } from '../../forms/divisionPicker.ts';
import type { PublicPages } from './publicPages.ts';

const query = z.object({ text: z.string().max(100).optional(), under: z.string().max(12).optional() });

/** `/divisions`: what the search box of the form lists while one types; the names of places, nobody's address. */
export const divisionRoutes = ({ app, services }: PublicPages): void => {
  app.get('/divisions', { schema: { hide: true, querystring: query } }, async (request, reply) => {
    const { text = '', under } = request.query as z.infer<typeof query>;
    const { divisions } = services.deps;
    reply.header('Cache-Control', 'public, max-age=3600');
    return { divisions: under === undefined ? foundDivisions(divisions, text) : divisionsUnder(divisions, under) };
  });
};
