import type { FastifyRequest } from 'fastify';
import { match, P } from 'ts-pattern';
import type { OrdinaryOutcome, OrdinaryRefusal } from '#application/ordinaryCertificates.ts';
import type { Services } from '#application/services.ts';
import { Problem } from '../../problems.ts';
import type { Fault } from './refused.ts';
import { officeName, parityText } from './shown.ts';

/** Which field a refusal is about, and what fills its text; what is about none of them stands under `form`. */
const faultOf = (services: Services, request: FastifyRequest, rejection: OrdinaryRefusal): Fault =>
  match(rejection)
    .returnType<Fault>()
    .with({ type: 'issued' }, ({ type, serial, office, issuedOn }) => {
      return { field: 'form', code: type, fill: { serial, office: officeName(services, office), day: issuedOn } };
    })
    .with({ type: 'otherOffice' }, ({ type, offices }) => {
      const names = offices.map((code) => officeName(services, code)).join(request.text('ordinary.or'));
      return { field: 'form', code: type, fill: { offices: names } };
    })
    .with({ type: 'wrongParity' }, ({ type, parity }) => {
      return { field: 'serial', code: type, fill: { parity: parityText(request, parity) } };
    })
    .with({ type: 'notHeld' }, ({ type, serial }) => ({ field: 'serial', code: type, fill: { serial } }))
    .with({ type: P.union('badSerial', 'used', 'outOfStock') }, ({ type }) => ({ field: 'serial', code: type }))
    .with({ type: P.union('noIdentity', 'otherPerson') }, ({ type }) => ({ field: 'documentNumber', code: type }))
    .with({ type: P.union('notCurrent', 'notRegistered', 'notPrinted') }, ({ type }) => ({ field: 'form', code: type }))
    .exhaustive();

/** Why no certificate was issued or voided, of which field; undefined where it was. Absent and forbidden are problems. */
export const ordinaryFault = (
  services: Services,
  request: FastifyRequest,
  outcome: OrdinaryOutcome,
): Fault | undefined =>
  match(outcome)
    .returnType<Fault | undefined>()
    .with({ outcome: 'done' }, () => undefined)
    .with({ outcome: 'rejected' }, ({ rejection }) => faultOf(services, request, rejection))
    .with({ outcome: 'stale' }, () => ({ field: 'form', code: 'changed' }))
    .with({ outcome: 'forbidden' }, ({ reason }) => {
      throw new Problem('forbidden', { detail: request.text(`cases.forbidden.${reason}`) });
    })
    .with({ outcome: 'absent' }, () => {
      throw new Problem('absent');
    })
    .exhaustive();
