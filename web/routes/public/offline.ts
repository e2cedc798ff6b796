import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Locale, locales, otherLanguages, translate } from '../../locale.ts';
import { Problem } from '../../problems.ts';
import { hidden, type PublicPages } from './publicPages.ts';

const assetFolder = join(import.meta.dirname, '..', '..', 'assets');

const styles = [
  'base',
  'frame',
  'components',
  'forms',
  'public',
  'public-outcome',
  'public-answers',
  'public-offline',
].map((name) => `${name}.css`);
const assets = [
  ...styles,
  'emblem.svg',
  'camera.js',
  'offline.js',
  'offline-data.js',
  'verify-certificate.mjs',
] as const;

const pageOf = (locale: Locale) => `/offline/${locale}`;
const manifestOf = (locale: Locale) => `/offline/${locale}/manifest.webmanifest`;

const asked = (request: FastifyRequest): Locale => {
  const locale = locales.find((one) => one === (request.params as { locale: string }).locale);
  if (locale === undefined) throw new Problem('absent');
  return locale;
};

/** What makes the page a program that can be put on a desktop or a telephone. */
const manifestText = (locale: Locale): string =>
  JSON.stringify({
    id: '/offline',
    name: translate(locale, 'offline.title'),
    short_name: translate(locale, 'offline.shortTitle'),
    lang: locale,
    start_url: pageOf(locale),
    scope: '/offline',
    display: 'standalone',
    background_color: '#ffffff',
    theme_color: '#0b4a8f',
    icons: [{ src: '/assets/emblem.svg', sizes: 'any', type: 'image/svg+xml' }],
  });

/** What stands in the frame of every page of the site but this one: it is the same for everyone, and sets no cookie. */
const pageText = (reply: FastifyReply, locale: Locale, demo: boolean): Promise<string> => {
  const languages = otherLanguages(locale).map((other) => ({ ...other, href: pageOf(other.locale) }));
  const model = { locale, languages, styles, demo, manifest: manifestOf(locale) };
  return reply.viewAsync('public/offline.hbs', model) as Promise<string>;
};

const assetBytes = (name: string): Promise<Buffer> => readFile(join(assetFolder, name));

/** The service worker, which names all that it keeps and changes with any byte of it. */
const workerText = async (reply: FastifyReply, demo: boolean): Promise<string> => {
  const contents = [
    ...(await Promise.all(locales.map((locale) => pageText(reply, locale, demo)))),
    ...locales.map(manifestText),
    ...(await Promise.all(assets.map(assetBytes))),
  ];
  const hash = createHash('sha256');
  for (const content of contents) hash.update(content).update('\0');
  const kept = {
    version: hash.digest('base64url').slice(0, 16),
    pages: locales.map(pageOf),
    files: [...locales.map(manifestOf), ...assets.map((name) => `/assets/${name}`)],
  };
  return `const kept = ${JSON.stringify(kept)};\n${await readFile(join(assetFolder, 'offline-worker.js'), 'utf8')}`;
};

/** `/offline`: verifies certificates without a network once it was visited (C1, C2), for institutions. */
export const offlineRoutes = ({ app, services }: PublicPages): void => {
  const { demo } = services.deps;
  // Asked for again each time, answered anew only where it changed: a worker that is kept for an hour would hold the page back.
  const send = (reply: FastifyReply, type: string, text: string) =>
    reply.type(type).header('Cache-Control', 'no-cache').send(text);
  app.get('/offline', hidden, async (request, reply) =>
    reply.header('Cache-Control', 'no-cache').redirect(pageOf(request.locale)),
  );
  app.get('/offline/:locale', hidden, async (request, reply) =>
    send(reply, 'text/html; charset=utf-8', await pageText(reply, asked(request), demo)),
  );
  app.get('/offline/:locale/manifest.webmanifest', hidden, async (request, reply) =>
    send(reply, 'application/manifest+json', manifestText(asked(request))),
  );
  app.get('/offline/worker.js', hidden, async (_, reply) => {
    reply.header('Service-Worker-Allowed', '/offline');
    return send(reply, 'text/javascript; charset=utf-8', await workerText(reply, demo));
  });
};
