import type { FastifyRequest } from 'fastify';
import type { Services } from '#application/services.ts';
import { documentKinds } from '#domain/registration/documents.ts';
import { scanLimits } from '#domain/registration/scans.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import { scanWords } from '../../scanFile.ts';
import { staffOf } from './access.ts';

/** What `components/management/scans.hbs` shows of a registration; undefined for who may not handle its scans. */
export const scansModel = async (services: Services, request: FastifyRequest, row: RegistrationRow, fault?: string) => {
  const scans = await services.scans.of(staffOf(request), row);
  if (scans === undefined) return undefined;
  const { text } = request;
  return {
    registrationId: row.id,
    scans: scans.map(({ scan, document, mediaType, size, at }) => ({
      scan,
      document: text(`verification.documents.${document}`),
      kind: text(`scans.kinds.${mediaType.split('/')[1]}`),
      size: text('scans.size', { size: Math.max(1, Math.round(size / 1024)) }),
      at,
    })),
    documents: documentKinds.map((kind) => ({ kind, label: text(`verification.documents.${kind}`) })),
    mayAttach: scans.length < scanLimits.count,
    hint: text('scans.hint', scanWords),
    fault,
  };
};
