import type { FastifyInstance } from 'fastify';
import type { Staff } from '#application/actor.ts';
import type { Services } from '#application/services.ts';
import type { InboxFilter } from '#application/staffQueries.ts';
import { staffOf } from './access.ts';

const nobody = '';

/** Tabs where work for these staff lies. Who only registers takes up what reviewers accepted, whoever that was. */
const tasksOf = ({ account, authorisations }: Staff): readonly InboxFilter[] =>
  authorisations.includes('review')
    ? [
        { status: 'accepted', handler: account },
        { status: 'accepted', handler: nobody },
        { status: 'received', handler: account },
        { status: 'submitted', handler: nobody },
      ]
    : [{ status: 'accepted' }];

/** `GET /next`: on to what is due first among what one has, or what nobody has; to the workbench where nothing is left. */
export const nextRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/next', async (request, reply) => {
    const staff = staffOf(request);
    const pages = await Promise.all(tasksOf(staff).map((filter) => services.staff.inbox(staff, filter)));
    const lines = pages.flatMap((page) => page.lines.map(({ row }) => row));
    const [first] = lines.sort((a, b) => a.dueOn.localeCompare(b.dueOn) || a.submittedAt.localeCompare(b.submittedAt));
    return reply.redirect(first === undefined ? '/' : `/registrations/${first.id}`, 303);
  });
};
