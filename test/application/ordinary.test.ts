import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { eraseRegistration } from '#application/eraseRegistration.ts';
import { handleCommand, load } from '#application/handleCommand.ts';
import { carryOutOrdinary } from '#application/ordinaryCarriedOut.ts';
import { type Bearer, voidOrdinary } from '#application/ordinaryCertificates.ts';
import { issueSerial } from '#application/stockCommands.ts';
import { certificateDecider } from '#domain/certificate/decide.ts';
import { ordinaryDecider } from '#domain/certificate/ordinary.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import { stockId } from '#domain/stock/numbers.ts';
import { serialText } from '#domain/stock/serial.ts';
import { couple, operator, type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { registeredCouple } from '../support/registeredCouple.ts';
import { firstSerial } from '../support/stockPlaces.ts';

const [one, other] = ['520111004', '520201002'] as const;
const village = '520111004005';
const system = { kind: 'system', name: 'test' } as const;
let app: Running;
let count = 0;

const supply = async (office: string, from: number, to: number): Promise<void> => {
  const { deps } = app.services;
  const run = { from: firstSerial + from, to: firstSerial + to };
  const act = { commandId: deps.ids(), actor: system };
  await handleCommand(deps, stockDecider, stockId(office, 1), { type: 'EnterPrintRun', run }, act);
};

beforeAll(async () => {
  app = await startApplication();
  await supply(one, 1, 100);
  await supply(other, 1001, 1100);
});
afterAll(() => app.stop());

const issuer = (office: string, account = `fz-${office}`): Staff => ({
  ...operator(office, account),
  authorisations: ['issueOrdinaryCertificates'],
});
const act = (staff: Staff) => ({ staff, commandId: app.services.deps.ids() });
const bearerOf = ({ wife }: RegistrationData): Bearer => ({
  document: 'idCard',
  name: wife.name,
  documentNumber: wife.idNumber,
});
const registered = async () => {
  count += 1;
  const data = declarationOf(village, count);
  const { id } = await registeredCouple(app, data);
  return { id, data, bearer: bearerOf(data) };
};
const serial = (n: number) => serialText(1, firstSerial + n);
const lost = (of: string) => ({ serial: of, reason: 'lost', note: '搬家时遗失' }) as const;
const heldBy = async (office: string) => (await load(app.services.deps, stockDecider, stockId(office, 1))).state.held;
const verified = async (number: string) => (await app.services.certificates.verify(number)).outcome;
const issue = async (id: string, bearer: Bearer, office: string = one) => {
  const issued = await app.services.ordinary.issueOrdinary(id, act(issuer(office)), { bearer });
  if (issued.outcome !== 'done') throw new Error(JSON.stringify(issued));
  return issued.serial;
};

describe('issuing an ordinary certificate (C3–C5)', () => {
  it('takes the lowest serial of the office, and it verifies by number and by its signed code', async () => {
    const { id, bearer } = await registered();
    const number = await issue(id, bearer);
    expect(number).toBe(serial(1));
    expect((await heldBy(one))[0]?.from).toBe(firstSerial + 2);
    expect(await app.services.certificates.verify(number)).toMatchObject({
      outcome: 'valid',
      kind: 'ordinary',
      number,
    });
    const [row] = await app.services.deps.viewStore.get('certificate', [number]);
    expect(await verified(String(row?.['code']))).toBe('valid');
    const ofDay = { index: 'ledger', equals: [one, '2026-11-24'], limit: 9 };
    const { rows } = await app.services.deps.viewStore.find('certificate', ofDay);
    expect(rows.map(({ id: listed }) => listed)).toEqual([number]);
    const electronic = await app.services.certificates.content(id, couple);
    expect(electronic?.kind).toBe('electronic');
  });

  it('is done elsewhere in the province too, with the serial that the clerk scanned', async () => {
    const { id, bearer } = await registered();
    const scanned = serial(1050).replaceAll('-', ' ').toLowerCase();
    const issued = await app.services.ordinary.issueOrdinary(id, act(issuer(other)), { bearer, serial: scanned });
    expect(issued).toMatchObject({ outcome: 'done', serial: serial(1050) });
  });

  it('is refused where the serial is not of this office or of this child, or the card is not theirs', async () => {
    const { id, bearer } = await registered();
    const refusalOf = async (issuing: { bearer: Bearer; serial?: string }) => {
      const issued = await app.services.ordinary.issueOrdinary(id, act(issuer(one)), issuing);
      return issued.outcome === 'rejected' ? issued.rejection : issued.outcome;
    };
    expect(await refusalOf({ bearer, serial: serial(1002) })).toEqual({ type: 'notHeld', serial: serial(1002) });
    expect(await refusalOf({ bearer, serial: serialText(2, firstSerial + 3) })).toEqual({
      type: 'wrongParity',
      parity: 2,
    });
    expect(await refusalOf({ bearer, serial: '3' })).toEqual({ type: 'badSerial' });
    const stranger = { ...bearer, documentNumber: declarationOf(village, 900).wife.idNumber };
    expect(await refusalOf({ bearer: stranger })).toEqual({ type: 'otherPerson' });
    expect(await refusalOf({ bearer: { ...bearer, document: 'other', documentNumber: ' ' } })).toEqual({
      type: 'noIdentity',
    });
    expect((await load(app.services.deps, ordinaryDecider, id)).events).toEqual([]);
  });

  it('is for those who may, and not on what is their own', async () => {
    const { id, bearer } = await registered();
    const issued = await app.services.ordinary.issueOrdinary(id, act(operator(one)), { bearer });
    expect(issued).toEqual({ outcome: 'forbidden', reason: 'authorisation' });
  });

  it('answers the same act as the first time, and tells another office where and when', async () => {
    const { id, bearer } = await registered();
    const sent = act(issuer(one));
    const first = await app.services.ordinary.issueOrdinary(id, sent, { bearer });
    expect(await app.services.ordinary.issueOrdinary(id, sent, { bearer })).toEqual(first);
    const second = await app.services.ordinary.issueOrdinary(id, act(issuer(other)), { bearer });
    expect(second).toMatchObject({
      outcome: 'rejected',
      rejection: { type: 'issued', office: one, issuedOn: '2026-11-24' },
    });
  });

  it('by two offices at once is done by one, and the other is told by which', async () => {
    const { id, bearer } = await registered();
    const both = await Promise.all(
      [one, other].map((office) => app.services.ordinary.issueOrdinary(id, act(issuer(office)), { bearer })),
    );
    const [won, told] = both.toSorted((a) => (a.outcome === 'done' ? -1 : 1));
    expect(won?.outcome).toBe('done');
    const { current } = (await load(app.services.deps, ordinaryDecider, id)).state;
    expect(told).toEqual({ outcome: 'rejected', rejection: { type: 'issued', ...current } });
    const index = { index: 'registration', equals: [id], limit: 9 };
    const { rows } = await app.services.deps.viewStore.find('certificate', index);
    expect(rows.filter(({ kind }) => kind === 'ordinary')).toHaveLength(1);
  });
});

describe('issuing at many counters of one office at once', () => {
  it('gives each the next lowest serial, and sent again the same', async () => {
    const sent: { id: string; bearer: Bearer; by: ReturnType<typeof act> }[] = [];
    for (let n = 0; n < 6; n += 1) {
      const { id, bearer } = await registered();
      sent.push({ id, bearer, by: act(issuer(one, `fz-${n}`)) });
    }
    const atOnce = () =>
      Promise.all(sent.map(({ id, bearer, by }) => app.services.ordinary.issueOrdinary(id, by, { bearer })));
    const issued = await atOnce();
    expect(issued.map(({ outcome }) => outcome)).toEqual(sent.map(() => 'done'));
    expect(new Set(issued.map((each) => 'serial' in each && each.serial)).size).toBe(6);
    expect(await atOnce()).toEqual(issued);
  });
});

describe('finding whoever stands at the counter (C4)', () => {
  it('shows masked, at any office, what is registered and whether one was issued; and it is written down', async () => {
    const { id, data, bearer } = await registered();
    const { ordinary, deps } = app.services;
    const find = (text: string) => ordinary.find(issuer(other), text);
    const before = await find(data.husband.idNumber);
    expect(before).toMatchObject({ outcome: 'found', registrations: [{ id, status: 'registered', parity: 1 }] });
    expect(JSON.stringify(before)).not.toContain(data.wife.idNumber);
    const number = await issue(id, bearer);
    const issued = { serial: number, office: one, issuedOn: '2026-11-24' };
    expect(await find(number)).toMatchObject({ outcome: 'found', registrations: [{ id, issued }] });
    expect(await find('1')).toEqual({ outcome: 'found', registrations: [] });
    expect(await ordinary.find(operator(one), number)).toEqual({ outcome: 'forbidden', reason: 'authorisation' });
    await deps.awaitViews(['trail'], await app.stores.eventStore.lastPosition());
    const { rows } = await deps.viewStore.find('trail', { index: 'account', equals: [`fz-${other}`], limit: 50 });
    const looks = rows
      .filter(({ what }) => what === 'searched')
      .toSorted((a, b) => Number(b['count']) - Number(a['count']));
    expect(looks.map(({ reason, count: seen }) => [reason, seen])).toEqual([
      ['atTheCounter', 1],
      ['atTheCounter', 1],
      [undefined, 0],
    ]);
  });
});

describe('what became of an ordinary certificate (C6, R10)', () => {
  it('lost: another takes its place, and the old one verifies as void', async () => {
    const { id, bearer } = await registered();
    const before = await issue(id, bearer);
    const replaced = await app.services.ordinary.replaceOrdinary(id, act(issuer(one)), lost(before), { bearer });
    if (replaced.outcome !== 'done') throw new Error(JSON.stringify(replaced));
    expect([await verified(before), await verified(replaced.serial)]).toEqual(['void', 'valid']);
    const { events } = await load(app.services.deps, certificateDecider, before);
    expect(events.at(-1)).toMatchObject({ data: { reason: 'lost', supersededBy: replaced.serial } });
    const again = await app.services.ordinary.replaceOrdinary(id, act(issuer(one)), lost(before), { bearer });
    expect(again).toEqual({ outcome: 'rejected', rejection: { type: 'notCurrent' } });
  });

  it('spoilt: void, and one can be issued anew', async () => {
    const { id, bearer } = await registered();
    const before = await issue(id, bearer);
    const voiding = { serial: before, reason: 'spoilt', note: '打印错位' } as const;
    expect(await app.services.ordinary.voidOrdinary(id, act(issuer(one)), voiding)).toMatchObject({ outcome: 'done' });
    expect(await verified(before)).toBe('void');
    const { events } = await load(app.services.deps, certificateDecider, before);
    expect(events.at(-1)?.data).not.toHaveProperty('supersededBy');
    expect(await verified(await issue(id, bearer, other))).toBe('valid');
  });

  it('void as soon as its registration no longer stands as it did, once', async () => {
    const { id, bearer } = await registered();
    const number = await issue(id, bearer);
    const { deps } = app.services;
    const again = { commandId: deps.ids(), actor: system };
    const position = await app.stores.eventStore.lastPosition();
    await voidOrdinary(deps, id, { reason: 'superseded', position }, again);
    await voidOrdinary(deps, id, { reason: 'superseded', position }, again);
    const { events } = await load(deps, certificateDecider, number);
    expect(events.map(({ type }) => type)).toEqual(['CertificateIssued', 'CertificateVoided']);
    const since = await issue(id, bearer);
    await voidOrdinary(deps, id, { reason: 'superseded', position }, { commandId: deps.ids(), actor: system });
    expect(await verified(since)).toBe('valid');
  });
});

describe('who may void and replace (C6)', () => {
  it('is the office that issued it and the one that registered the couple; another is told which they are', async () => {
    const { id, bearer } = await registered();
    const number = await issue(id, bearer, other);
    const third = act(issuer('520111005'));
    const told = await app.services.ordinary.voidOrdinary(id, third, lost(number));
    expect(told).toEqual({ outcome: 'rejected', rejection: { type: 'otherOffice', offices: [other, one] } });
    expect(await app.services.ordinary.replaceOrdinary(id, third, lost(number), { bearer })).toEqual(told);
    expect(await verified(number)).toBe('valid');
    const { ordinary } = app.services;
    expect(await ordinary.desk(issuer('520111005'), id)).toMatchObject({ view: { mayVoid: false, lowest: undefined } });
    expect(await ordinary.desk(issuer(one), id)).toMatchObject({ view: { mayVoid: true, handler: `fz-${other}` } });
    expect(await ordinary.voidOrdinary(id, act(issuer(one)), lost(number))).toMatchObject({ outcome: 'done' });
    const again = await issue(id, bearer, other);
    expect(await ordinary.voidOrdinary(id, act(issuer(other)), lost(again))).toMatchObject({ outcome: 'done' });
  });
});

describe('an ordinary certificate whose registration changes (R10)', () => {
  const huaxi: Staff = { ...operator('520111', 'huaxi'), authorisations: ['supervise'] };
  const until = async (number: string, outcome: string) => {
    for (let tries = 0; tries < 500 && (await verified(number)) !== outcome; tries += 1)
      await app.services.deps.wait(10);
    return verified(number);
  };
  const revisionOf = async (id: string) => (await app.services.applicant.view(id))?.row.revision ?? 0;

  it('is void once it is corrected, and another can be issued', async () => {
    const { id, data, bearer } = await registered();
    const number = await issue(id, bearer);
    const changed = { ...data, declaration: { ...data.declaration, mobile: '13885009999' } };
    const documents = [{ kind: 'idCard', number: data.wife.idNumber, shows: '手机号码' }] as const;
    const correcting = { ...act(operator(one)), basedOn: await revisionOf(id) };
    const reason = '录入时漏写一字，与身份证不符';
    const done = await app.services.staff.correct(id, correcting, { data: changed, reason, documents });
    expect(done).toMatchObject({ outcome: 'done' });
    expect(await until(number, 'void')).toBe('void');
    expect(await verified(await issue(id, bearer))).toBe('valid');
  });

  it('is void once it is revoked, and no other is issued', async () => {
    const { id, bearer } = await registered();
    const number = await issue(id, bearer);
    const revoking = { ...act(huaxi), basedOn: await revisionOf(id) };
    const done = await app.services.staff.revoke(id, revoking, {
      reasons: ['other'],
      text: '经查登记有误，予以撤销',
      evidence: '复核记录一份在案',
      heardOn: '2026-11-20',
      statement: '未作陈述',
    });
    expect(done).toMatchObject({ outcome: 'done' });
    expect(await until(number, 'void')).toBe('void');
    const refused = await app.services.ordinary.issueOrdinary(id, act(issuer(one)), { bearer });
    expect(refused).toEqual({ outcome: 'rejected', rejection: { type: 'notRegistered' } });
  });
});

describe('an ordinary certificate of a registration that was erased', () => {
  const erase = async (id: string) => {
    const { now } = app.clock;
    app.clock.now = Date.parse('2037-01-01T02:00:00Z');
    const by = { commandId: app.services.deps.ids(), actor: system };
    const erased = await eraseRegistration(app.services.deps, id, 'retentionEnded', by);
    app.clock.now = now;
    expect(erased).toMatchObject({ outcome: 'done' });
  };
  const refused = { outcome: 'rejected', rejection: { type: 'notRegistered' } };

  it('is not issued', async () => {
    const { id, bearer } = await registered();
    await erase(id);
    expect(await app.services.ordinary.issueOrdinary(id, act(issuer(one)), { bearer })).toEqual(refused);
  });

  it('is neither replaced nor voided', async () => {
    const { id, bearer } = await registered();
    const voiding = lost(await issue(id, bearer));
    await erase(id);
    const { ordinary } = app.services;
    expect(await ordinary.replaceOrdinary(id, act(issuer(one)), voiding, { bearer })).toEqual(refused);
    expect(await ordinary.voidOrdinary(id, act(issuer(one)), voiding)).toEqual(refused);
  });
});

describe('an issue that broke off', () => {
  const assigned = async (n: number) => {
    const { id, bearer } = await registered();
    const { document, ...rest } = bearer;
    const what = { serial: serial(n), parity: 1, office: one, issuedOn: '2026-11-24', handler: 'fz' } as const;
    const assignment = { ...what, identity: { document }, personal: { bearer: rest } };
    const { deps } = app.services;
    const command = { type: 'AssignOrdinary', assignment } as const;
    await handleCommand(deps, ordinaryDecider, id, command, { commandId: deps.ids(), actor: system });
    return { id, bearer };
  };
  const assign = async (n: number) => (await assigned(n)).id;
  const settled = async (id: string) => {
    await carryOutOrdinary(app.services.deps, id, { actor: system });
    return (await load(app.services.deps, ordinaryDecider, id)).state;
  };

  it('after it was decided is carried out, once', async () => {
    const id = await assign(60);
    await Promise.all([settled(id), settled(id)]);
    const { events } = await load(app.services.deps, certificateDecider, serial(60));
    expect(events.map(({ type }) => type)).toEqual(['CertificateIssued']);
    expect(await settled(id)).toMatchObject({ current: { serial: serial(60) } });
  });

  it('fails where the stock gave the serial away meanwhile, and another can be issued', async () => {
    const { deps } = app.services;
    const taken = { serial: firstSerial + 61, registrationId: deps.ids() };
    await issueSerial(deps, { office: one, parity: 1 }, taken, { commandId: deps.ids(), actor: system });
    const id = await assign(61);
    expect((await settled(id)).current).toBeUndefined();
    expect((await load(deps, certificateDecider, serial(61))).state.status).toBe('absent');
  });

  it('fails where another registration was issued that serial, and another can be issued', async () => {
    const { deps } = app.services;
    const first = await assign(63);
    await settled(first);
    const { id, bearer } = await assigned(63);
    expect((await settled(id)).current).toBeUndefined();
    const { events } = await load(deps, ordinaryDecider, id);
    expect(events.at(-1)).toMatchObject({ type: 'OrdinaryCertificateFailed', data: { serial: serial(63) } });
    expect((await load(deps, certificateDecider, serial(63))).state).toMatchObject({ registrationId: first });
    expect(await issue(id, bearer)).not.toBe(serial(63));
  });
});
