import type { Staff } from '#application/actor.ts';
import type { Deps } from '#application/deps.ts';
import { officesBelow } from '#application/offices.ts';
import { createServices } from '#application/services.ts';
import type { OfStock } from '#application/stockActing.ts';
import { dayInShanghai } from '#domain/calendar/day.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { sizeOf } from '#domain/stock/ranges.ts';
import { type PrintedParity, printedParities } from '#domain/stock/serial.ts';
import { registrationIdOf } from './acts.ts';
import { demoId } from './random.ts';
import { demoStaffOf } from './staff.ts';
import { oldestDay, seedStories } from './stories.ts';

const [province, city, county, focus, short] = ['52', '5201', '520111', '520111004', '520111005'] as const;
const day = 86_400_000;
const keepers: Readonly<Record<string, readonly [gives: string, takes: string]>> = {
  [province]: ['guizhou-zhengjian', 'czy-52'],
  [city]: ['guiyang', 'czy-5201'],
  [county]: ['huaxi', 'czy-520111'],
  [focus]: ['guizhu-yang', 'guizhu-wu'],
};

/** How many serials go where: to the province, each prefecture, each county of 贵阳市, and each township of 花溪区. */
const amounts = {
  1: { printed: 200_000, prefecture: 10_000, county: 400, ownCounty: 2400, township: 60, focus: 60 },
  2: { printed: 160_000, prefecture: 8_000, county: 300, ownCounty: 2000, township: 50, focus: 12 },
} as const;

const [printedOn, toPrefectures, toCounties, toTownships, afterwards] = [0, 2, 5, 8, 12];

/** Who gives serials away, and who takes them in, at an office of the demo. */
const keeperOf = (deps: Deps, office: string, gives: boolean): Staff => {
  const account = keepers[office]?.[gives ? 0 : 1] ?? `czy-${office.toLowerCase()}`;
  const staff = demoStaffOf(account, deps.offices);
  if (staff === undefined) throw new Error(`The demo has no ${account} who keeps stock.`);
  return staff;
};

/** Tells acts of one stock at one time; each is the same act at every start. */
const teller = (deps: Deps, at: number) => {
  const { stock } = createServices({ ...deps, clock: () => Math.min(at, deps.clock()), awaitViews: async () => true });
  const act = (office: string, what: string, gives = true) => ({
    staff: keeperOf(deps, office, gives),
    commandId: demoId(`stock|${office}|${what}`),
  });
  const done = <T extends { outcome: string }>(told: T): T => {
    if (told.outcome !== 'done' && told.outcome !== 'dispatched')
      throw new Error(`Demo stock: ${JSON.stringify(told)}`);
    return told;
  };
  return { stock, act, done };
};
type Teller = ReturnType<typeof teller>;

type Sending = OfStock & { to: string; from: number; count: number; order?: string };

const send = async ({ stock, act, done }: Teller, { office, parity, to, from, count, order }: Sending) => {
  const ranges = [{ from, to: from + count - 1 }];
  const sending = { to, ranges, ...(order && { order }) };
  const sent = done(await stock.dispatch({ office, parity }, act(office, `${parity}|${from}`), sending));
  return { shipment: 'shipment' in sent ? sent.shipment : '', ranges };
};

const deliver = async (told: Teller, sending: Sending): Promise<void> => {
  const { stock, act, done } = told;
  const { shipment, ranges } = await send(told, sending);
  const seen = { ranges, damaged: [], count: sizeOf(ranges), confirmed: false };
  done(await stock.receive(shipment, act(sending.to, shipment, false), seen));
};

/** Delivers to everyone right below, so many to each, from a serial on; answers with the first serial that each has. */
const deliverBelow = async (
  deps: Deps,
  at: number,
  { office, parity, from }: OfStock & { from: number },
  countFor: (to: string) => number,
): Promise<ReadonlyMap<string, number>> => {
  const told = teller(deps, at);
  const firsts = new Map<string, number>();
  let next = from;
  for (const { code: to } of officesBelow(deps.offices, office)) {
    const count = countFor(to);
    await deliver(told, { office, parity, to, from: next, count });
    firsts.set(to, next);
    next += count;
  }
  return firsts.set(office, next);
};

/** From the press to the desks, level by level; answers with the first serials that 花溪区 has left and 贵筑街道 has. */
const handDown = async (deps: Deps, start: number, parity: PrintedParity, first: number) => {
  const amount = amounts[parity];
  const on = (days: number) => start + days * day;
  const { stock, act, done } = teller(deps, on(printedOn));
  const run = { from: first, to: first + amount.printed - 1 };
  done(await stock.enterPrintRun({ office: province, parity }, act(province, `run|${parity}`), run));
  const below = (office: string, from: number | undefined, days: number, countFor: (to: string) => number) =>
    deliverBelow(deps, on(days), { office, parity, from: from ?? first }, countFor);
  const inPrefectures = await below(province, first, toPrefectures, () => amount.prefecture);
  const inCounties = await below(city, inPrefectures.get(city), toCounties, (to) =>
    to === county ? amount.ownCounty : amount.county,
  );
  const special: Readonly<Record<string, number>> = { [focus]: amount.focus, [short]: 10 };
  const atDesks = await below(county, inCounties.get(county), toTownships, (to) => special[to] ?? amount.township);
  return { inCounty: atDesks.get(county) ?? first, atFocus: atDesks.get(focus) ?? first };
};

/** What is going on today: 贵筑街道 is to receive what it asked for, and 花溪区 to decide on a request. */
const goOn = async (deps: Deps, start: number, { inCounty, atFocus }: { inCounty: number; atFocus: number }) => {
  const { stock, act, done } = teller(deps, start + afterwards * day);
  const [first, second] = printedParities.map((parity) => ({ office: focus, parity }));
  if (first === undefined || second === undefined) return;
  for (const each of [first, second, { office: short, parity: first.parity }]) {
    done(await stock.setThreshold(each, act(each.office, `threshold|${each.parity}`), 15));
  }
  const spoilt = [{ from: atFocus, to: atFocus + 1 }];
  done(await stock.voidSerials(first, act(focus, 'void'), spoilt, 'misprinted'));
  const lately = teller(deps, deps.clock() - day);
  done(await lately.stock.request(second, lately.act(focus, 'request'), 40));
  const granted = { request: 1, count: 40, source: county };
  done(await lately.stock.approve(second, lately.act(county, `grant ${focus}`), granted));
  const order = `${stockId(focus, second.parity)}/1`;
  await send(lately, { office: county, parity: second.parity, to: focus, from: inCounty, count: 40, order });
  const asking = { office: short, parity: first.parity };
  done(await lately.stock.request(asking, lately.act(short, 'request'), 50));
};

/** Before the demo's registrations; in a log that has them already it is as of now. */
const startOf = async ({ eventStore, clock, divisions }: Deps): Promise<number> => {
  const { last } = seedStories(divisions);
  const registered = await eventStore.readStream(`registration-${registrationIdOf(last, 0)}`);
  return registered.length > 0 ? clock() : clock() - 2 * oldestDay * day;
};

/**
 * Fills the demo's stocks (C7) from this year's print runs, for every prefecture, the counties of 贵阳市 and the townships of
 * 花溪区. Happens once: the last request marks the end, and a seed that was killed goes on. Rejects only where a store cannot answer.
 */
export const seedStock = async (deps: Deps): Promise<void> => {
  const last = await deps.eventStore.readStream(`stock-${stockId(short, 1)}`);
  if (last.some(({ type }) => type.startsWith('StockRequested.'))) return;
  const start = await startOf(deps);
  const first = Number(`${dayInShanghai(start).slice(0, 4)}00000001`);
  const [ones, twos] = await Promise.all(printedParities.map((parity) => handDown(deps, start, parity, first)));
  await goOn(deps, start, { inCounty: twos?.inCounty ?? 0, atFocus: ones?.atFocus ?? 0 });
};
