import type { FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import type { OrdinaryState } from '#domain/certificate/ordinary.ts';
import { officeName } from './shown.ts';

/** The certificate that holds, and those that no longer do, in words. */
export const ordinaryStateModel = (
  services: Services,
  request: FastifyRequest,
  { current, voided }: Pick<OrdinaryState, 'current' | 'voided'>,
) => ({
  current: current && { ...current, office: officeName(services, current.office) },
  voided: voided.map(({ serial, reason, voidedOn }) => ({
    serial,
    voidedOn,
    reason: request.text(`ordinary.reasons.${reason}`),
  })),
});
