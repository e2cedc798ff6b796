import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applicantFrom } from '#application/access.ts';
import { dueForErasure, eraseDue, finishErasures, lastEndedOn } from '#application/eraseDue.ts';
import { eraseRegistration } from '#application/eraseRegistration.ts';
import { load } from '#application/handleCommand.ts';
import { StoreUnavailable } from '#application/ports.ts';
import { rebuildView } from '#application/rebuildView.ts';
import { upcast } from '#application/upcast.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { projections } from '#projections/index.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { coupleOf } from '../support/couples.ts';
import { registeredCouple } from '../support/registeredCouple.ts';

const village = '520111004001';
const office = '520111004';
const staff = operator(office);
const today = Date.parse('2026-11-24T02:00:00Z');
const afterTenYears = Date.parse('2036-11-25T02:00:00Z');
let app: Running;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.stop());

const names = projections.map(({ name }) => name);
const shown = async () => {
  const { deps } = app.services;
  expect(await deps.awaitViews(names, await deps.eventStore.lastPosition())).toBe(true);
};
const system = () => ({ commandId: app.services.deps.ids(), actor: { kind: 'system', name: 'retention' } }) as const;
const act = () => ({ commandId: app.services.deps.ids() });
const keyOf = async (id: string) => (await load(app.services.deps, registrationDecider, id)).keyId ?? '';

const submitted = async (n: number): Promise<string> => {
  const id = app.services.deps.ids();
  const { outcome } = await app.services.applicant.submit(id, coupleOf(n, village), act());
  expect(outcome).toBe('done');
  return id;
};

const withdrawn = async (n: number): Promise<string> => {
  const id = await submitted(n);
  expect(await app.services.applicant.withdraw(id, act())).toMatchObject({ outcome: 'done' });
  return id;
};

describe('a registration kept for as long as the rules ask', () => {
  const data = coupleOf(1, village);
  let couple: Awaited<ReturnType<typeof registeredCouple>>;
  let keyId: string;

  beforeAll(async () => {
    app.clock.now = today;
    couple = await registeredCouple(app, data);
    keyId = await keyOf(couple.id);
    app.clock.now = afterTenYears - 86_400_000;
    expect(await eraseRegistration(app.services.deps, couple.id, 'retentionEnded', system())).toMatchObject({
      outcome: 'rejected',
      rejection: { type: 'withinRetention', until: '2036-11-24' },
    });
    expect(await app.stores.dataKeys.find(keyId)).toBeDefined();
    app.clock.now = afterTenYears;
    expect(await eraseRegistration(app.services.deps, couple.id, 'retentionEnded', system())).toMatchObject({
      outcome: 'done',
    });
    await shown();
  });
  afterAll(() => {
    app.clock.now = today;
  });

  it('opens nowhere: its key is gone', async () => {
    expect(await app.stores.dataKeys.find(keyId)).toBeUndefined();
    const recorded = await app.stores.eventStore.readStream(`registration-${couple.id}`);
    for (const event of recorded.filter((one) => 'personal' in one.data)) {
      expect(await app.services.deps.sealing.open(String(event.data['personal']), event.stream)).toBeUndefined();
    }
    expect(recorded.at(-1)).toMatchObject({
      type: 'RegistrationErased.v1',
      data: { erasedOn: '2036-11-25', basis: 'retentionEnded', certificates: [couple.content.number] },
    });
  });

  it('is found by no code, no name and no ID number', async () => {
    const { applicant, staff: office } = app.services;
    expect(await applicant.open(couple.code, data.wife.name)).toBeUndefined();
    expect(await applicant.view(couple.id)).toBeUndefined();
    expect(await office.search(staff, data.wife.name)).toEqual([]);
    expect(await office.search(staff, data.husband.idNumber)).toEqual([]);
  });

  it('had a certificate that was issued and whose couple nobody can name any more', async () => {
    const { certificates } = app.services;
    const erased = { outcome: 'erased', number: couple.content.number, issuedOn: '2026-11-24', erasedOn: '2036-11-25' };
    expect(await certificates.verify(couple.content.number)).toEqual(erased);
    expect(await certificates.verify(couple.content.code)).toEqual(erased);
    expect(await certificates.content(couple.id, applicantFrom(undefined))).toBeUndefined();
  });

  it('still counts, stands in its line and tells its history', async () => {
    const page = await app.services.staff.inbox(staff, { status: 'registered' });
    expect(page.counters?.registered).toBe(page.lines.length);
    expect(page.lines.find(({ row }) => row.id === couple.id)).toMatchObject({ wife: '', husband: '' });
    const history = await app.services.staff.history(staff, couple.id);
    if (history.outcome !== 'found') throw new Error(history.outcome);
    expect(history.events.map(({ type }) => type)).toEqual([
      'Submitted',
      'TaskReceived',
      'Accepted',
      'Registered',
      'CertificateIssued',
      'RegistrationErased',
    ]);
    expect(JSON.stringify(history)).not.toContain(data.wife.name);
    expect(JSON.stringify(history)).not.toContain('lookup');
  });

  it('is erased once, however often it is asked for', async () => {
    const before = await app.stores.eventStore.lastPosition();
    expect(await eraseRegistration(app.services.deps, couple.id, 'requested', system())).toMatchObject({
      outcome: 'done',
    });
    expect(await app.stores.eventStore.lastPosition()).toBe(before);
  });

  it('frees its couple, who may register again', async () => {
    // Of 2036 the holidays are not published yet.
    app.clock.now = today;
    const again = await app.services.applicant.submit(app.services.deps.ids(), data, act());
    expect(again.outcome).toBe('done');
  });

  it('stays so in views built anew', async () => {
    const { eventStore, viewStore } = app.stores;
    await shown();
    const before = await Promise.all(names.map((view) => viewStore.scan({ view }, '', 1000)));
    for (const projection of projections) {
      await rebuildView(projection, { eventStore, viewStore, upcast, onProgress: () => undefined });
    }
    await shown();
    const anew = await Promise.all(names.map((view) => viewStore.scan({ view }, '', 1000)));
    expect(anew).toEqual(before);
  });
});

describe('a couple that withdrew', () => {
  it('has its data erased at once when it asks, and not while the registration is open', async () => {
    const { deps } = app.services;
    const id = await submitted(10);
    const asking = { commandId: deps.ids(), actor: { kind: 'applicant' } } as const;
    expect(await eraseRegistration(deps, id, 'requested', asking)).toMatchObject({
      outcome: 'rejected',
      rejection: { type: 'untimely', status: 'submitted' },
    });
    await app.services.applicant.withdraw(id, act());
    const keyId = await keyOf(id);
    expect(await eraseRegistration(deps, id, 'requested', asking)).toMatchObject({ outcome: 'done' });
    expect(await app.stores.dataKeys.find(keyId)).toBeUndefined();
  });
});

describe('an erasure whose process died before the key was destroyed', () => {
  it('is finished by the reaction', async () => {
    const { deps } = app.services;
    const id = await withdrawn(20);
    const keyId = await keyOf(id);
    const dying = {
      ...deps,
      dataKeys: { ...deps.dataKeys, destroy: () => Promise.reject(new StoreUnavailable('gone')) },
    };
    await expect(eraseRegistration(dying, id, 'requested', system())).rejects.toThrow(StoreUnavailable);
    for (let tries = 0; (await app.stores.dataKeys.find(keyId)) !== undefined; tries += 1) {
      if (tries > 500) throw new Error('The key was never destroyed.');
      await deps.wait(2);
    }
  });
});

describe('erasing all that is due', () => {
  const count = async () => (await dueForErasure(app.services.deps)).map((due) => [due.standing, due.count]);

  it('takes what was kept long enough by how it ended, and the rest when its time comes', async () => {
    const { deps } = app.services;
    app.clock.now = today;
    const [gone, open] = [await withdrawn(30), await submitted(31)];
    const rejected = await submitted(32);
    await app.services.staff.reject(rejected, { staff, commandId: deps.ids(), basedOn: 0 }, ['other'], '材料有误');
    await shown();
    app.clock.now = Date.parse('2027-11-24T02:00:00Z');
    expect(await count()).toContainEqual(['withdrawn', 0]);
    app.clock.now = Date.parse('2027-11-25T02:00:00Z');
    const due = await dueForErasure(deps);
    expect(due.map(({ standing, count }) => [standing, count])).toEqual([
      ['registered', 0],
      ['revoked', 0],
      ['rejected', 0],
      ['declined', 0],
      ['withdrawn', 1],
      ['closed', 0],
    ]);
    let told = 0;
    const each = () => {
      told += 1;
    };
    expect(await eraseDue(deps, due, each)).toEqual({ erased: 1, kept: 0 });
    expect(told).toBe(1);
    await shown();
    expect(await eraseDue(deps, due, each)).toEqual({ erased: 0, kept: 0 });
    expect(await app.stores.dataKeys.find(await keyOf(gone))).toBeUndefined();
    for (const id of [open, rejected]) expect(await app.stores.dataKeys.find(await keyOf(id))).toBeDefined();
    app.clock.now = Date.parse('2031-11-25T02:00:00Z');
    expect(await count()).toContainEqual(['rejected', 1]);
    app.clock.now = today;
  });

  it('knows when a registration last ended, by which a wrong clock is seen', async () => {
    expect(await lastEndedOn(app.services.deps)).toBe('2026-11-24');
  });

  it('destroys again what older keys brought back', async () => {
    const { deps } = app.services;
    const id = await withdrawn(40);
    const keyId = await keyOf(id);
    const erasing = { ...deps, dataKeys: { ...deps.dataKeys, destroy: async () => undefined } };
    await eraseRegistration(erasing, id, 'requested', system());
    await shown();
    await finishErasures(deps, () => undefined);
    expect(await app.stores.dataKeys.find(keyId)).toBeUndefined();
  });
});
