import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { giveReason } from '#application/accessBasis.ts';
import type { Services } from '#application/services.ts';
import { accessReasons, type Subject } from '#domain/access/events.ts';
import { localOnly } from '../../localPath.ts';
import { Problem } from '../../problems.ts';
import { wantsJson } from '../../showProblem.ts';
import { staffOf } from './access.ts';
import { officeName } from './shown.ts';

const kinds = ['registration', 'certificate', 'account', 'organisation'] as const satisfies readonly Subject['kind'][];
const longest = 500;

const form = z.object({
  kind: z.enum(kinds),
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

/** Where to go on to once the reason is given: the page that was asked for, or that of the record. */
const pathOf = (request: FastifyRequest): string =>
  request.method === 'GET' ? request.url : request.url.replace(/^(\/\w+\/[^/?]+).*$/, '$1');

/** Shows people the page that asks for the reason; programs and pages' scripts get the problem. */
export const askReasons = (app: FastifyInstance, services: Services): void => {
  app.setErrorHandler<FastifyError>(async (error, request, reply) => {
    const subject = error instanceof Problem && error.key === 'reasonDue' ? error.details.subject : undefined;
    if (subject === undefined || wantsJson(request)) throw error;
    const { kind, id, office = '' } = subject;
    return ask(services, request, reply, { kind, id, office, to: pathOf(request), reason: '', text: '' });
  });
};

/** `POST /access-reason`: keeps the reason for half an hour and goes on to the page (S6). */
export const reasonRoutes = (app: FastifyInstance, services: Services): void => {
  app.post('/access-reason', async (request, reply) => {
    const typed = form.safeParse(request.body);
    if (!typed.success) throw new Problem('invalid');
    if (errorsIn(request, typed.data).length > 0) return ask(services, request, reply, typed.data, true);
    const { kind, id, to, text } = typed.data;
    const code = accessReasons.find((one) => one === typed.data.reason) ?? 'other';
    await giveReason(services.deps, staffOf(request), { kind, id }, { code, text: text.trim() });
    return reply.redirect(localOnly(to), 303);
  });
};
