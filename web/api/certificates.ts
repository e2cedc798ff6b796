import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { applicantFrom } from '#application/access.ts';
import type { RenderedDocument } from '#application/documents.ts';
import type { Services } from '#application/services.ts';
import { pdfDisposition } from '../certificate/fileName.ts';
import { originOf } from '../origin.ts';
import { Problem } from '../problems.ts';
import { limitByAddress, limits } from '../rateLimit.ts';
import { type Api, apiOf, withBearer } from './document.ts';
import { heldBy } from './holder.ts';
import { problems, verificationSchema } from './schemas.ts';

/** The bytes of a PDF; throws `absent` before the certificate is issued, `unavailable` where none can be made now. */
export const pdfBytes = (rendered: RenderedDocument | { outcome: 'absent' }): Buffer => {
  if (rendered.outcome === 'absent') throw new Problem('absent');
  if (rendered.outcome === 'unavailable') throw new Problem('unavailable', { more: { reason: rendered.reason } });
  return Buffer.from(rendered.bytes);
};

const downloading = (api: Api, services: Services): void => {
  const schema = {
    summary: '电子生育服务证 · The electronic certificate as PDF',
    security: withBearer,
    produces: ['application/pdf'],
    response: problems(401, 404, 429, 503),
  };
  api.get('/api/v1/registration/certificate.pdf', { schema }, async (request, reply) => {
    const { row } = await heldBy(services, request);
    await limitByAddress(services, limits.prints, request);
    const bytes = pdfBytes(await services.certificates.pdf(row.id, applicantFrom(originOf(request, 'public'))));
    return reply
      .type('application/pdf')
      .header('Content-Disposition', pdfDisposition(row.certificate ?? ''))
      .send(bytes as never);
  });
};

const verifying = (api: Api, services: Services): void => {
  const schema = {
    summary: '查验证件 · Verify a certificate number or scanned code (C1)',
    body: z.object({ certificate: z.string().min(1).max(1000) }),
    response: { 200: verificationSchema, ...problems(400, 429) },
  };
  api.post('/api/v1/certificates/verify', { schema }, async (request) => {
    await limitByAddress(services, limits.verifications, request);
    return services.certificates.verify(request.body.certificate);
  });
};

/** Certificates for their couple, verification for everyone (C1, C2), and the keys codes are verified with. */
export const certificateApi = (app: FastifyInstance, services: Services): void => {
  const api = apiOf(app);
  downloading(api, services);
  verifying(api, services);
  const schema = { summary: '验证公钥 · Public keys of verification codes', response: { 200: z.unknown() } };
  api.get('/.well-known/jwks.json', { schema }, async (_, reply) => {
    reply.header('Cache-Control', 'public, max-age=3600');
    return services.deps.certificateCodes.jwks();
  });
};
