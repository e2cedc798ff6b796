import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { giveReason } from '#application/accessBasis.ts';
import type { Services } from '#application/services.ts';
import { accessReasons, subjectKinds } from '#domain/access/events.ts';
import { localOnly } from '../../localPath.ts';
import { Problem } from '../../problems.ts';
import { wantsJson } from '../../showProblem.ts';
import { staffOf } from './access.ts';
import { keptAt, showForm } from './parkedForms.ts';
import { officeName } from './shown.ts';

const longest = 500;

const form = z.object({
  kind: z.enum(subjectKinds),
  id: z.string().min(1).max(100),
  office: z.string().max(40).default(''),
  to: z.string().max(2000),
  reason: z.string().max(40).default(''),
  text: z.string().max(longest).default(''),
});

type Asked = z.infer<typeof form>;

const errorsIn = (request: FastifyRequest, { reason, text }: Asked) => {
  const chosen = accessReasons.some((code) => code === reason);
  if (!chosen) return [{ field: 'reason', href: '#reason', message: request.text('reason.errors.none') }];
  const bare = reason === 'other' && text.trim() === '';
  return bare ? [{ field: 'text', href: '#text', message: request.text('reason.errors.noText') }] : [];
};

/** Asks why, before personal data are shown; nothing about people stands on this page. */
const ask = (services: Services, request: FastifyRequest, reply: FastifyReply, asked: Asked, told = false) => {
  const errors = told ? errorsIn(request, asked) : [];
  return reply.page(
    'management/reason',
    {
      title: request.text('reason.title'),
      ...asked,
      officeName: asked.office === '' ? undefined : officeName(services, asked.office),
      reasons: accessReasons.map((code) => ({
        code,
        text: request.text(`reason.codes.${code}`),
        hint: request.text(`reason.hints.${code}`),
        checked: code === asked.reason,
      })),
      errors: errors.length > 0 ? errors : undefined,
      errorAt: Object.fromEntries(errors.map(({ field, message }) => [field, message])),
      problemCount: errors.length,
    },
    told ? 400 : 428,
  );
};

/** Shows people the page that asks for the reason, and leads on to the page that was asked for or to the form; programs and pages' scripts get the problem. */
export const askReasons = (app: FastifyInstance, services: Services): void => {
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const subject = error instanceof Problem && error.key === 'reasonDue' ? error.details.subject : undefined;
    if (subject === undefined || wantsJson(request)) throw error;
    const { kind, id, office = '' } = subject;
    const to = (await keptAt(services, request)) ?? request.url;
    return ask(services, request, reply, { kind, id, office, to, reason: '', text: '' });
  });
};

/** `/access-reason`: keeps the reason for half an hour and goes on to the page; shows again what was not done (S6). */
export const reasonRoutes = (app: FastifyInstance, services: Services): void => {
  app.get('/access-reason', async (request, reply) => {
    const asked = form.safeParse(request.parked?.body);
    if (!asked.success) return reply.redirect('/', 303);
    return ask(services, request, reply, asked.data, request.parked?.at.status === 400);
  });
  app.post('/access-reason', async (request, reply) => {
    const typed = form.safeParse(request.body);
    if (!typed.success) throw new Problem('invalid');
    if (errorsIn(request, typed.data).length > 0) return showForm(services, request, reply, { status: 400 });
    const { kind, id, to, text } = typed.data;
    const code = accessReasons.find((one) => one === typed.data.reason) ?? 'other';
    await giveReason(services.deps, staffOf(request), { kind, id }, { code, text: text.trim() });
    return reply.redirect(localOnly(to), 303);
  });
};
