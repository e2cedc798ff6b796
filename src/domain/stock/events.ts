import type { Day } from '../calendar/day.ts';
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
  where:
    | 'held'
    | 'issued'
    | 'voided'
    | 'missing'
    | 'writtenOff'
    | 'destroyed'
    | 'inTransit'
    | 'lostInTransit'
    | 'nowhere';
  of: string;
};

/** Serials that lie where the books have them elsewhere. */
export type Surplus = readonly (Range & Place)[];

/** The province had serials printed (§3.2.2): they are its own from then on. */
export type PrintRunEntered = { type: 'PrintRunEntered'; data: Range };

/**
 * Serials left an organisation and are on their way to another: `shipment` numbers it as `<from>-<parity>-<n>`,
 * `handedOverBy` is the account that gave them away, `order` the request or order that it answers. `spoilt`: void ones, which
 * go up to be destroyed.
 */
export type StockDispatched = {
  type: 'StockDispatched';
  data: {
    shipment: string;
    to: string;
    purpose: Purpose;
    ranges: Ranges;
    handedOverBy: string;
    order?: string;
    spoilt?: true;
  };
};

/**
 * What arrived was taken in; `arrival` is its number within the shipment; `damaged` are no good but here, `missing` were lost on
 * the way and are the sender's to answer for.
 */
export type StockReceived = {
  type: 'StockReceived';
  data: {
    shipment: string;
    arrival: number;
    ranges: Ranges;
    damaged: Ranges;
    missing?: Ranges;
    order?: string;
  };
};

/** One serial became the ordinary certificate of a registration (C5). */
export type SerialIssued = { type: 'SerialIssued'; data: { serial: number; registrationId: string } };

/** Serials were spoilt before they were issued. */
export type SerialsVoided = { type: 'SerialsVoided'; data: { ranges: Ranges; reason: VoidReason } };

/**
 * Somebody counted the stock, takes numbered from 1; nothing moves until another person confirms it. `missing` were held by the
 * books, `found` were missing until then, `surplus` should lie elsewhere.
 */
export type StockTaken = {
  type: 'StockTaken';
  data: { take: number; count: number; missing: Ranges; found: Ranges; surplus: Surplus; takenBy: string };
};

/** A stock-take was confirmed by a second person: from then on what it found missing is missing. */
export type StockCounted = {
  type: 'StockCounted';
  data: { count: number; missing: Ranges; found: Ranges; surplus: Surplus; take?: number; confirmedBy?: string };
};

/** What ends serials that are gone or no good: missing ones are written off, void ones destroyed. */
export const disposalKinds = ['writeOff', 'destruction'] as const;
export type DisposalKind = (typeof disposalKinds)[number];

/** `holder`: the account that had them last; `destroyedOn`: the day on which they were, before a witness. */
export type DisposalOf = { kind: 'writeOff'; holder: string } | { kind: 'destruction'; destroyedOn: Day };

/** Somebody told why missing serials are to be written off, or how void ones were destroyed: it takes a second person. */
export type DisposalProposed = {
  type: 'DisposalProposed';
  data: { disposal: number; ranges: Ranges; proposedBy: string; personal: { reason: string } } & DisposalOf;
};
export type DisposalDismissed = {
  type: 'DisposalDismissed';
  data: { disposal: number; dismissedBy: string; personal: { reason: string } };
};

/** A second person agreed: missing serials are given up for good. */
export type SerialsWrittenOff = {
  type: 'SerialsWrittenOff';
  data: { disposal: number; ranges: Ranges; holder: string; approvedBy: string };
};

/** A second person saw it: void serials are no more. */
export type SpoiltSerialsDestroyed = {
  type: 'SpoiltSerialsDestroyed';
  data: { disposal: number; ranges: Ranges; destroyedOn: Day; witnessedBy: string };
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
  | StockTaken
  | StockCounted
  | DisposalProposed
  | DisposalDismissed
  | SerialsWrittenOff
  | SpoiltSerialsDestroyed
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

/** It never came to the receiver: all of it went back to who sent it; `spoilt`: void as before. */
export type ShipmentTakenBack = {
  type: 'ShipmentTakenBack';
  data: { at: string; ranges: Ranges; takenBackBy: string; spoilt?: true };
};

/** Serials that had been missing turned up at the receiver's or the sender's. */
export type MissingSerialsFound = {
  type: 'MissingSerialsFound';
  data: { arrival: number; at: string; ranges: Ranges; foundBy: string; spoilt?: true };
};

/** What was lost on the way became its sender's to answer for: missing there, to be written off. */
export type LossTakenOver = {
  type: 'LossTakenOver';
  data: { arrival: number; at: string; ranges: Ranges; takenOverBy: string };
};

/** One shipment: its stream begins when it ends on its way. */
export type ShipmentEvent = ShipmentReceived | ShipmentTakenBack | MissingSerialsFound | LossTakenOver;
