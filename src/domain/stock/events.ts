import type { Range, Ranges } from './ranges.ts';

/** What sends serials on: down to a child, back up, to another as the level above ordered, or to a successor. */
export const purposes = ['dispatch', 'return', 'reallocate', 'merger'] as const;
export type Purpose = (typeof purposes)[number];

/** Why a certificate was spoilt before it was issued. */
export const voidReasons = ['misprinted', 'spoilt', 'damaged'] as const;
export type VoidReason = (typeof voidReasons)[number];

/**
 * Where serials are by the books; `of` is the organisation's code, or for what is on its way or was lost there the
 * shipment's number; empty for serials that were never printed.
 */
export type Place = {
  where: 'held' | 'issued' | 'voided' | 'missing' | 'inTransit' | 'lostInTransit' | 'nowhere';
  of: string;
};

/** Serials that lie where the books have them elsewhere. */
export type Surplus = readonly (Range & Place)[];

/** The province had serials printed (§3.2.2): they are its own from then on. */
export type PrintRunEntered = { type: 'PrintRunEntered'; data: Range };

/**
 * Serials left an organisation and are on their way to another: `shipment` numbers it as `<from>-<parity>-<n>`,
 * `handedOverBy` is the account that gave them away, `order` the request or order that it answers.
 */
export type StockDispatched = {
  type: 'StockDispatched';
  data: { shipment: string; to: string; purpose: Purpose; ranges: Ranges; handedOverBy: string; order?: string };
};

/** What arrived was taken in; `arrival` is its number within the shipment; `damaged` are no good but here. */
export type StockReceived = {
  type: 'StockReceived';
  data: { shipment: string; arrival: number; ranges: Ranges; damaged: Ranges; order?: string };
};

/** One serial became the ordinary certificate of a registration (C5). */
export type SerialIssued = { type: 'SerialIssued'; data: { serial: number; registrationId: string } };

/** Serials were spoilt before they were issued. */
export type SerialsVoided = { type: 'SerialsVoided'; data: { ranges: Ranges; reason: VoidReason } };

/** The stock was counted; `missing` were held by the books, `found` were missing until then. */
export type StockCounted = {
  type: 'StockCounted';
  data: { count: number; missing: Ranges; found: Ranges; surplus: Surplus };
};

/** The organisation asked the level above for so many (§3.1.4); requests and orders are numbered from 1. */
export type StockRequested = { type: 'StockRequested'; data: { request: number; count: number } };

/** The level above granted it: `source` is the organisation that is to send them. */
export type StockRequestApproved = {
  type: 'StockRequestApproved';
  data: { request: number; count: number; source: string };
};
export type StockRequestRefused = {
  type: 'StockRequestRefused';
  data: { request: number; personal: { reason: string } };
};

/** The level above ordered so many from another organisation for this one, unasked (§3.2.2). */
export type ReallocationOrdered = {
  type: 'ReallocationOrdered';
  data: { request: number; count: number; source: string };
};

/** From so few on the organisation is warned; 0: never. */
export type ThresholdSet = { type: 'ThresholdSet'; data: { threshold: number } };

/** One stock: one organisation's serials of one parity. */
export type StockEvent =
  | PrintRunEntered
  | StockDispatched
  | StockReceived
  | SerialIssued
  | SerialsVoided
  | StockCounted
  | StockRequested
  | StockRequestApproved
  | StockRequestRefused
  | ReallocationOrdered
  | ThresholdSet;

/** The receiver counted what came (two people: `receivedBy` is another than handed over) and how it differs from what was sent. */
export type ShipmentReceived = {
  type: 'ShipmentReceived';
  data: { at: string; ranges: Ranges; damaged: Ranges; missing: Ranges; surplus: Surplus; receivedBy: string };
};

/** It never came to the receiver: all of it went back to who sent it. */
export type ShipmentTakenBack = {
  type: 'ShipmentTakenBack';
  data: { at: string; ranges: Ranges; takenBackBy: string };
};

/** Serials that had been missing turned up at the receiver's or the sender's. */
export type MissingSerialsFound = {
  type: 'MissingSerialsFound';
  data: { arrival: number; at: string; ranges: Ranges; foundBy: string };
};

/** One shipment: its stream begins when it ends on its way. */
export type ShipmentEvent = ShipmentReceived | ShipmentTakenBack | MissingSerialsFound;
