import type { FastifyReply, FastifyRequest } from 'fastify';
import { normaliseCertificateNumber } from '#domain/certificate/certificateNumber.ts';
import { limitByAddress } from '../../rateLimit.ts';
import { bodyOf, goTo, hidden, type PublicPages, textOf } from './publicPages.ts';

const verifications = { kind: 'verify', most: 120, windowMs: 10 * 60_000 };
const longest = 1000;
const token = /([\w-]+\.[\w-]+\.[\w-]+)\s*$/;

/** `/verify`: anyone learns whether a certificate holds, by its number or its code (C1). */
export const verifyRoutes = ({ app, services }: PublicPages): void => {
  const form = (request: FastifyRequest, reply: FastifyReply, text: string, error?: string) =>
    reply.page(
      'public/verify',
      {
        title: request.text('public.verify.title'),
        text,
        error,
        errors: error === undefined ? [] : [{ href: '#f-text', message: error }],
        problemCount: error === undefined ? 0 : 1,
      },
      error === undefined ? 200 : 400,
    );

  app.get('/verify', hidden, async (request, reply) => form(request, reply, ''));

  app.post('/verify', { ...hidden, preHandler: app.csrfProtection }, async (request, reply) => {
    const text = textOf(bodyOf(request), 'text').trim();
    if (text === '') return form(request, reply, '', request.text('public.verify.missing'));
    const found = token.exec(text)?.[1] ?? normaliseCertificateNumber(text);
    if (found === undefined || found.length > longest) {
      return form(request, reply, text.slice(0, 200), request.text('public.verify.malformed'));
    }
    return goTo(reply, `/verify/${found}`);
  });

  app.get('/verify/:code', hidden, async (request, reply) => {
    await limitByAddress(services, verifications, request);
    const { code } = request.params as { code: string };
    const verification = await services.certificates.verify(code);
    const title = request.text(`public.verify.titles.${verification.outcome}`);
    return reply.page('public/verified', {
      title,
      verification,
      checkedAt: new Date(services.deps.clock()).toISOString(),
    });
  });
};
