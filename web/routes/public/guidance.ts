import { heldDraft } from './drafts.ts';
import { hidden, type PublicPages } from './publicPages.ts';
import { currentVisit } from './visits.ts';

/** `/`: who can register, what to have ready, how long it takes, and the ways in. */
export const guidanceRoutes = ({ app, services }: PublicPages): void => {
  app.get('/', hidden, async (request, reply) => {
    const { policy } = services.ruleContext();
    const { draft } = await heldDraft(services, request);
    return reply.page('public/guidance', {
      title: request.text('public.guidance.title'),
      limits: policy.limits,
      begun: draft !== undefined,
      opened: (await currentVisit(services, request, reply)) !== undefined,
    });
  });
};
