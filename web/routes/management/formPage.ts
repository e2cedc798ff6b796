import type { FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route that takes a form: the page of that form, which takes up again what was typed. */
    formAt?: string;
  }
}

/** The page of the form that a request sends; undefined where its route names none. */
export const formPage = ({ method, routeOptions, params }: FastifyRequest): string | undefined => {
  const { formAt } = routeOptions.config;
  const given = params as Readonly<Record<string, string>>;
  return method === 'POST'
    ? formAt?.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(given[name] ?? ''))
    : undefined;
};
