import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { idOf } from './access.ts';
import { viewFor } from './casePage.ts';
import { formOf } from './typed.ts';

/** What an ending still needs before the couple can be told: a reason, and words. */
export const missingReasons = (request: FastifyRequest, reasons: readonly string[], text: string) => [
  ...(reasons.length === 0 ? [{ field: 'reasons', message: request.text('cases.errors.noReason') }] : []),
  ...(text.trim() === '' ? [{ field: 'text', message: request.text('cases.errors.noText') }] : []),
];

/** Shows what the couple will see, before it is so: confirm, or go back to the form with all that was typed. */
export const previewEnding = async (
  services: Services,
  request: FastifyRequest,
  reply: FastifyReply,
  kind: 'reject' | 'decline',
): Promise<FastifyReply> => {
  const id = idOf(request);
  const { parked } = request;
  if (parked === undefined) return reply.redirect(`/registrations/${id}`, 303);
  const form = formOf(parked.body);
  const view = await viewFor(services, request, id);
  return reply.page('management/ending', {
    title: request.text(`cases.preview.${kind}.title`),
    kind,
    id,
    couple: `${view.data.wife.name} / ${view.data.husband.name}`,
    office: view.office && { name: view.office.name, phone: view.office.phone },
    reasons: form.typed.reasons.map((code) => ({ code, text: request.text(`reasons.${kind}.${code}`) })),
    text: form.typed.text.trim(),
    commandId: form.commandId,
    revision: form.basedOn,
    askedAt: form.askedAt,
    action: `/registrations/${id}/${kind}`,
    edit: request.url.replace(`/${kind}?`, '?'),
  });
};
