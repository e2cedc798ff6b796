import type { FastifyRequest } from 'fastify';
import { match, P } from 'ts-pattern';
import type { Services } from '#application/services.ts';
import type { ShipmentOutcome } from '#application/stockActing.ts';
import type { DispatchOutcome } from '#application/stockCommands.ts';
import type { StockRejection } from '#domain/stock/commands.ts';
import type { Surplus } from '#domain/stock/events.ts';
import type { Ranges } from '#domain/stock/ranges.ts';
import type { ShipmentRejection } from '#domain/stock/shipment.ts';
import { hasText } from '../../locale.ts';
import { Problem } from '../../problems.ts';
import { rangesText } from '../../serials.ts';
import type { Fault, Refused } from './refused.ts';
import { officeName } from './shown.ts';

/** What somebody found to be otherwise than in the books, as a form shows it before it is confirmed. */
export type Differences = { missing: Ranges; surplus: Surplus };

/** The field of which form a refusal is about; its code is told under `stockWords.errors`. */
const faultOf = (rejection: StockRejection | ShipmentRejection): Fault =>
  match<StockRejection | ShipmentRejection, Fault>(rejection)
    .with({ type: P.union('overlaps', 'notHeld', 'notMissing', 'notVoid') }, ({ type, ranges }) => {
      return { field: 'ranges', code: type, fill: { ranges } };
    })
    .with({ type: 'differs' }, ({ type, missing, surplus }) => {
      return { field: 'ranges', code: type, fill: { missing, surplus } };
    })
    .with({ type: 'miscounted' }, ({ type, named }) => ({ field: 'count', code: type, fill: { named } }))
    .with({ type: 'beyondOrder' }, ({ type, count }) => ({ field: 'ranges', code: type, fill: { count } }))
    .with({ type: 'badRange' }, ({ type }) => ({ field: 'ranges', code: type }))
    .with({ type: 'badCount' }, ({ type }) => ({ field: 'count', code: type }))
    .with({ type: 'wrongDestination' }, ({ type }) => ({ field: 'to', code: type }))
    .with({ type: 'unreasoned' }, () => ({ field: 'reason', code: 'reasonMissing' }))
    .with({ type: 'noHolder' }, ({ type }) => ({ field: 'holder', code: type }))
    .with({ type: 'badDay' }, ({ type }) => ({ field: 'destroyedOn', code: type }))
    .with({ type: 'samePerson' }, () => ({ field: 'form', code: 'secondPerson' }))
    .with({ type: 'wrongOffice' }, () => ({ field: 'form', code: 'wrongPlace' }))
    .with(
      { type: P.union('answered', 'settled', 'noTake', 'proposed', 'noProposal', 'requested', 'noRequest') },
      (one) => {
        return { field: 'form', code: one.type };
      },
    )
    .with({ type: 'absent' }, () => {
      throw new Problem('absent');
    })
    .exhaustive();

/** Why an act did nothing, as its form says it; undefined where it was done. */
export const refusalOf = (outcome: DispatchOutcome | ShipmentOutcome): Refused | undefined =>
  match<DispatchOutcome | ShipmentOutcome, Refused | undefined>(outcome)
    .with({ outcome: P.union('done', 'dispatched') }, () => undefined)
    .with({ outcome: 'stale' }, () => ({ status: 409, stale: true }))
    .with({ outcome: 'rejected' }, ({ rejection }) => ({ status: 400, faults: [faultOf(rejection)] }))
    .with({ outcome: 'forbidden' }, () => {
      throw new Problem('forbidden');
    })
    .exhaustive();

/** The differences that a refusal names, undefined where it names none. */
export const differencesIn = (refused: Refused | undefined): Differences | undefined =>
  refused?.faults?.find(({ code }) => code === 'differs')?.fill as Differences | undefined;

/** Where the books have serials, in words. */
export const placeText = (
  services: Services,
  request: FastifyRequest,
  { where, of }: Omit<Surplus[number], 'from' | 'to'>,
) => request.text(`stockWords.places.${where}`, { of: /ransit$/.test(where) ? of : officeName(services, of) });

const messageOf = (request: FastifyRequest, { code, fill }: Fault): string => {
  const message = request.text(
    [`stock.errors.${code}`, `stockWords.errors.${code}`].find((key) => hasText(request.locale, key)) ?? code,
    fill,
  );
  const ranges = fill?.['ranges'] as Ranges | undefined;
  return ranges === undefined
    ? message
    : request.text('stock.errors.named', { message, ranges: rangesText(request.locale, ranges) });
};

/** What is wrong, as the top of a form and its fields show it. */
export const refusalModel = (request: FastifyRequest, refused: Refused | undefined) => {
  const errors = (refused?.faults ?? [])
    .filter(({ code }) => code !== 'differs')
    .map((fault) => ({ field: fault.field, message: messageOf(request, fault) }));
  return {
    stale: refused?.stale,
    errors: errors.length > 0 ? errors : undefined,
    errorAt: Object.fromEntries(errors.map(({ field, message }) => [field, message])),
    problemCount: errors.length,
  };
};
