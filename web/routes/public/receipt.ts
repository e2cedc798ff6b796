import { dueText } from '../../dueText.ts';
import { goTo, hidden, type PublicPages } from './publicPages.ts';
import { currentVisit } from './visits.ts';

/** `/receipt`: the query code, shown for half an hour to the browser that submitted; by when the outcome is due (R3). */
export const receiptRoutes = ({ app, services }: PublicPages): void => {
  const { deps, applicant } = services;
  app.get('/receipt', hidden, async (request, reply) => {
    const visit = await currentVisit(services, request, reply);
    if (visit === undefined || !visit.receipt) return goTo(reply, '/lookup?ended');
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
  });
};
