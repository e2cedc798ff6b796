import { match, P } from 'ts-pattern';
import type { ShipmentOutcome } from '#application/stockActing.ts';
import type { DispatchOutcome } from '#application/stockCommands.ts';
import type { StockRejection } from '#domain/stock/commands.ts';
import type { PrintedParity } from '#domain/stock/serial.ts';
import type { ShipmentRejection } from '#domain/stock/shipment.ts';
import { Problem } from '../problems.ts';
import { rangesOut, surplusOut } from './stockSchemas.ts';

const invalid = (field: string, code: string, more: Readonly<Record<string, unknown>> = {}) =>
  new Problem('invalid', { errors: [{ field, code }], more });

/** The problem that a refusal of the domain is to a client; its codes are told under `stockWords.errors`. */
const problemOf = (rejection: StockRejection | ShipmentRejection, parity: PrintedParity): Problem =>
  match<StockRejection | ShipmentRejection, Problem>(rejection)
    .with({ type: 'absent' }, ({ type }) => new Problem(type))
    .with({ type: P.union('overlaps', 'notHeld', 'notMissing', 'notVoid') }, ({ type, ranges }) =>
      invalid('ranges', type, { ranges: rangesOut(parity, ranges) }),
    )
    .with({ type: 'differs' }, ({ type, missing, surplus }) =>
      invalid('ranges', type, { missing: rangesOut(parity, missing), surplus: surplusOut(parity, surplus) }),
    )
    .with({ type: 'miscounted' }, ({ type, named }) => invalid('count', type, { named }))
    .with({ type: 'beyondOrder' }, ({ type, count }) => invalid('ranges', type, { count }))
    .with({ type: 'answered' }, ({ type, shipment }) => invalid('order', type, { shipment }))
    .with({ type: 'settled' }, ({ type, how }) => invalid('', type, { how }))
    .with({ type: 'samePerson' }, () => invalid('', 'secondPerson'))
    .with({ type: 'unreasoned' }, () => invalid('reason', 'reasonMissing'))
    .with({ type: 'wrongOffice' }, () => invalid('', 'wrongPlace'))
    .with({ type: 'wrongDestination' }, ({ type }) => invalid('to', type))
    .with({ type: 'badRange' }, ({ type }) => invalid('ranges', type))
    .with({ type: 'badCount' }, ({ type }) => invalid('count', type))
    .with({ type: 'noHolder' }, ({ type }) => invalid('holder', type))
    .with({ type: 'badDay' }, ({ type }) => invalid('destroyedOn', type))
    .with({ type: P.union('noTake', 'proposed', 'noProposal', 'requested', 'noRequest') }, ({ type }) =>
      invalid('', type),
    )
    .exhaustive();

/** Throws the problem where an act on stock was not done; who comes too late is told what happened since. */
export const stockDone = <O extends DispatchOutcome | ShipmentOutcome>(outcome: O, parity: PrintedParity): O => {
  match<DispatchOutcome | ShipmentOutcome>(outcome)
    .with({ outcome: P.union('done', 'dispatched') }, () => undefined)
    .with({ outcome: 'forbidden' }, () => {
      throw new Problem('forbidden');
    })
    .with({ outcome: 'stale' }, ({ since }) => {
      throw new Problem('preconditionFailed', { more: { since } });
    })
    .with({ outcome: 'rejected' }, ({ rejection }) => {
      throw problemOf(rejection, parity);
    })
    .exhaustive();
  return outcome;
};
