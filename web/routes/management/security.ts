import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import type { ListedSession } from '#application/signInSessions.ts';
import { isSecondFactorDemanded } from '#domain/account/signInStage.ts';
import { callerOf } from '../../caller.ts';
import { Problem } from '../../problems.ts';
import { sessionIn, setToken } from './access.ts';
import { appRoutes } from './securityApp.ts';
import { passkeyRoutes } from './securityPasskeys.ts';
import { onlyAt } from './signInSteps.ts';

const endForm = z.object({ which: z.string().max(100) });

/** What the page says was done, or why it was not. */
export const securityNews = [
  'password',
  'app',
  'appRemoved',
  'passkey',
  'passkeyRemoved',
  'sessions',
  'demanded',
  'gone',
] as const;

const instant = (ms: number): string => new Date(ms).toISOString();

const sessionLine = (request: FastifyRequest, { id, agent, network, startedAt, lastSeenAt, stage }: ListedSession) => ({
  id,
  agent: agent === '' ? request.text('security.unknownAgent') : agent,
  network,
  startedAt: instant(startedAt),
  lastSeenAt: instant(lastSeenAt),
  current: id === request.session?.id,
  unfinished: stage !== 'full',
});

const page = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const open = sessionIn(request);
  const { made, sessions, recent } = await services.signIn.own(open);
  const { done } = request.query as { done?: unknown };
  const news = securityNews.find((one) => one === done);
  const trouble = news === 'demanded' || news === 'gone';
  const factors = made && {
    withApp: made.totp !== undefined,
    codesLeft: made.totp?.recoveryHashes.length,
    passkeys: made.passkeys.map(({ credential, label }) => ({ credential, label })),
    demanded: isSecondFactorDemanded(made.role, services.deps.signIn.secondFactor),
  };
  return reply.page('management/security', {
    title: request.text('security.title'),
    ...(news && { news, trouble }),
    ...factors,
    sessions: sessions
      .map((one) => sessionLine(request, one))
      .toSorted((a, b) => Number(b.current) - Number(a.current)),
    others: sessions.some(({ id }) => id !== open.id),
    recent: recent.map(({ row, address }) => ({
      at: row.at,
      what: `history.events.${row.type}`,
      refused: row.type === 'SignInRefused',
      network: address ?? row.from?.network,
    })),
  });
};

const endSession = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const typed = endForm.safeParse(request.body);
  if (!typed.success) throw new Problem('invalid');
  const open = sessionIn(request);
  await services.signIn.endOwn(open, typed.data.which, callerOf(services, request));
  if (typed.data.which === open.id) return setToken(reply, undefined).redirect('/sign-in', 303);
  return reply.redirect('/security?done=sessions', 303);
};

/**
 * One's own security, as a plugin: only soon after one has shown who one is. The pages that set up a second factor are there
 * for who must set one up before anything else, too.
 */
export const securityRoutes = (services: Services) => async (app: FastifyInstance) => {
  app.addHook('onRoute', (route) => {
    route.config = { delicate: '/security', ...route.config };
  });
  app.addHook('onRequest', async (request, reply) => {
    const settingUp = /^\/security\/(?:app|codes|passkeys)\b/.test(request.url);
    return onlyAt(...(settingUp ? (['full', 'enrolment'] as const) : (['full'] as const)))(request, reply);
  });
  app.addHook('preHandler', (request, reply, done) =>
    request.method === 'POST' ? app.csrfProtection(request, reply, done) : done(),
  );
  app.get('/security', (request, reply) => page(services, request, reply));
  app.post('/security/sessions/end', (request, reply) => endSession(services, request, reply));
  appRoutes(app, services);
  passkeyRoutes(app, services);
};
