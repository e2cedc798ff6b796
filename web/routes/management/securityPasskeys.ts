import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '#application/services.ts';
import { callerOf } from '../../caller.ts';
import { localOnly } from '../../localPath.ts';
import { parsedJson } from '../../parsedJson.ts';
import { Problem } from '../../problems.ts';
import { sessionIn, setToken } from './access.ts';

const addForm = z.object({
  answer: z.string().max(20_000),
  label: z.string().trim().max(40),
  to: z.string().max(2000).optional(),
});
const removeForm = z.object({ credential: z.string().max(1400) });

/** Only browsers have passkeys, by a script of ours: without it the form says so. */
const add = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const typed = addForm.safeParse(request.body);
  if (!typed.success) throw new Problem('invalid');
  const { answer, label, to } = typed.data;
  const caller = callerOf(services, request);
  const named = label === '' ? request.text('security.passkeyUnnamed', { agent: caller.agent }) : label;
  const changed = await services.signIn.addPasskey(
    sessionIn(request),
    { answer: parsedJson(answer), label: named },
    caller,
  );
  if (changed.outcome === 'refused') return reply.redirect('/security?done=gone', 303);
  const back = localOnly(to);
  return setToken(reply, changed.token).redirect(back === '/' ? '/security?done=passkey' : back, 303);
};

const remove = async (services: Services, request: FastifyRequest, reply: FastifyReply) => {
  const typed = removeForm.safeParse(request.body);
  if (!typed.success) throw new Problem('invalid');
  const { outcome } = await services.signIn.removePasskey(sessionIn(request), typed.data.credential);
  return reply.redirect(`/security?done=${outcome === 'done' ? 'passkeyRemoved' : outcome}`, 303);
};

/** One's own passkeys: made, named and removed. */
export const passkeyRoutes = (app: FastifyInstance, services: Services): void => {
  app.post('/security/passkeys/options', async (request) => services.signIn.passkeyCreation(sessionIn(request)));
  app.post('/security/passkeys', (request, reply) => add(services, request, reply));
  app.post('/security/passkeys/remove', (request, reply) => remove(services, request, reply));
};
