import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import handlebars from 'handlebars';
import { actorOf } from '#application/actor.ts';
import type { Services } from '#application/services.ts';
import type { StaffView } from '#application/staffView.ts';
import { certificateBody } from '../../certificate/certificatePage.ts';
import { idOf, staffOf, styles } from './access.ts';
import { foundOrProblem } from './casePage.ts';

/** The certificate shows everything, so it is for staff who work on registrations at its office (§3.1.3). */
const printable = async (services: Services, request: FastifyRequest): Promise<StaffView> => {
  const id = idOf(request);
  return foundOrProblem(request, await services.staff.printable(staffOf(request), id)).view;
};

const notYet = (request: FastifyRequest, reply: FastifyReply, id: string, reason: string, status: number) =>
  reply.page('management/noCertificate', { title: request.text(`cases.noCertificate.${reason}`), id, reason }, status);

/** The electronic certificate of a registration: to print, and as a PDF whose making is recorded (C2, §3.1.3). */
export const certificateRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/registrations/:id/certificate', async (request, reply) => {
    const { row, data } = await printable(services, request);
    const content = await services.certificates.content(row.id);
    if (content === undefined) return notYet(request, reply, row.id, 'absent', 404);
    return reply.page('management/certificate', {
      title: request.text('cases.certificateTitle'),
      styles: [...styles, 'certificate.css'],
      id: row.id,
      couple: `${data.wife.name} / ${data.husband.name}`,
      number: content.number,
      certificate: new handlebars.SafeString(certificateBody(content)),
    });
  });

  app.get('/registrations/:id/certificate.pdf', async (request, reply) => {
    const { row } = await printable(services, request);
    const pdf = await services.certificates.pdf(row.id, actorOf(staffOf(request)));
    if (pdf.outcome === 'absent') return notYet(request, reply, row.id, 'absent', 404);
    if (pdf.outcome === 'unavailable') return notYet(request, reply, row.id, pdf.reason, 503);
    return reply
      .type('application/pdf')
      .header('Content-Disposition', 'inline; filename="certificate.pdf"')
      .send(Buffer.from(pdf.bytes));
  });
};
