import type { FastifyReply } from 'fastify';
import handlebars from 'handlebars';
import { applicantFrom } from '#application/access.ts';
import { certificateBody } from '../../certificate/certificatePage.ts';
import { pdfDisposition } from '../../certificate/fileName.ts';
import { originOf } from '../../origin.ts';
import { limitByAddress, limits } from '../../rateLimit.ts';
import { answering, goTo, hidden, type PublicPages, type Turn } from './publicPages.ts';
import { currentVisit } from './visits.ts';

const issuing = ({ request, reply }: Turn): Promise<FastifyReply> =>
  reply.page('public/noCertificate', { title: request.text('public.certificate.none'), reason: 'none' }, 404);

const show = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const visit = await currentVisit(services, request, reply);
  if (visit === undefined) return goTo(reply, '/lookup?ended');
  const viewer = applicantFrom(originOf(request, 'public'));
  const content = await services.certificates.content(visit.registrationId, viewer);
  if (content === undefined) return issuing(turn);
  return reply.page('public/certificate', {
    title: request.text('public.certificate.title'),
    ownStyles: ['certificate.css'],
    certificate: new handlebars.SafeString(certificateBody(content)),
  });
};

const download = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const visit = await currentVisit(services, request, reply);
  if (visit === undefined) return goTo(reply, '/lookup?ended');
  await limitByAddress(services, limits.prints, request);
  const pdf = await services.certificates.pdf(visit.registrationId, applicantFrom(originOf(request, 'public')));
  if (pdf.outcome === 'absent') return issuing(turn);
  if (pdf.outcome === 'unavailable') {
    const { reason } = pdf;
    return reply.page('public/noCertificate', { title: request.text('public.certificate.noPdf'), reason }, 503);
  }
  return reply
    .type('application/pdf')
    .header('Cache-Control', 'no-store')
    .header('Content-Disposition', pdfDisposition(visit.view.row.certificate ?? ''))
    .send(Buffer.from(pdf.bytes));
};

const notice = async (turn: Turn): Promise<FastifyReply> => {
  const { services, request, reply } = turn;
  const visit = await currentVisit(services, request, reply);
  if (visit === undefined) return goTo(reply, '/lookup?ended');
  await limitByAddress(services, limits.prints, request);
  const pdf = await services.applicant.revocationNotice(visit.registrationId, originOf(request, 'public'));
  if (pdf.outcome === 'absent') return goTo(reply, '/registration');
  if (pdf.outcome === 'unavailable') {
    const { reason } = pdf;
    return reply.page('public/noCertificate', { title: request.text('public.certificate.noPdf'), reason }, 503);
  }
  return reply
    .type('application/pdf')
    .header('Cache-Control', 'no-store')
    .header('Content-Disposition', 'inline; filename="revocation.pdf"')
    .send(Buffer.from(pdf.bytes));
};

/** `/certificate` and `/certificate.pdf`: the electronic certificate of the registration that is open (C2, A1.3). */
export const certificateRoutes = ({ app, services }: PublicPages): void => {
  const answered = answering(services);
  app.get('/certificate', hidden, answered(show));
  app.get('/certificate.pdf', hidden, answered(download));
  app.get('/registration/revocation.pdf', hidden, answered(notice));
};
