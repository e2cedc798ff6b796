import type { FastifyReply, FastifyRequest } from 'fastify';
import handlebars from 'handlebars';
import { certificateBody } from '../../certificate/certificatePage.ts';
import { goTo, hidden, type PublicPages } from './publicPages.ts';
import { currentVisit } from './visits.ts';

/** `/certificate` and `/certificate.pdf`: the electronic certificate of the registration that is open (C2, A1.3). */
export const certificateRoutes = ({ app, services }: PublicPages): void => {
  const { certificates } = services;

  const issuing = (request: FastifyRequest, reply: FastifyReply) =>
    reply.page('public/noCertificate', { title: request.text('public.certificate.none'), reason: 'none' }, 404);

  app.get('/certificate', hidden, async (request, reply) => {
    const visit = await currentVisit(services, request, reply);
    if (visit === undefined) return goTo(reply, '/lookup?ended');
    const content = await certificates.content(visit.registrationId);
    if (content === undefined) return issuing(request, reply);
    return reply.page('public/certificate', {
      title: request.text('public.certificate.title'),
      styles: ['certificate.css'],
      certificate: new handlebars.SafeString(certificateBody(content)),
    });
  });

  app.get('/certificate.pdf', hidden, async (request, reply) => {
    const visit = await currentVisit(services, request, reply);
    if (visit === undefined) return goTo(reply, '/lookup?ended');
    const pdf = await certificates.pdf(visit.registrationId, { kind: 'applicant' });
    if (pdf.outcome === 'absent') return issuing(request, reply);
    if (pdf.outcome === 'unavailable') {
      const { reason } = pdf;
      return reply.page('public/noCertificate', { title: request.text('public.certificate.noPdf'), reason }, 503);
    }
    const name = encodeURIComponent(request.text('public.certificate.fileName'));
    return reply
      .type('application/pdf')
      .header('Cache-Control', 'no-store')
      .header('Content-Disposition', `inline; filename="certificate.pdf"; filename*=UTF-8''${name}.pdf`)
      .send(Buffer.from(pdf.bytes));
  });
};
