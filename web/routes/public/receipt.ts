import type { FastifyReply } from 'fastify';
import { dueText } from '../../dueText.ts';
import { answering, goTo, hidden, type PublicPages, type Turn } from './publicPages.ts';
import { currentVisit } from './visits.ts';

const show = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const { deps, applicant } = services;
  const visit = await currentVisit(services, request, reply);
  if (visit === undefined || deps.clock() >= (visit.receiptUntil ?? 0)) return goTo(reply, '/lookup?ended');
  const { row, office } = visit.view;
  const due = (day: string) => dueText(deps, request.locale, row.office, day);
  return reply.page('public/receipt', {
    title: request.text('public.receipt.title'),
    code: applicant.queryCode(row.id),
    reviewDue: due(row.reviewDueOn),
    outcomeDue: due(row.outcomeDueOn),
    submittedAt: row.submittedAt,
    office,
  });
};

/** `/receipt`: the query code, shown for half an hour to the browser that submitted; by when the outcome is due (R3). */
export const receiptRoutes = ({ app, services }: PublicPages): void => {
  app.get('/receipt', hidden, answering(services)(show));
};
