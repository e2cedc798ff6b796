import type { FastifyReply, FastifyRequest } from 'fastify';
import { normaliseQueryCode } from '#domain/registration/queryCode.ts';
import { limitByAddress, limitByKey } from '../../rateLimit.ts';
import { closeDraft, heldDraft } from './drafts.ts';
import { bodyOf, goTo, hidden, type PublicPages, textOf } from './publicPages.ts';
import { closeVisit, openVisit } from './visits.ts';

const openings = { kind: 'open', most: 20, windowMs: 10 * 60_000 };
const openingsOfOneCode = { kind: 'openCode', most: 10, windowMs: 60 * 60_000 };

type Typed = { code: string; name: string };

/** `/lookup`: query code and one spouse's name open the registration; wrong and absent answer alike (R4). */
export const lookupRoutes = ({ app, services }: PublicPages): void => {
  const protectedForm = { ...hidden, preHandler: app.csrfProtection };

  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    { code, name }: Typed,
    wrong: readonly string[],
    status: number,
  ) => {
    const errors = wrong.map((key) => ({
      href: key === 'nameMissing' ? '#f-name' : '#f-code',
      message: request.text(`public.lookup.${key}`),
    }));
    const messageOf = (...keys: string[]) => {
      const key = wrong.find((one) => keys.includes(one));
      return key && request.text(`public.lookup.${key}`);
    };
    return reply.page(
      'public/lookup',
      {
        title: request.text('public.lookup.title'),
        ended: (request.query as { ended?: unknown }).ended !== undefined,
        errors,
        problemCount: errors.length,
        code,
        name,
        codeError: messageOf('codeMissing', 'notFound'),
        nameError: messageOf('nameMissing'),
      },
      status,
    );
  };

  app.get('/lookup', hidden, async (request, reply) => show(request, reply, { code: '', name: '' }, [], 200));

  app.post('/lookup', protectedForm, async (request, reply) => {
    const code = textOf(bodyOf(request), 'code').trim();
    const name = textOf(bodyOf(request), 'name').trim();
    const missing = [...(code === '' ? ['codeMissing'] : []), ...(name === '' ? ['nameMissing'] : [])];
    if (missing.length > 0) return show(request, reply, { code, name }, missing, 400);
    await limitByAddress(services, openings, request);
    await limitByKey(services, openingsOfOneCode, normaliseQueryCode(code) ?? code);
    const registrationId = await services.applicant.open(code, name);
    if (registrationId === undefined) return show(request, reply, { code, name }, ['notFound'], 400);
    await openVisit(services, reply, { registrationId, receipt: false });
    return goTo(reply, '/registration');
  });

  /** Closes the registration in this browser, and with it what was taken over from it into the form. */
  app.post('/close', protectedForm, async (request, reply) => {
    const held = await heldDraft(services, request);
    const takenOver = held.draft?.amends !== undefined || held.draft?.predecessor !== undefined;
    if (takenOver || held.submitted !== undefined) await closeDraft(services, reply, held);
    await closeVisit(services, request, reply);
    return goTo(reply, '/lookup');
  });
};
