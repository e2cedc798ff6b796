import type { FastifyReply } from 'fastify';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { retentionOn } from '#domain/calendar/retention.ts';
import { answering, hidden, type PublicPages, type Turn } from './publicPages.ts';

const show = ({ services, request, reply }: Turn): Promise<FastifyReply> => {
  const { years } = retentionOn(dayInShanghai(services.deps.clock()));
  const kept = Object.entries(years).map(([status, kept]) => ({ status, years: kept }));
  return reply.page('public/privacy', { title: request.text('privacy.title'), kept });
};

/** `/personal-data`: what a couple is told before they give personal data (PIPL art. 17). */
export const privacyRoutes = ({ app, services }: PublicPages): void => {
  app.get('/personal-data', hidden, answering(services)(show));
};
