import type { FastifyInstance } from 'fastify';
import { Problem } from './problems.ts';

/** Answered under any host: what proxies and monitoring ask each instance, and what the page looks like that says where to go. */
const anywhere: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics', '/assets/*']);

/** What pages of each site may ask of a browser: the public one scans codes, the management one takes passkeys. */
const permissions = {
  public: 'camera=(self), publickey-credentials-create=(), publickey-credentials-get=()',
  management: 'camera=(self), publickey-credentials-create=(self), publickey-credentials-get=(self)',
} as const;

const twoYears = 63_072_000;

/** Lets a site answer under its own host alone, where it has one: cookies, passkeys and policies are that host's (ASVS 5, 3.5.4). */
const requireHost = (app: FastifyInstance, url: string): void => {
  const { hostname } = new URL(url);
  app.addHook('onRequest', async (request) => {
    if (request.hostname.toLowerCase() === hostname || anywhere.has(request.routeOptions.url ?? '')) return;
    throw new Problem('misdirected', { fill: { url } });
  });
};

/** Sends what keeps browsers to one site and its rights: over TLS to TLS for good (ASVS 5, 3.4.1). */
export const setBoundary = (app: FastifyInstance, site: keyof typeof permissions, url: string | undefined): void => {
  app.addHook('onRequest', async (request, reply) => {
    reply.header('Permissions-Policy', `${permissions[site]}, geolocation=(), microphone=(), payment=(), usb=()`);
    if (request.protocol === 'https') {
      reply.header('Strict-Transport-Security', `max-age=${twoYears}; includeSubDomains`);
    }
  });
  if (url !== undefined) requireHost(app, url);
};
