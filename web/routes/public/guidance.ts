import type { FastifyReply } from 'fastify';
import type { Policy } from '#domain/calendar/policy.ts';
import { type Locale, translateFirst } from '../../locale.ts';
import { paritiesOf } from '../../parities.ts';
import { heldDraft } from './drafts.ts';
import { answering, hidden, type PublicPages, type Turn } from './publicPages.ts';
import { hasVisit } from './visits.ts';

/** “第一个或第二个”: the children that can be registered, in words. */
const paritiesText = (locale: Locale, policy: Policy): string => {
  const names = paritiesOf(policy).map((n) =>
    translateFirst(locale, [`public.guidance.parities.${n}`, 'public.guidance.parities.other'], { n }),
  );
  return new Intl.ListFormat(locale, { type: 'disjunction' }).format(names);
};

const show = async ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const { policy } = services.ruleContext();
  const { draft } = await heldDraft(services, request);
  return reply.page('public/guidance', {
    title: request.text('public.guidance.title'),
    parities: paritiesText(request.locale, policy),
    limits: policy.limits,
    begun: draft !== undefined,
    opened: await hasVisit(services, request),
  });
};

/** `/`: who can register, what to have ready, how long it takes, and the ways in. */
export const guidanceRoutes = ({ app, services }: PublicPages): void => {
  app.get('/', hidden, answering(services)(show));
};
