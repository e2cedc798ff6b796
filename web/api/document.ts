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
