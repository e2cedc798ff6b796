import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Division } from '#application/divisions.ts';
import type { Services } from '#application/services.ts';
import { Problem } from '../problems.ts';
import { divisionSchema, officeSchema, problems } from './schemas.ts';
import { officeOf } from './shown.ts';

const levels = ['province', 'prefecture', 'county', 'township', 'village'] as const;
const forAnHour = 'public, max-age=3600';
const code = z.string().regex(/^\d{2,12}$/, 'unknownDivision');

/** Divisions by search or by level, and who handles a township (R5). */
export const placesApi = (app: FastifyInstance, services: Services): void => {
  const api = app.withTypeProvider<ZodTypeProvider>();
  const { divisions, offices } = services.deps;
  const shown = ({ code: of, name, level }: Division) => {
    const path = divisions.path(of).map((division) => division.name);
    return { code: of, name, level, path: path.join('') };
  };
  api.get(
    '/api/v1/divisions',
    {
      schema: {
        summary: '查找行政区划 · Search divisions by name or pinyin initials',
        querystring: z.object({
          text: z.string().min(1).max(60),
          level: z.enum(levels).optional(),
          within: code.optional(),
          limit: z.coerce.number().int().min(1).max(50).default(10),
        }),
        response: { 200: z.object({ divisions: z.array(divisionSchema) }), ...problems(400) },
      },
    },
    async ({ query: { text, level, within, limit } }, reply) => {
      const search = { limit, ...(level ? { level } : {}), ...(within ? { within } : {}) };
      reply.header('Cache-Control', forAnHour);
      return { divisions: divisions.search(text, search).map(shown) };
    },
  );
  api.get(
    '/api/v1/divisions/:code/children',
    {
      schema: {
        summary: '下一级行政区划 · The next lower level',
        params: z.object({ code }),
        response: { 200: z.object({ divisions: z.array(divisionSchema) }), ...problems(400, 404) },
      },
    },
    async ({ params }, reply) => {
      if (divisions.find(params.code) === undefined) throw new Problem('absent');
      reply.header('Cache-Control', forAnHour);
      return { divisions: divisions.children(params.code).map(shown) };
    },
  );
  api.get(
    '/api/v1/divisions/:code/office',
    {
      schema: {
        summary: '受理的办公室 · The office that handles a township (R5)',
        params: z.object({ code }),
        response: { 200: officeSchema, ...problems(400, 404) },
      },
    },
    async ({ params }) => {
      if (divisions.find(params.code) === undefined) throw new Problem('absent');
      const office = officeOf(services, offices.forPlace(params.code).code);
      if (office === undefined) throw new Problem('absent');
      return office;
    },
  );
};
