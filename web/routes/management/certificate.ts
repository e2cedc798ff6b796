import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import handlebars from 'handlebars';
import type { Services } from '#application/services.ts';
import { certificateBody } from '../../certificate/certificatePage.ts';
import { pdfDisposition } from '../../certificate/fileName.ts';
import { idOf, staffOf } from './access.ts';
import { foundOrProblem } from './casePage.ts';

/** The certificate shows everything, so it is for staff who work on registrations at its office (§3.1.3). */
const printable = async (services: Services, request: FastifyRequest) =>
  foundOrProblem(request, await services.staff.printable(staffOf(request), idOf(request)));

const notYet = (request: FastifyRequest, reply: FastifyReply, id: string, reason: string, status: number) =>
  reply.page('management/noCertificate', { title: request.text(`cases.noCertificate.${reason}`), id, reason }, status);

/** The electronic certificate of a registration: to print, and as a PDF whose making is recorded (C2, §3.1.3). */
export const certificateRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/registrations/:id/certificate', async (request, reply) => {
    const { row, viewer } = await printable(services, request);
    const content = await services.certificates.content(row.id, viewer);
    if (content === undefined) return notYet(request, reply, row.id, 'absent', 404);
    return reply.page('management/certificate', {
      title: request.text('cases.certificateTitle'),
      ownStyles: ['certificate.css'],
      id: row.id,
      couple: `${content.wife.name} / ${content.husband.name}`,
      number: content.number,
      certificate: new handlebars.SafeString(certificateBody(content)),
    });
  });

  app.get('/registrations/:id/revocation.pdf', async (request, reply) => {
    const id = idOf(request);
    const { pdf } = foundOrProblem(request, await services.staff.revocationNotice(staffOf(request), id));
    if (pdf.outcome === 'absent') return notYet(request, reply, id, 'absent', 404);
    if (pdf.outcome === 'unavailable') return notYet(request, reply, id, pdf.reason, 503);
    return reply
      .type('application/pdf')
      .header('Content-Disposition', 'inline; filename="revocation.pdf"')
      .send(Buffer.from(pdf.bytes));
  });

  app.get('/registrations/:id/certificate.pdf', async (request, reply) => {
    const { row, viewer } = await printable(services, request);
    const pdf = await services.certificates.pdf(row.id, viewer);
    if (pdf.outcome === 'absent') return notYet(request, reply, row.id, 'absent', 404);
    if (pdf.outcome === 'unavailable') return notYet(request, reply, row.id, pdf.reason, 503);
    return reply
      .type('application/pdf')
      .header('Content-Disposition', pdfDisposition(row.certificate ?? ''))
      .send(Buffer.from(pdf.bytes));
  });
};
