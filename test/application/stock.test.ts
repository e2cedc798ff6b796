import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Staff } from '#application/actor.ts';
import type { StockOutcome } from '#application/stockActing.ts';
import { issueSerial } from '#application/stockCommands.ts';
import type { Ranges } from '#domain/stock/ranges.ts';
import { sizeOf } from '#domain/stock/ranges.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { firstSerial } from '../support/stockPlaces.ts';

const [province, prefecture, county, one, other] = ['52', '5201', '520111', '520111004', '520111005'] as const;
const parity = 1 as const;
let app: Running;
let commands: Running['services']['stock'];
let queries: Running['services']['stock'];

beforeAll(async () => {
  app = await startApplication();
  commands = app.services.stock;
  queries = app.services.stock;
});
afterAll(() => app.stop());

const keeper = (office: string, name = 'keeper'): Staff => ({
  ...operator(office, `${name}-${office}`),
  authorisations: ['manageStock'],
});
const act = (staff: Staff) => ({ staff, commandId: app.services.deps.ids() });
const at = (office: string) => ({ office, parity });
const serials = (from: number, to: number): Ranges => [{ from: firstSerial + from, to: firstSerial + to }];
const whole = (ranges: Ranges) => ({ ranges, damaged: [], count: sizeOf(ranges), confirmed: false });
const send = async (from: string, to: string, ranges: Ranges, order?: string) => {
  const sent = await commands.dispatch(at(from), act(keeper(from)), { to, ranges, ...(order && { order }) });
  if (sent.outcome !== 'dispatched') throw new Error(JSON.stringify(sent));
  return sent.shipment;
};
const deliver = async (from: string, to: string, ranges: Ranges, order?: string) => {
  const shipment = await send(from, to, ranges, order);
  const received = await commands.receive(shipment, act(keeper(to)), whole(ranges));
  expect(received.outcome).toBe('done');
  return shipment;
};
const countsAt = async (office: string) => {
  const found = await queries.view(keeper(office), at(office));
  return found.outcome === 'found' ? found.view.counts : undefined;
};
const placeOf = (n: number) => queries.place(keeper(other), firstSerial + n, parity);
const rejectionOf = (outcome: { outcome: string } | StockOutcome) =>
  'rejection' in outcome ? outcome.rejection.type : outcome.outcome;

describe('stock from the press to the office', () => {
  it('goes down level by level, each time into other hands', async () => {
    const entered = await commands.enterPrintRun(at(province), act(keeper(province)), {
      from: firstSerial + 1,
      to: firstSerial + 1_000_000,
    });
    expect(entered.outcome).toBe('done');
    await deliver(province, prefecture, serials(1, 1000));
    await deliver(prefecture, county, serials(1, 500));
    await deliver(county, one, serials(1, 100));
    expect(await countsAt(one)).toMatchObject({ held: 100 });
    expect(await countsAt(county)).toMatchObject({ held: 400, inTransit: 0 });
    expect(await placeOf(100)).toEqual({ outcome: 'found', place: { where: 'held', of: one } });
    expect(await placeOf(501)).toEqual({ outcome: 'found', place: { where: 'held', of: prefecture } });
    expect(await placeOf(1_000_001)).toEqual({ outcome: 'found', place: { where: 'nowhere', of: '' } });
  });

  it('enters no serial twice, and none but at the province', async () => {
    const run = { from: firstSerial + 1_000_000, to: firstSerial + 1_000_001 };
    expect(rejectionOf(await commands.enterPrintRun(at(province), act(keeper(province)), run))).toBe('overlaps');
    expect(rejectionOf(await commands.enterPrintRun(at(county), act(keeper(county)), run))).toBe('forbidden');
  });

  it('names what is missing and what should be elsewhere, once the receiver confirms', async () => {
    const shipment = await send(county, other, serials(101, 110));
    expect(await placeOf(105)).toEqual({ outcome: 'found', place: { where: 'inTransit', of: shipment } });
    const own = { ...keeper(other), account: `keeper-${county}` };
    expect(rejectionOf(await commands.receive(shipment, act(own), whole(serials(101, 110))))).toBe('samePerson');
    const seen = { ...whole([...serials(101, 109), ...serials(100, 100)]), damaged: serials(101, 101) };
    const differs = await commands.receive(shipment, act(keeper(other)), seen);
    expect(differs).toEqual({
      outcome: 'rejected',
      rejection: {
        type: 'differs',
        missing: serials(110, 110),
        surplus: [{ ...serials(100, 100)[0], where: 'held', of: one }],
      },
    });
    const confirmed = await commands.receive(shipment, act(keeper(other)), { ...seen, confirmed: true });
    expect(confirmed.outcome).toBe('done');
    expect(await countsAt(other)).toMatchObject({ held: 8, voided: 1 });
    expect(await placeOf(110)).toEqual({ outcome: 'found', place: { where: 'lostInTransit', of: shipment } });
    expect(await placeOf(101)).toEqual({ outcome: 'found', place: { where: 'voided', of: other } });
    await commands.reportFound(shipment, county, act(keeper(county)), serials(110, 110));
    expect(await placeOf(110)).toEqual({ outcome: 'found', place: { where: 'held', of: county } });
  });

  it('comes to an office that asked for it, from another that the county names', async () => {
    await commands.request(at(other), act(keeper(other)), 20);
    const waiting = await queries.requests(keeper(county), county);
    expect(waiting).toMatchObject({ waiting: [{ office: other, request: 1, count: 20 }] });
    const granted = { request: 1, count: 20, source: one };
    expect(rejectionOf(await commands.approve(at(other), act(keeper(one)), granted))).toBe('forbidden');
    expect((await commands.approve(at(other), act(keeper(county)), granted)).outcome).toBe('done');
    const unasked = await commands.dispatch(at(one), act(keeper(one)), { to: other, ranges: serials(81, 100) });
    expect(rejectionOf(unasked)).toBe('wrongDestination');
    await deliver(one, other, serials(81, 100), `${other}-1/1`);
    expect(await countsAt(other)).toMatchObject({ held: 28 });
    const again = { to: other, ranges: serials(61, 80), order: `${other}-1/1` };
    expect(rejectionOf(await commands.dispatch(at(one), act(keeper(one)), again))).toBe('wrongDestination');
  });

  it('is issued where it is held, and tells when it will run out', async () => {
    const { deps } = app.services;
    const actor = { kind: 'staff', account: 'czy', office: one } as const;
    const issue = (n: number, office: string) =>
      issueSerial(
        deps,
        at(office),
        { serial: firstSerial + n, registrationId: deps.ids() },
        { commandId: deps.ids(), actor },
      );
    for (let n = 1; n <= 8; n += 1) expect((await issue(n, one)).outcome).toBe('done');
    expect(rejectionOf(await issue(8, one))).toBe('notHeld');
    expect(rejectionOf(await issue(9, other))).toBe('notHeld');
    await commands.setThreshold(at(one), act(keeper(one)), 75);
    const found = await queries.view(keeper(one), at(one));
    expect(found).toMatchObject({
      view: {
        low: true,
        counts: { held: 72, issued: 8 },
        forecast: { perWeek: 8, runsOutOn: '2027-01-26', suggested: 110 },
      },
    });
  });

  it('adds up to what was printed at every level', async () => {
    await send(county, one, serials(111, 120));
    const found = await queries.totals({ ...keeper(province), authorisations: ['supervise'] }, province, parity);
    if (found.outcome !== 'found') throw new Error('The province does not see its stock.');
    const { printed, ...places } = found.total.counts;
    expect(printed).toBe(1_000_000);
    expect(Object.values(places).reduce((sum, n) => sum + n, 0)).toBe(printed);
    expect(places).toMatchObject({ inTransit: 10, issued: 8, voided: 1 });
    expect(await queries.totals(keeper(one), county, parity)).toEqual({ outcome: 'forbidden', reason: 'office' });
  });

  it('counts what is in the cupboard, and finds it again', async () => {
    const have = [...serials(9, 79)];
    const counted = { ranges: have, count: 71, confirmed: false };
    expect(await commands.count(at(one), act(keeper(one)), counted)).toMatchObject({
      rejection: { type: 'differs', missing: serials(80, 80), surplus: [] },
    });
    await commands.count(at(one), act(keeper(one)), { ...counted, confirmed: true });
    expect(rejectionOf(await commands.confirmCount(at(one), act(keeper(one)), 1))).toBe('samePerson');
    expect(rejectionOf(await commands.confirmCount(at(one), act(keeper(other)), 1))).toBe('forbidden');
    expect((await commands.confirmCount(at(one), act(keeper(county)), 1)).outcome).toBe('done');
    expect(await placeOf(80)).toEqual({ outcome: 'found', place: { where: 'missing', of: one } });
    await commands.count(at(one), act(keeper(one)), { ranges: serials(9, 80), count: 72, confirmed: false });
    await commands.confirmCount(at(one), act(keeper(one, 'second')), 2);
    expect(await countsAt(one)).toMatchObject({ held: 72, missing: 0 });
  });

  it('answers the same act as the first time', async () => {
    const sending = { ...act(keeper(county)) };
    const first = await commands.dispatch(at(county), sending, { to: one, ranges: serials(121, 122) });
    expect(await commands.dispatch(at(county), sending, { to: one, ranges: serials(121, 122) })).toEqual(first);
    if (first.outcome !== 'dispatched') throw new Error(JSON.stringify(first));
    const back = act(keeper(county));
    expect((await commands.takeBack(first.shipment, back)).outcome).toBe('done');
    expect(await commands.takeBack(first.shipment, back)).toMatchObject({ outcome: 'done', repeated: true });
    expect(rejectionOf(await commands.receive(first.shipment, act(keeper(one)), whole(serials(121, 122))))).toBe(
      'settled',
    );
    expect(await placeOf(121)).toEqual({ outcome: 'found', place: { where: 'held', of: county } });
  });
});
