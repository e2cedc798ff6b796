import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Division } from '#application/divisions.ts';
import type { Services } from '#application/services.ts';
import { Problem } from '../problems.ts';
import { type Api, apiOf } from './document.ts';
import { divisionSchema, officeSchema, problems } from './schemas.ts';
import { officeOf } from './shown.ts';

const levels = ['province', 'prefecture', 'county', 'township', 'village'] as const;
const forAMinute = 'public, max-age=60';
const code = z.string().regex(/^\d{2,12}$/, 'unknownDivision');

const shown = ({ deps }: Services, { code: of, name, level }: Division) => {
  const path = deps.divisions.path(of).map((division) => division.name);
  return { code: of, name, level, path: path.join('') };
};

/** The code of a request, of a division that there is; throws `absent`. */
const known = ({ deps }: Services, { code: of }: { code: string }): string => {
  if (deps.divisions.find(of) === undefined) throw new Problem('absent');
  return of;
};

const found = z.object({ divisions: z.array(divisionSchema) });

const searching = (api: Api, services: Services): void => {
  const schema = {
    summary: '查找行政区划 · Search divisions by name or pinyin initials',
    querystring: z.object({
      text: z.string().min(1).max(60),
      level: z.enum(levels).optional(),
      within: code.optional(),
      limit: z.coerce.number().int().min(1).max(50).default(10),
    }),
    response: { 200: found, ...problems(400) },
  };
  api.get('/api/v1/divisions', { schema }, async ({ query: { text, level, within, limit } }, reply) => {
    const search = { limit, ...(level ? { level } : {}), ...(within ? { within } : {}) };
    reply.header('Cache-Control', forAMinute);
    return { divisions: services.deps.divisions.search(text, search).map((one) => shown(services, one)) };
  });
};

const listing = (api: Api, services: Services): void => {
  const schema = {
    summary: '下一级行政区划 · The next lower level',
    params: z.object({ code }),
    response: { 200: found, ...problems(400, 404) },
  };
  api.get('/api/v1/divisions/:code/children', { schema }, async ({ params }, reply) => {
    const children = services.deps.divisions.children(known(services, params));
    reply.header('Cache-Control', forAMinute);
    return { divisions: children.map((one) => shown(services, one)) };
  });
};

const handling = (api: Api, services: Services): void => {
  const schema = {
    summary: '受理的办公室 · The office that handles a township (R5)',
    params: z.object({ code }),
    response: { 200: officeSchema, ...problems(400, 404) },
  };
  api.get('/api/v1/divisions/:code/office', { schema }, async ({ params }) => {
    const office = officeOf(services, services.deps.offices.forPlace(known(services, params)).code);
    if (office === undefined) throw new Problem('absent');
    return office;
  });
};

/** Divisions by search or by level, and who handles a township (R5). */
export const placesApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  searching(api, services);
  listing(api, services);
  handling(api, services);
};
