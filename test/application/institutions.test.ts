import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { bornBefore } from '#application/bornBefore.ts';
import { coupleKey } from '#application/declare.ts';
import { handleCommand, load } from '#application/handleCommand.ts';
import { createServices } from '#application/services.ts';
import { checkDecider } from '#domain/check/decide.ts';
import { reservationDecider } from '#domain/couple/reservation.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { officesOf } from '../support/offices.ts';
import { registeredCouple } from '../support/registeredCouple.ts';

const [hospital, other] = ['520111-H01', '520103-H01'] as const;
const village = '520111004005';
const child = { bornOn: '2026-11-23', sex: 'female', outcome: 'live' } as const;
let app: Running;
let count = 0;

beforeAll(async () => {
  app = await startApplication();
  const { deps } = app.services;
  const second = deps.offices
    .all()
    .filter(({ code }) => code === hospital)
    .map((one) => ({ ...one, code: other, parent: '520103' }));
  const offices = officesOf([...deps.offices.all(), ...second]);
  app = { ...app, services: createServices({ ...deps, offices }) };
});
afterAll(() => app.stop());

const nurse = (institution: string = hospital): Staff => ({
  ...operator(institution, `hs-${institution}`),
  authorisations: ['checkRegistration', 'annotateBirth'],
});
const act = (staff: Staff) => ({ staff, commandId: app.services.deps.ids() });
const registered = async () => {
  count += 1;
  const data = declarationOf(village, count);
  const { id, content } = await registeredCouple(app, data);
  return { id, data, number: content.number, code: content.code };
};
const submitted = async () => {
  count += 1;
  const data = declarationOf(village, count);
  const id = app.services.deps.ids();
  await app.services.applicant.submit(id, data, { commandId: app.services.deps.ids() });
  return { id, data };
};
const check = async (by: 'number' | 'code' | 'idNumber', text: string, staff = nurse()) => {
  const { institutions } = app.services;
  const checked = await institutions.check(staff, act(staff), { by, text });
  if (checked.outcome !== 'checked') throw new Error(checked.outcome);
  const shown = await institutions.shown(staff, checked.id);
  if (shown.outcome !== 'found') throw new Error(shown.outcome);
  return shown.check;
};
const annotate = (id: string, certificate: string, staff = nurse(), children = [child]) =>
  app.services.institutions.annotate(id, act(staff), { certificate, children });
const eventsOf = async (id: string) =>
  (await load(app.services.deps, registrationDecider, id)).events.map(({ type }) => type);

describe('checking a registration (M1)', () => {
  it('finds it by certificate number, by code and by her ID number, and shows it masked', async () => {
    const { id, data, number, code } = await registered();
    for (const [by, text] of [
      ['number', number.toLowerCase()],
      ['code', code],
      ['idNumber', data.wife.idNumber],
    ] as const) {
      const shown = await check(by, text);
      expect(shown).toMatchObject({ by, outcome: 'registered', certificate: number, found: { id, now: 'registered' } });
      expect(JSON.stringify(shown)).not.toContain(data.wife.idNumber);
      expect(JSON.stringify(shown)).not.toContain(data.wife.name);
    }
  });

  it('sent again under its id is the same check; of someone else under that id it is none', async () => {
    const [first, second] = [declarationOf(village, 950), declarationOf(village, 951)];
    const { institutions } = app.services;
    const once = act(nurse());
    const asked = (text: string) => institutions.check(nurse(), once, { by: 'idNumber', text });
    expect(await asked(first.wife.idNumber)).toEqual({ outcome: 'checked', id: once.commandId });
    expect(await asked(first.wife.idNumber)).toEqual({ outcome: 'checked', id: once.commandId });
    expect(await asked(second.wife.idNumber)).toEqual({ outcome: 'otherContent' });
  });

  it('tells what is under review, unregistered, unknown or forged', async () => {
    const { data } = await submitted();
    expect(await check('idNumber', data.wife.idNumber)).toMatchObject({ outcome: 'underReview' });
    const stranger = declarationOf(village, 900).wife.idNumber;
    expect(await check('idNumber', stranger)).toMatchObject({ outcome: 'unregistered' });
    const { number, code } = await registered();
    const [head, , signature] = code.split('.');
    expect(await check('code', `${head}.eyJuIjoiMSJ9.${signature}`)).toMatchObject({ outcome: 'forged' });
    const misread = `${number.slice(0, -1)}${(Number(number.at(-1)) + 1) % 10}`;
    expect(await check('number', misread).catch(({ message }) => message)).not.toMatchObject({ outcome: 'registered' });
  });

  it('looks for nothing, and records nothing, where no such number can be', async () => {
    const { institutions, deps } = app.services;
    const commandId = deps.ids();
    expect(
      await institutions.check(nurse(), { staff: nurse(), commandId }, { by: 'idNumber', text: '520111' }),
    ).toEqual({ outcome: 'malformed' });
    expect((await load(deps, checkDecider, commandId)).events).toEqual([]);
  });

  it('happens once however often it is sent, and only its own institution sees it', async () => {
    const { institutions, deps } = app.services;
    const stranger = declarationOf(village, 901).wife.idNumber;
    const sent = { staff: nurse(), commandId: deps.ids() };
    for (const _ of [1, 2]) {
      expect(await institutions.check(nurse(), sent, { by: 'idNumber', text: stranger })).toEqual({
        outcome: 'checked',
        id: sent.commandId,
      });
    }
    expect((await load(deps, checkDecider, sent.commandId)).events).toHaveLength(1);
    expect(await institutions.shown(nurse(other), sent.commandId)).toEqual({ outcome: 'absent' });
  });
});

describe('telling a woman to register (M1)', () => {
  it('is recorded once, and followed up until she has registered', async () => {
    const { institutions } = app.services;
    count += 1;
    const data = declarationOf(village, count);
    const { id } = await check('idNumber', data.wife.idNumber);
    const tell = () => institutions.tell(nurse(), id, act(nurse()), { how: 'leaflet', office: '520111004' });
    expect((await tell()).outcome).toBe('done');
    expect((await tell()).outcome).toBe('done');
    const followed = async () => (await institutions.followUps(nurse())).filter((line) => line.id === id);
    expect(await followed()).toMatchObject([{ how: 'leaflet', office: '520111004', since: 'nothing' }]);
    app.clock.now += 60_000;
    await registeredCouple(app, data);
    expect(await followed()).toMatchObject([{ since: 'registered' }]);
    expect(JSON.stringify(await followed())).not.toMatch(/woman/);
  });

  it('names no office that there is not, and tells nobody who is registered', async () => {
    const { institutions } = app.services;
    const { number } = await registered();
    const { id } = await check('number', number);
    expect(await institutions.tell(nurse(), id, act(nurse()), { how: 'leaflet', office: '999' })).toMatchObject({
      rejection: { type: 'unknownOffice' },
    });
    expect(await institutions.tell(nurse(), id, act(nurse()), { how: 'spoken' })).toMatchObject({
      rejection: { type: 'registered' },
    });
  });
});

describe('annotating a birth (M2)', () => {
  it('stands on the registration, and the next check says that it is born', async () => {
    const { id, number } = await registered();
    expect((await annotate(id, number)).outcome).toBe('done');
    const shown = await check('number', number);
    expect(shown).toMatchObject({
      outcome: 'born',
      found: { birth: { institution: hospital, liveBorn: 1, children: [child] } },
    });
    const elsewhere = await check('number', number, nurse(other));
    expect(elsewhere.found?.birth).toEqual(expect.not.objectContaining({ children: expect.anything() }));
  });

  it('happens once: of two institutions at once one is told about the other', async () => {
    const { id, number } = await registered();
    const outcomes = await Promise.all([annotate(id, number), annotate(id, number, nurse(other))]);
    const told = outcomes.flatMap((one) => (one.outcome === 'rejected' ? [one.rejection.type] : [one.outcome]));
    expect(told.toSorted()).toEqual(['alreadyAnnotated', 'done']);
    expect((await eventsOf(id)).filter((type) => type === 'BirthAnnotated')).toHaveLength(1);
  });

  it('sent again under its id it happens once', async () => {
    const { id, number } = await registered();
    const sent = act(nurse());
    const send = () => app.services.institutions.annotate(id, sent, { certificate: number, children: [child] });
    expect(await Promise.all([send(), send()])).toMatchObject([{ outcome: 'done' }, { outcome: 'done' }]);
    expect(await send()).toMatchObject({ outcome: 'done', repeated: true });
    expect((await eventsOf(id)).filter((type) => type === 'BirthAnnotated')).toHaveLength(1);
  });

  it("takes a certificate of this registration, and is nobody's on their own", async () => {
    const [mine, another] = [await registered(), await registered()];
    expect(await annotate(mine.id, another.number)).toMatchObject({ rejection: { type: 'otherCertificate' } });
    const row = await load(app.services.deps, registrationDecider, mine.id);
    expect(row.state.status).toBe('registered');
    expect(await annotate(mine.id, mine.number, operator(hospital))).toEqual({
      outcome: 'forbidden',
      reason: 'authorisation',
    });
    const township = { ...nurse(), office: '520111004' };
    expect(await annotate(mine.id, mine.number, township)).toEqual({ outcome: 'forbidden', reason: 'office' });
  });

  it('is corrected with a reason by the institution that annotated it', async () => {
    const { id, number } = await registered();
    await annotate(id, number);
    const correct = (staff: Staff, reason: string) => {
      const given = { children: [{ ...child, outcome: 'stillborn' as const }], reason };
      return app.services.institutions.correctAnnotation(id, act(staff), given);
    };
    expect(await correct(nurse(other), '分娩记录为死产')).toMatchObject({ rejection: { type: 'alreadyAnnotated' } });
    expect(await correct(nurse(), '')).toMatchObject({ rejection: { type: 'unreasoned' } });
    expect(await correct(nurse(), '分娩记录为死产，录入有误')).toMatchObject({ outcome: 'done' });
    const [month] = await app.services.institutions.months(nurse());
    expect(month).toMatchObject({ institution: hospital, month: '2026-11' });
    const { checks = 0, unregistered = 0 } = month ?? {};
    await check('idNumber', declarationOf(village, 900).wife.idNumber);
    await check('idNumber', (await submitted()).data.wife.idNumber);
    await check('number', number);
    expect((await app.services.institutions.months(nurse()))[0]).toMatchObject({
      checks: checks + 3,
      unregistered: unregistered + 1,
    });
    const shown = await check('number', number);
    expect(shown.found?.birth).toMatchObject({ liveBorn: 0, corrected: '2026-11-24' });
  });
});

describe('a child that was annotated (M2)', () => {
  it('counts from then on: a second registration that declares fewer is flagged for the reviewer', async () => {
    const { services } = app;
    const { id, data, number } = await registered();
    const twins = [child, { ...child, sex: 'male' as const }];
    expect(
      (await services.institutions.annotate(id, act(nurse()), { certificate: number, children: twins })).outcome,
    ).toBe('done');
    const first = { name: '张小明', sex: 'male', bornOn: '2026-11-23', living: 'living', parentage: 'both' } as const;
    const again = { ...data, application: { parity: 2 }, children: [first] };
    const second = services.deps.ids();
    const made = await services.applicant.submit(second, again, { commandId: services.deps.ids() });
    expect(made).toMatchObject({ outcome: 'done' });
    const { events } = await load(services.deps, registrationDecider, second);
    expect(events[0]?.data).toMatchObject({
      flags: expect.arrayContaining([{ rule: 'fewerChildrenThanAnnotated', field: 'application.parity' }]),
    });
  });

  it('counts for its own couple alone, whoever else the registration once held the place of', async () => {
    const { deps, institutions } = app.services;
    const { id, number } = await registered();
    expect((await institutions.annotate(id, act(nurse()), { certificate: number, children: [child] })).outcome).toBe(
      'done',
    );
    const others = declarationOf(village, 931);
    const key = coupleKey(deps.sealing, { ...others, application: { parity: 1 } });
    const reserve = { type: 'ReserveCouple', registrationId: id } as const;
    const by = { commandId: deps.ids(), actor: { kind: 'system', name: 'test' } } as const;
    expect((await handleCommand(deps, reservationDecider, key, reserve, by)).outcome).toBe('done');
    expect(await bornBefore(deps, { ...others, application: { parity: 2 } })).toBe(0);
  });
});
