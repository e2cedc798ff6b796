import type { FastifyRequest } from 'fastify';
import { declineReasons, rejectReasons } from '#domain/registration/events.ts';
import { type Typed, untyped } from './typed.ts';

const choicesOf = (request: FastifyRequest, kind: 'reject' | 'decline', codes: readonly string[], typed: Typed) =>
  codes.map((code) => ({
    code,
    text: request.text(`reasons.${kind}.${code}`),
    checked: typed.reasons.includes(code),
    suggestion: code === 'other' ? undefined : request.text(`suggestions.${kind}.${code}`),
  }));

/** What was typed, in the forms that still stand; what no form takes any more is shown to be copied. */
export const typedModel = (request: FastifyRequest, typed: Typed, forms: { review: boolean; decide: boolean }) => {
  const fits = typed.kind === 'reject' ? forms.review : forms.decide;
  const shown = fits ? typed : untyped;
  const lost = fits ? untyped : typed;
  const documents = lost.documents.map(({ number, shows }) => `${number} ${shows}`);
  return {
    typed: shown,
    kept: [lost.text, lost.evidence, ...documents].filter((part) => part.trim() !== '').join('\n') || undefined,
    rejectReasons: choicesOf(request, 'reject', rejectReasons, shown),
    declineReasons: choicesOf(request, 'decline', declineReasons, shown),
    endingOpen: shown.kind === 'reject' || shown.kind === 'decline',
  };
};
