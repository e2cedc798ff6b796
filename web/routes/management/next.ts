import type { FastifyInstance } from 'fastify';
import type { Services } from '#application/services.ts';
import { staffOf } from './access.ts';

const order = ['accepted', 'received', 'submitted'] as const;

/** `GET /next`: on to what is due first among what one has, or what nobody has; to the workbench where nothing is left. */
export const nextRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/next', async (request, reply) => {
    const staff = staffOf(request);
    const pages = await Promise.all(
      order.map((status) =>
        services.staff.inbox(staff, { status, handler: status === 'submitted' ? '' : staff.account }),
      ),
    );
    const lines = pages.flatMap((page) => page.lines.map(({ row }) => row));
    const [first] = lines.sort((a, b) => a.dueOn.localeCompare(b.dueOn) || a.submittedAt.localeCompare(b.submittedAt));
    return reply.redirect(first === undefined ? '/' : `/registrations/${first.id}`, 303);
  });
};
