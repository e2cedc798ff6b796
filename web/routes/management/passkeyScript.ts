import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';

const bundle = '../dist/bundle/index.umd.min.js';

/** The browser's part of passkeys (@simplewebauthn/browser) as an asset of our own: the content policy asks nothing new. */
export const passkeyScript = (app: FastifyInstance): void => {
  const entry = import.meta.resolve('@simplewebauthn/browser');
  const script = readFileSync(fileURLToPath(new URL(bundle, entry)), 'utf8');
  app.get('/assets/webauthn.js', async (_, reply) =>
    reply.type('text/javascript; charset=utf-8').header('Cache-Control', 'public, max-age=3600').send(script),
  );
};
