import { join } from 'node:path';
import compress from '@fastify/compress';
import cookie from '@fastify/cookie';
import csrf from '@fastify/csrf-protection';
import formbody from '@fastify/formbody';
import helmet from '@fastify/helmet';
import assets from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import view from '@fastify/view';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import type { Services } from '#application/services.ts';
import { apiDocument, referencedOnly } from './api/document.ts';
import { cookieName, cookieOptions } from './cookies.ts';
import { type Locale, localeOf, locales, otherLanguages, translate } from './locale.ts';
import { localOnly } from './localPath.ts';
import { Problem, problemOf } from './problems.ts';
import { faultIn } from './readable.ts';
import { answerBadAddress, showProblem } from './showProblem.ts';
import { setBoundary } from './siteBoundary.ts';
import { viewOptions } from './viewEngine.ts';

/** Which of the two listeners a site is for (E1), and what it needs besides the application. */
export type SiteOptions = {
  services: Services;
  site: 'public' | 'management';
  cookieSecret: string;
  /** Where browsers reach it: it answers under no other host. Without it, under any. */
  url?: string | undefined;
  /** Addresses or networks of the proxies whose forwarded headers are believed; none: of nobody. */
  trustedProxies?: readonly string[];
  /** Adds what traces each request, where anything does. */
  trace?: (app: FastifyInstance) => void;
  /** Writes one line per event; never given personal data. */
  log?: (line: object) => void;
};

/** The names that the frame around each page uses for itself. */
type FrameName =
  | ('locale' | 'languages' | 'site' | 'demo' | 'path' | 'csrfToken')
  | ('styles' | 'nav' | 'staff' | 'mayAudit' | 'sessionEndsIn' | 'recordDue');

/** What a page shows of its own, under names that the frame around it does not use. */
type Model = { readonly [name: string]: unknown } & { [name in FrameName]?: never };

declare module 'fastify' {
  interface FastifyRequest {
    locale: Locale;
    text: (key: string, fill?: Readonly<Record<string, unknown>>) => string;
    /** What every page of this request shows besides its own model, such as who is signed in. */
    common: object;
  }
  interface FastifyReply {
    page: (view: string, model: Model, status?: number) => Promise<FastifyReply>;
  }
}

const bodyLimit = 64 * 1024;

const contentPolicy = {
  defaultSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  fontSrc: ["'self'"],
  styleSrc: ["'self'"],
  scriptSrc: ["'self'"],
  workerSrc: ["'self'"],
  formAction: ["'self'"],
  frameAncestors: ["'none'"],
  objectSrc: ["'none'"],
  baseUri: ["'none'"],
  upgradeInsecureRequests: null,
};

// Its stylesheet lies in the page's own elements.
const docsPolicy = [
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'",
  "form-action 'none'; frame-ancestors 'none'",
].join('; ');

/** The name of the cookie that forms' tokens belong to, kept to this host by browsers where there is TLS. */
const csrfCookie = (site: SiteOptions['site'], isTls: boolean) => ({
  cookieKey: `${isTls ? '__Host-' : ''}${site}-csrf`,
  cookieOpts: {
    ...cookieOptions,
    ...(isTls ? { secure: true } : {}),
    signed: true,
    sameSite: site === 'public' ? 'lax' : 'strict',
  } as const,
});

const plugins = async (app: FastifyInstance, { site, cookieSecret, url }: SiteOptions) => {
  await app.register(compress, { threshold: 1024 });
  await app.register(cookie, { secret: cookieSecret });
  await app.register(formbody, { bodyLimit });
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: true, directives: contentPolicy },
    frameguard: { action: 'deny' },
    hsts: false,
  });
  await app.register(csrf, {
    ...csrfCookie(site, url?.startsWith('https:') === true),
    getToken: (request) => (request.body as { _csrf?: string } | undefined)?._csrf,
  });
  await app.register(assets, { root: join(import.meta.dirname, 'assets'), prefix: '/assets/', maxAge: '1h' });
  await app.register(view, viewOptions());
  await app.register(swagger, {
    openapi: apiDocument(site),
    transformObject: (described) => referencedOnly(jsonSchemaTransformObject(described)),
    transform: (route) =>
      /^\/(api|\.well-known)\//.test(route.url)
        ? jsonSchemaTransform(route)
        : { schema: { ...route.schema, hide: true }, url: route.url },
  });
  await app.register(swaggerUi, {
    routePrefix: '/api/docs',
    staticCSP: true,
    transformStaticCSP: () => docsPolicy,
  });
};

/** A page of the site: its view inside the layout, with what every page of this request shows. */
const showPage = async (
  { services, site }: SiteOptions,
  reply: FastifyReply,
  name: string,
  model: object,
  status: number,
): Promise<FastifyReply> => {
  const { request } = reply;
  // The frame goes last: whatever a page calls its own, its head, its menu and its forms stay whole.
  const root = {
    commandId: services.deps.ids(),
    ...model,
    locale: request.locale,
    languages: otherLanguages(request.locale),
    site,
    demo: services.deps.demo,
    path: request.url.split('?')[0],
    csrfToken: reply.generateCsrf(),
    ...request.common,
  };
  const body = await reply.viewAsync(`${name}.hbs`, root);
  const page = await reply.viewAsync('layout.hbs', { ...root, body });
  return reply.code(status).type('text/html; charset=utf-8').send(page);
};

const decorate = (app: FastifyInstance, options: SiteOptions) => {
  app.decorateRequest('locale', locales[0]);
  app.decorateRequest('text', (key: string) => key);
  app.decorateRequest('common');
  app.addHook('onRequest', async (request) => {
    const locale = localeOf(request.cookies[cookieName(request, 'language')], request.headers['accept-language']);
    request.locale = locale;
    request.text = (key, fill) => translate(locale, key, fill);
    request.common = {};
  });
  app.addHook('preValidation', async (request) => {
    const fault = faultIn([request.body, request.query, request.params]);
    if (fault !== undefined) throw new Problem(fault);
  });
  // Answers are about people unless a route says otherwise.
  app.addHook('onSend', async (_, reply) => {
    if (!reply.hasHeader('cache-control')) reply.header('Cache-Control', 'no-store');
  });
  app.decorateReply('page', function (this: FastifyReply, name: string, model: Model, status = 200) {
    return showPage(options, this, name, model, status);
  });
};

/** One line for each answer, and one with its stack for each fault. */
const report = (app: FastifyInstance, { site, log = () => undefined }: SiteOptions): void => {
  app.addHook('onResponse', async (request, reply) => {
    const { id, method } = request;
    const route = request.routeOptions.url ?? 'unknown';
    log({ site, id, method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) });
  });
  app.setErrorHandler(async (error, request, reply) => {
    const problem = problemOf(error);
    if (problem.key === 'fault') log({ site, id: request.id, fault: (error as Error).stack });
    return showProblem(request, reply, problem);
  });
};

const chooseLanguage = async (request: FastifyRequest, reply: FastifyReply) => {
  const { locale } = request.params as { locale: string };
  const { to } = request.query as { to?: unknown };
  if (!(locales as readonly string[]).includes(locale)) throw new Problem('absent');
  const oneYear = 31_536_000;
  const name = cookieName(request, 'language');
  return reply.setCookie(name, locale, { ...cookieOptions, maxAge: oneYear }).redirect(localOnly(to));
};

/** A Fastify app with what both sites share: languages, pages, errors, cookies, policies. It never listens by itself. */
export const createSite = async (options: SiteOptions): Promise<FastifyInstance> => {
  const { services, trustedProxies = [] } = options;
  const app = fastify({
    bodyLimit,
    logger: false,
    genReqId: () => services.deps.ids(),
    routerOptions: { maxParamLength: 1000 },
    return503OnClosing: true,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    frameworkErrors: answerBadAddress,
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  options.trace?.(app);
  await plugins(app, options);
  decorate(app, options);
  setBoundary(app, options.site, options.url);
  report(app, options);
  app.setNotFoundHandler(async (request, reply) => showProblem(request, reply, new Problem('absent')));
  app.get('/language/:locale', chooseLanguage);
  app.get('/openapi.json', async () => app.swagger());
  return app;
};
