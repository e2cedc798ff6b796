import type { FastifyRequest, RouteOptions } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route that takes a form: the page of that form, which takes up again what was typed; `false`: it is never kept. */
    formAt?: string | false;
  }
}

/** A form stands at the address that it is sent to, unless its route says at which. */
export const standAtOwnAddress = (route: RouteOptions): void => {
  if (route.method === 'POST') route.config = { formAt: route.url, ...route.config };
};

/** The page of the form that a request sends; undefined where it is none that is kept. */
export const formPage = ({ method, routeOptions, params }: FastifyRequest): string | undefined => {
  const { formAt } = routeOptions.config;
  const given = params as Readonly<Record<string, string>>;
  if (method !== 'POST' || formAt === undefined || formAt === false) return undefined;
  return formAt.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(given[name] ?? ''));
};
