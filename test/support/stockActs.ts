import { fc } from '@fast-check/vitest';
import type { Relation } from '#domain/stock/commands.ts';
import { disposalKinds } from '#domain/stock/events.ts';
import { firstOf, type Range } from '#domain/stock/ranges.ts';
import type { ShipmentState } from '#domain/stock/shipment.ts';
import type { StockState } from '#domain/stock/state.ts';
import { firstSerial } from './stockPlaces.ts';

/** Whom each office of the small tree of tests reports to. */
const parents: Readonly<Record<string, string>> = { '52': '', '5201': '52', '5203': '52', '520111': '5201' };
export const offices = Object.keys(parents);

/** What one is to another in it. */
export const relation = (office: string, to: string): Relation => {
  if (parents[to] === office) return 'child';
  return parents[office] === to ? 'parent' : 'other';
};

const mostSerials = 40;
export const today = '2026-11-24';
const range: fc.Arbitrary<Range> = fc
  .tuple(fc.integer({ min: 1, max: mostSerials }), fc.nat(15))
  .map(([from, length]) => ({ from: firstSerial + from, to: firstSerial + from + length }));
const office = fc.constantFrom(...offices);
const ranges = fc.array(range, { minLength: 1, maxLength: 2 });
/** Half of the time what the books have, else anything. */
const seen = fc.option(ranges, { freq: 2 });
const nth = fc.nat(5);
/** Five times of six a number by which the act is pointed at what is held. */
const aim = fc.option(fc.nat(99));
const person = fc.constantFrom('first', 'second');

/** One act of somebody somewhere; many are refused. `tell` takes in what is decided of the n-th shipment. */
export const stockAct = fc.oneof(
  { weight: 2, arbitrary: fc.record({ act: fc.constant('print' as const), range }) },
  {
    weight: 5,
    arbitrary: fc.record({
      act: fc.constant('dispatch' as const),
      aim,
      office,
      to: office,
      ranges: seen,
      person,
      spoilt: fc.option(fc.constant(true as const), { freq: 3, nil: undefined }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('receive' as const),
      nth,
      seen,
      part: fc.boolean(),
      damaged: fc.boolean(),
      person,
      confirmed: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ act: fc.constant('tell' as const), nth }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('takeBack' as const), nth }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('find' as const), nth, office, ranges: seen }) },
  { weight: 3, arbitrary: fc.record({ act: fc.constant('issue' as const), aim, office, range }) },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('void' as const), aim, office, ranges }) },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('count' as const), aim, office, seen, confirmed: fc.boolean(), person }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ act: fc.constant('confirm' as const), aim, office, newest: fc.boolean(), person }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('propose' as const),
      aim,
      office,
      kind: fc.constantFrom(...disposalKinds),
      ranges: seen,
      person,
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('approve' as const), aim, office, person }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('dismiss' as const), office, person }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('takeOver' as const), aim, nth, office }) },
);
export type StockAct = typeof stockAct extends fc.Arbitrary<infer A> ? A : never;

/** What there is to point an act at. */
export type Aims = {
  stockOf: (office: string) => StockState;
  shipments: ReadonlyMap<string, ShipmentState>;
  takes: ReadonlyMap<string, { by: string }>;
  proposals: ReadonlyMap<string, { by: string }>;
};

type Aimed = Extract<StockAct, { aim: number | null }>;
type Of<T extends Aimed['act']> = Extract<Aimed, { act: T }>;

/** At what one person told, by the other. */
const atTold = <O extends Of<'confirm' | 'approve'>>(one: O, told: ReadonlyMap<string, { by: string }>): O => {
  const [first] = told;
  if (first === undefined) return one;
  const [at, { by }] = first;
  const aimed = { ...one, office: at, person: by === 'first' ? 'second' : 'first' };
  return aimed.act === 'confirm' ? { ...aimed, newest: true } : aimed;
};

/** At serials that are missing or void, missing ones first. */
const atHarmed = (one: Of<'propose'>, { stockOf }: Aims): StockAct => {
  const at = (set: 'missing' | 'voided') => offices.find((each) => stockOf(each)[set].length > 0);
  const [missing, voided] = [at('missing'), at('voided')];
  if (missing !== undefined) return { ...one, kind: 'writeOff', office: missing, ranges: null };
  return voided === undefined ? one : { ...one, kind: 'destruction', office: voided, ranges: null };
};

/** Void ones, as they are: they are few. */
const atVoid = (one: Of<'dispatch'>, { stockOf }: Aims): StockAct => {
  const from = offices.find((each) => each !== '52' && stockOf(each).voided.length > 0);
  return from === undefined ? one : { ...one, office: from, to: parents[from] ?? '', ranges: null };
};

const atLost = (one: Of<'takeOver'>, { stockOf, shipments }: Aims): StockAct => {
  const all = offices.flatMap((from) => stockOf(from).sent.map(({ shipment }) => ({ shipment, from })));
  const nth = all.findIndex(({ shipment }) => (shipments.get(shipment)?.missing.length ?? 0) > 0);
  return nth === -1 ? one : { ...one, nth, office: all[nth]?.from ?? '' };
};

/** At what an office holds. */
const atHeld = (one: Of<'dispatch' | 'issue' | 'void' | 'count'>, aim: number, { stockOf }: Aims): StockAct => {
  const holders = offices.filter((each) => stockOf(each).held.length > 0);
  const from = holders[aim % holders.length];
  if (from === undefined) return one;
  const { held } = stockOf(from);
  const some = [...firstOf(held.slice(aim % held.length), 1 + (aim % 12))];
  const near = offices.filter((each) => relation(from, each) !== 'other');
  const to = near[aim % near.length] ?? from;
  if (one.act === 'dispatch') return { ...one, office: from, to, ranges: some };
  if (one.act === 'count') return { ...one, office: from, seen: some, confirmed: true };
  if (one.act === 'issue') return { ...one, office: from, range: some[0] ?? one.range };
  return { ...one, office: from, ranges: some };
};

/** Points an act at what is there, so that most of them can be done. */
export const aimedAt = (one: StockAct, aims: Aims): StockAct => {
  if (!('aim' in one) || one.aim === null) return one;
  switch (one.act) {
    case 'confirm':
      return atTold(one, aims.takes);
    case 'approve':
      return atTold(one, aims.proposals);
    case 'propose':
      return atHarmed(one, aims);
    case 'takeOver':
      return atLost(one, aims);
    case 'dispatch':
      return one.spoilt ? atVoid(one, aims) : atHeld(one, one.aim, aims);
    case 'issue':
    case 'void':
    case 'count':
      return atHeld(one, one.aim, aims);
  }
};
