import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

/** The app as routes of the API see it: what their schemas say is what their handlers get. */
export const apiOf = (app: FastifyInstance) => app.withTypeProvider<ZodTypeProvider>();
export type Api = ReturnType<typeof apiOf>;

/** What `/openapi.json` says of the API besides its routes (OpenAPI 3.1). */
export const apiDocument = (site: 'public' | 'management') => ({
  openapi: '3.1.0',
  info: {
    title: site === 'public' ? '贵州省生育服务网上登记平台 · Public API' : '贵州省生育登记业务管理 · Management API',
    version: '1',
    description:
      'Errors are RFC 9457 problem documents (`application/problem+json`); `errors` names fields and codes. ' +
      'What creates takes an `Idempotency-Key`, what changes takes `If-Match` with the `ETag` last read. ' +
      'Days are `YYYY-MM-DD` in Asia/Shanghai, instants are UTC.',
  },
  components: { securitySchemes: { bearer: { type: 'http' as const, scheme: 'bearer' } } },
});

/** Routes that take a bearer token say so with this. */
export const withBearer = [{ bearer: [] }];

const namesIn = (part: unknown): readonly string[] =>
  [...JSON.stringify(part ?? null).matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name = '']) => name);

/** Leaves out the schemas that no route of this site refers to, directly or through others. */
export const referencedOnly = <D extends object>(document: D): D => {
  const { schemas = {}, ...others } =
    (document as { components?: { schemas?: Record<string, unknown> } }).components ?? {};
  const kept = new Set<string>();
  const open = [...namesIn({ ...document, components: undefined })];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (kept.has(name)) continue;
    kept.add(name);
    open.push(...namesIn(schemas[name]));
  }
  const referenced = Object.fromEntries(Object.entries(schemas).filter(([name]) => kept.has(name)));
  return { ...document, components: { ...others, schemas: referenced } };
};
