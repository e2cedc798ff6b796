import { stockDecider } from '#domain/stock/decide.ts';
import { parseShipment, stockId } from '#domain/stock/numbers.ts';
import type { PrintedParity } from '#domain/stock/serial.ts';
import { type Sending, shipmentDecider } from '#domain/stock/shipment.ts';
import { derivedId } from './derivedId.ts';
import { type Act, type Handling, handleCommand, load } from './handleCommand.ts';

/** A shipment as its sender's stream tells it. */
export type Sent = Sending & { parity: PrintedParity; order?: string };

/** What was sent under a number; undefined where nothing was. */
export const sendingOf = async (deps: Handling, shipment: string): Promise<Sent | undefined> => {
  const number = parseShipment(shipment);
  if (number === undefined) return undefined;
  const { from, parity } = number;
  const { state } = await load(deps, stockDecider, stockId(from, parity));
  const sent = state.sent[number.number - 1];
  if (sent === undefined) return undefined;
  const { to, ranges, handedOverBy, order, spoilt } = sent;
  const more = { ...(order === undefined ? {} : { order }), ...(spoilt && { spoilt }) };
  return { from, to, ranges, handedOverBy, parity, ...more };
};

/**
 * Takes into their stocks what a shipment's own stream says has arrived (C7): each arrival once, whoever does it and however
 * often. Answers with the position of the last.
 */
export const takeInArrivals = async (
  deps: Handling,
  shipment: string,
  act: Pick<Act, 'actor' | 'from'>,
): Promise<number> => {
  const sending = await sendingOf(deps, shipment);
  if (sending === undefined) return 0;
  const { state } = await load(deps, shipmentDecider, shipment);
  let position = 0;
  for (const { arrival, at, ranges, damaged, missing } of state.arrivals) {
    const order = at === sending.to ? sending.order : undefined;
    const more = { ...(missing && { missing }), ...(order === undefined ? {} : { order }) };
    const told = { shipment, arrival, ranges, damaged, ...more };
    const command = { type: 'TakeIn', arrival: told } as const;
    const stock = stockId(at, sending.parity);
    const taken = await handleCommand(deps, stockDecider, stock, command, {
      actor: act.actor,
      from: act.from,
      commandId: derivedId(deps.sealing, 'takeIn', `${shipment}/${arrival}`),
    });
    if (taken.outcome === 'done') position = Math.max(position, taken.position);
  }
  return position;
};
