import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { handleCommand, load } from '#application/handleCommand.ts';
import { sendingOf } from '#application/stockArrivals.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import type { Ranges } from '#domain/stock/ranges.ts';
import { sizeOf } from '#domain/stock/ranges.ts';
import { shipmentDecider } from '#domain/stock/shipment.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { noStaff, operator, type Running, startApplication } from '../support/application.ts';
import { firstSerial } from '../support/stockPlaces.ts';

const [province, prefecture, county, one, other] = ['52', '5201', '520111', '520111004', '520111005'] as const;
const merging = '520111208';
const parity = 2 as const;
const some = demoOrganisations(loadDivisions()).filter(({ code }) =>
  [province, prefecture, county, one, other, merging].includes(code),
);
let app: Running;
let stock: Running['services']['stock'];

const keeper = (office: string, name = 'keeper'): Staff => ({
  ...operator(office, `${name}-${office}`),
  authorisations: ['manageStock'],
});
const act = (staff: Staff) => ({ staff, commandId: app.services.deps.ids() });
const at = (office: string) => ({ office, parity });
const serials = (from: number, to = from): Ranges => [{ from: firstSerial + from, to: firstSerial + to }];
const whole = (ranges: Ranges) => ({ ranges, damaged: [], count: sizeOf(ranges), confirmed: false });
type Sent = { spoilt?: true; order?: string; by?: string };
const send = async (from: string, to: string, ranges: Ranges, { by = 'keeper', ...more }: Sent = {}) => {
  const sent = await stock.dispatch(at(from), act(keeper(from, by)), { to, ranges, ...more });
  if (sent.outcome !== 'dispatched') throw new Error(JSON.stringify(sent));
  return sent.shipment;
};
const deliver = async (from: string, to: string, ranges: Ranges, more: Sent = {}) => {
  const shipment = await send(from, to, ranges, more);
  expect((await stock.receive(shipment, act(keeper(to)), whole(ranges))).outcome).toBe('done');
  return shipment;
};
const placeOf = async (n: number) => {
  const found = await stock.place(keeper(province), firstSerial + n, parity);
  return found.outcome === 'found' ? `${found.place.where} ${found.place.of}` : found.outcome;
};
const viewAt = async (office: string, by = keeper(office)) => {
  const found = await stock.view(by, at(office));
  if (found.outcome !== 'found') throw new Error(found.reason);
  return found;
};
const waiting = async (staff: Staff) => {
  const found = await stock.waiting(staff);
  if (found.outcome !== 'found') throw new Error(found.reason);
  return found;
};
const outcomeOf = (done: { outcome: string; rejection?: { type: string } }) => done.rejection?.type ?? done.outcome;

beforeAll(async () => {
  app = await startApplication(undefined, some);
  app.services.deps.staff = { ...noStaff, find: async (name) => (name.startsWith('keeper') ? keeper(one) : undefined) };
  stock = app.services.stock;
  await stock.enterPrintRun(at(province), act(keeper(province)), { from: firstSerial + 1, to: firstSerial + 1000 });
  await deliver(province, prefecture, serials(1, 500));
  await deliver(prefecture, county, serials(1, 200));
  await deliver(county, one, serials(1, 50));
});
afterAll(() => app.stop());

describe('what is missing', () => {
  it('is named with who took it in last, and written off by two people', async () => {
    const counted = { ranges: [...serials(1, 9), ...serials(11, 50)], count: 49, confirmed: true };
    await stock.count(at(one), act(keeper(one)), counted);
    expect((await waiting(keeper(one, 'second'))).toConfirm).toMatchObject([{ what: 'count', number: 1 }]);
    expect((await waiting(keeper(one))).toConfirm).toEqual([]);
    await stock.confirmCount(at(one), act(keeper(one, 'second')), 1);
    const { missing } = await viewAt(one);
    expect(missing).toEqual([{ ...serials(10)[0], holder: `keeper-${one}`, shipment: `${county}-2-1` }]);
    const told = { kind: 'writeOff', ranges: serials(10), reason: '搬迁时遗失' } as const;
    const unknown = await stock.proposeDisposal(at(one), act(keeper(one)), { ...told, holder: 'nobody' });
    expect(outcomeOf(unknown)).toBe('noHolder');
    const holder = missing[0]?.holder ?? '';
    expect(outcomeOf(await stock.proposeDisposal(at(one), act(keeper(one)), { ...told, holder }))).toBe('done');
    expect(outcomeOf(await stock.approveDisposal(at(one), act(keeper(one)), 1))).toBe('samePerson');
    expect(outcomeOf(await stock.approveDisposal(at(one), act(keeper(other)), 1))).toBe('forbidden');
    expect(outcomeOf(await stock.approveDisposal(at(one), act(keeper(county)), 1))).toBe('done');
    expect(await placeOf(10)).toBe(`writtenOff ${one}`);
    expect((await viewAt(one)).disposals).toMatchObject([
      { kind: 'writeOff', status: 'done', holder, reason: '搬迁时遗失', decidedBy: `keeper-${county}` },
    ]);
  });

  it('on its way is its sender’s to answer for', async () => {
    const shipment = await send(county, one, serials(51, 60));
    const seen = { ...whole(serials(51, 59)), confirmed: true };
    await stock.receive(shipment, act(keeper(one)), seen);
    expect(await placeOf(60)).toBe(`lostInTransit ${shipment}`);
    expect(outcomeOf(await stock.takeOverLoss(shipment, act(keeper(one)), serials(60)))).toBe('forbidden');
    expect(outcomeOf(await stock.takeOverLoss(shipment, act(keeper(county)), serials(60)))).toBe('done');
    expect(await placeOf(60)).toBe(`missing ${county}`);
    expect((await viewAt(county)).missing).toEqual([{ ...serials(60)[0], holder: `keeper-${county}`, shipment }]);
  });
});

describe('what is void', () => {
  it('goes up as void, and is destroyed before a witness', async () => {
    await stock.voidSerials(at(one), act(keeper(one)), serials(5, 6), 'spoilt');
    const shipment = await send(one, county, serials(5, 6), { spoilt: true });
    expect(await placeOf(5)).toBe(`inTransit ${shipment}`);
    await stock.receive(shipment, act(keeper(county)), whole(serials(5, 6)));
    expect(await placeOf(5)).toBe(`voided ${county}`);
    const told = { kind: 'destruction', destroyedOn: '2026-11-24', ranges: serials(5, 6), reason: '碎纸销毁' } as const;
    await stock.proposeDisposal(at(county), act(keeper(county)), told);
    expect((await waiting(keeper(county, 'second'))).toConfirm).toMatchObject([{ what: 'destruction', number: 1 }]);
    await stock.approveDisposal(at(county), act(keeper(county, 'second')), 1);
    expect(await placeOf(6)).toBe(`destroyed ${county}`);
  });

  it('stays void where it comes back', async () => {
    await stock.voidSerials(at(one), act(keeper(one)), serials(7), 'damaged');
    const shipment = await send(one, county, serials(7), { spoilt: true });
    await stock.takeBack(shipment, act(keeper(one)));
    expect(await placeOf(7)).toBe(`voided ${one}`);
  });
});

describe('a process that died before it took in what had arrived', () => {
  it('leaves serials on their way until the reaction comes along the log, which takes them in once', async () => {
    const { deps } = app.services;
    const shipment = await send(county, other, serials(61, 70));
    const sending = await sendingOf(deps, shipment);
    const seen = { at: other, ...whole(serials(61, 70)), by: 'keeper', places: [] };
    const settling = { commandId: deps.ids(), actor: { kind: 'system', name: 'dying' } } as const;
    await handleCommand(deps, shipmentDecider, shipment, { type: 'ReceiveShipment', sending, ...seen }, settling);
    await vi.waitFor(async () => expect(await placeOf(61)).toBe(`held ${other}`), { timeout: 20_000 });
    const again = await stock.receive(shipment, act(keeper(other)), whole(serials(61, 70)));
    expect(outcomeOf(again)).toBe('settled');
    const taken = await app.stores.eventStore.readStream(`stock-${other}-${parity}`);
    expect(taken.filter(({ type }) => type === 'StockReceived.v1')).toHaveLength(1);
  });
});

describe('what waits for whom', () => {
  it('are requests for the level above, orders for the source, shipments for who is to receive them', async () => {
    await stock.setThreshold(at(other), act(keeper(other)), 20);
    await stock.request(at(other), act(keeper(other)), 15);
    expect(await waiting(keeper(other))).toMatchObject({ low: [{ office: other }], count: 1 });
    const [asked] = (await waiting(keeper(county))).toDecide;
    expect(asked).toMatchObject({ office: other, count: 15 });
    await stock.approve(at(other), act(keeper(county)), { request: 1, count: 15, source: one });
    expect((await waiting(keeper(county))).toDecide).toEqual([]);
    const order = `${other}-${parity}/1`;
    expect((await waiting(keeper(one))).toSend).toMatchObject([{ office: other, name: order, count: 15 }]);
    const shipment = await send(one, other, serials(30, 44), { order });
    expect((await waiting(keeper(one))).toSend).toEqual([]);
    expect((await waiting(keeper(other))).toReceive).toMatchObject([{ id: shipment, from: one }]);
    expect(await stock.shipment(keeper(county), shipment)).toMatchObject({ row: { id: shipment } });
    expect(await stock.shipment(keeper(merging), shipment)).toMatchObject({ outcome: 'forbidden' });
    await stock.receive(shipment, act(keeper(other)), whole(serials(30, 44)));
    expect(await waiting(keeper(other))).toMatchObject({ toReceive: [], low: [] });
    expect(await stock.waiting({ ...keeper(other), authorisations: ['supervise'] })).toMatchObject({
      outcome: 'forbidden',
    });
  });
});

describe('the stock of an organisation that merged', () => {
  it('is received for it, sent on and taken in by its successor’s people', async () => {
    const { deps, organisations } = app.services;
    await deliver(county, merging, serials(71, 80));
    const late = await send(county, merging, serials(81, 85));
    const admin: Staff = { ...operator(county, 'gly'), role: 'admin' };
    expect((await organisations.merge(merging, act(admin), other)).outcome).toBe('done');
    await vi.waitFor(() => expect(deps.offices.current(merging)).toBe(other));
    expect((await waiting(keeper(other))).toReceive).toMatchObject([{ id: late, to: merging }]);
    await stock.receive(late, act(keeper(other)), whole(serials(81, 85)));
    const before = await viewAt(other);
    expect(before.merged).toMatchObject([{ office: merging, counts: { held: 15 } }]);
    const sent = await stock.dispatch(at(merging), act(keeper(other)), { to: other, ranges: serials(71, 85) });
    if (sent.outcome !== 'dispatched') throw new Error(JSON.stringify(sent));
    const own = await stock.receive(sent.shipment, act(keeper(other)), whole(serials(71, 85)));
    expect(outcomeOf(own)).toBe('samePerson');
    await stock.receive(sent.shipment, act(keeper(other, 'second')), whole(serials(71, 85)));
    expect(await placeOf(85)).toBe(`held ${other}`);
    const totals = await stock.totals(keeper(county), county, parity);
    if (totals.outcome !== 'found') throw new Error(totals.reason);
    const { own: ownView, below, total } = totals;
    const held = [ownView, ...below.map(({ view }) => view)].map(({ counts }) => counts.held);
    expect(held.reduce((sum, n) => sum + n, 0)).toBe(total.counts.held);
  });
});

describe('what the views and the trail tell of all this', () => {
  it('is what the streams say, for every stock and shipment', async () => {
    const { deps } = app.services;
    const row = async (view: string, id: string) => (await deps.viewStore.get(view, [id]))[0];
    for (const office of [province, prefecture, county, one, other, merging]) {
      const { state, revision } = await load(deps, stockDecider, `${office}-${parity}`);
      const { sent, arrivals: _, disposals, disposal: __, requests, ...sets } = state;
      const seen = await row('stock', `${office}-${parity}`);
      expect(seen).toMatchObject({ ...sets, revision, requests });
      expect(seen?.['disposals']).toHaveLength(disposals);
      for (const { shipment, ranges } of sent) {
        const settled = await load(deps, shipmentDecider, shipment);
        const { arrivals, ...how } = settled.state;
        expect(await row('shipment', shipment)).toMatchObject({
          ...how,
          ranges,
          arrivals: arrivals.map((arrival) => ({ ...arrival, takenIn: true })),
          revision: settled.revision === 'none' ? -1 : settled.revision,
        });
      }
    }
  });

  it('is who did what to a stock or a shipment, found by their numbers or by a serial (S6)', async () => {
    const { audit, deps } = app.services;
    const auditor: Staff = { ...operator(county, 'auditor'), authorisations: ['readAuditTrail'] };
    await deps.awaitViews(['trail'], await app.stores.eventStore.lastPosition());
    const serial = await audit.find(auditor, { kind: 'stock', id: 'GZ2-2026-00000010' });
    expect(serial).toEqual({ outcome: 'found', record: { kind: 'stock', id: `${one}-2` } });
    const trail = await audit.record(auditor, { kind: 'stock', id: `${one}-2` });
    if (trail.outcome !== 'found') throw new Error(trail.outcome);
    const written = trail.events.find(({ type }) => type === 'SerialsWrittenOff');
    expect(written).toMatchObject({
      meta: { actor: { account: `keeper-${county}` } },
      data: { holder: `keeper-${one}` },
    });
    const shipment = await audit.record(auditor, { kind: 'shipment', id: `${county}-2-2` });
    expect(shipment).toMatchObject({ linked: { kind: 'stock', id: `${county}-2` } });
    expect((await audit.record(auditor, { kind: 'stock', id: `${province}-2` })).outcome).toBe('forbidden');
    const lines = await audit.person(auditor, `keeper-${one}`, {});
    expect(lines.outcome === 'found' && lines.lines.map(({ row }) => row.about)).toContain(`stock:${one}-2`);
  });
});
