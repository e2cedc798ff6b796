import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { lookUpCouple } from '#application/verification.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { coupleOf } from '../support/couples.ts';
import { recordOf } from '../support/managementScene.ts';
import { jpeg } from '../support/scanFiles.ts';

let app: Running;
let couples = 200;
const township = '520111004';
const village = '520111004001';

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.stop());

const nextCouple = (at = village): RegistrationData => {
  couples += 1;
  return coupleOf(couples, at);
};
const enterer = (office = township, held: Staff['authorisations'] = ['enterOnSite', 'review', 'register']): Staff => ({
  ...operator(office),
  authorisations: held,
});
const documentsOf = ({ wife, marriage }: RegistrationData) =>
  [
    { kind: 'idCard', number: wife.idNumber, shows: '' },
    { kind: 'marriageCertificate', number: marriage.certificateNumber, shows: '' },
  ] as const;
const look = (id: string, data: Partial<RegistrationData>, staff = enterer(), options = {}) =>
  app.services.onSite.look(staff, id, data, options);
const submitted = async (data: RegistrationData) => {
  const { ids } = app.services.deps;
  const id = ids();
  expect((await app.services.applicant.submit(id, data, { commandId: ids() })).outcome).toBe('done');
  return id;
};
const rejectedOne = async (data: RegistrationData, office = township) => {
  const id = await submitted(data);
  const act = { staff: operator(office), commandId: app.services.deps.ids(), basedOn: 0 };
  expect((await app.services.staff.reject(id, act, ['other'], '请到现场办理')).outcome).toBe('done');
  return id;
};
const since = async (position: number) =>
  (await app.stores.eventStore.readAll(position, 100)).map(({ stream, data }) => ({ stream, ...(data as object) }));
const last = () => app.stores.eventStore.lastPosition();

describe('looking while an entry is typed (R8)', () => {
  test('given only a wife, then the rules are asked and nobody is searched for', async () => {
    const before = await last();
    const looked = await look('a', { wife: { name: '王芳', idNumber: '520111199512241225' } });
    expect(looked).toMatchObject({ outcome: 'looked', ended: [] });
    if (looked.outcome !== 'looked') throw new Error(looked.outcome);
    expect(looked.findings.block.map(({ field }) => field)).toContain('wife.idNumber');
    expect(await last()).toBe(before);
  });

  test('given a live registration, then staff see where it lies, and nothing but the look is written', async () => {
    const data = nextCouple();
    await submitted(data);
    const before = await last();
    expect(await look('b', data)).toMatchObject({ duplicate: { office: township } });
    const written = await since(before);
    expect(written.map((one) => one.stream.split('-')[0])).toEqual(['access', 'access']);
    await look('b', data);
    expect(await since(before)).toHaveLength(2);
  });

  test('given a couple that ended at another office, then it is found, and gone on from by who found it alone', async () => {
    const data = nextCouple('520111005001');
    const ended = await rejectedOne(data, '520111005');
    const { takeOver } = app.services.onSite;
    expect(await takeOver(enterer(), ended, 'c')).toEqual({ outcome: 'absent' });
    expect(await look('c', data)).toMatchObject({ ended: [{ id: ended, status: 'rejected', office: '520111005' }] });
    const before = await last();
    expect(await takeOver(enterer(), ended, 'c')).toMatchObject({ outcome: 'found', data: { wife: data.wife } });
    expect(await since(before)).toMatchObject([{ what: 'opened', task: 'other', reason: 'atTheCounter' }]);
    expect(await takeOver(enterer(), ended, 'another')).toEqual({ outcome: 'absent' });
    expect(await takeOver(enterer('520111005'), ended)).toMatchObject({ outcome: 'found' });
  });

  test('given a look-up before the entry, when it is entered and reviewed, then the verification goes on with it', async () => {
    const data = nextCouple();
    app.population.answer = recordOf(data);
    const id = app.services.deps.ids();
    const before = await last();
    expect(await look(id, data, enterer(), { ask: true })).toMatchObject({ lookUp: { answer: { outcome: 'found' } } });
    expect((await since(before)).map((one) => (one as { what?: string }).what)).toContain('lookedUp');
    const act = { staff: enterer(), commandId: app.services.deps.ids() };
    const entered = await app.services.onSite.enter(id, data, act, { documents: documentsOf(data), review: true });
    expect(entered).toMatchObject({ outcome: 'done', state: { status: 'accepted' } });
    const recalled = await app.services.verifications.recall(enterer(), id);
    expect(recalled?.comparisons.every(({ agrees }) => agrees)).toBe(true);
    const verified = app.services.verifications.verified(recalled as NonNullable<typeof recalled>, '');
    const revision = entered.outcome === 'done' ? entered.revision : 0;
    const registering = { staff: enterer(), commandId: app.services.deps.ids(), basedOn: revision };
    const registered = await app.services.staff.register(id, registering, verified);
    expect(registered).toMatchObject({ outcome: 'done', state: { status: 'registered' } });
  });

  test('given a look-up of another couple under the same id, when it is entered, then that is forgotten', async () => {
    const [asked, data] = [nextCouple(), nextCouple()];
    const id = app.services.deps.ids();
    app.population.answer = recordOf(asked);
    await look(id, asked, enterer(), { ask: true });
    const act = { staff: enterer(), commandId: app.services.deps.ids() };
    await app.services.onSite.enter(id, data, act, { documents: documentsOf(data), review: true });
    expect(await app.services.verifications.recall(enterer(), id)).toBeUndefined();
  });

  test('given the id of another couple’s registration, then nobody is asked under it, and nothing is handed on to it', async () => {
    const [data, stranger] = [nextCouple(), nextCouple()];
    const id = await submitted(data);
    app.population.answer = recordOf(stranger);
    const before = await last();
    expect(await look(id, stranger, enterer(), { ask: true })).toEqual({ outcome: 'entered' });
    expect(await since(before)).toEqual([]);
    await lookUpCouple(app.services.deps, enterer(), id, stranger);
    expect(await app.services.verifications.recall(enterer(), id)).toBeUndefined();
    await lookUpCouple(app.services.deps, enterer(), id, data);
    expect(await app.services.verifications.recall(enterer(), id)).toBeDefined();
  });

  test('given staff who do not register, or whose own it is, then nobody is asked', async () => {
    const data = nextCouple();
    const looked = await look('d', data, enterer(township, ['enterOnSite']), { ask: true });
    expect(looked).toMatchObject({ outcome: 'looked' });
    expect(looked).not.toHaveProperty('lookUp');
    const person = app.services.deps.sealing.lookupKey('idNumber', data.wife.idNumber);
    expect(await look('d', data, { ...enterer(), person })).toEqual({ outcome: 'forbidden', reason: 'self' });
  });
});

describe('drafts of entries', () => {
  const typed = { 'wife.name': '王芳', 'husband.name': '张伟' };
  test('are listed for who typed them alone, the newest first, and lie sealed', async () => {
    const { keepDraft, drafts, draft, dropDraft } = app.services.onSite;
    const [mine, other] = [
      { ...enterer(), account: 'mine' },
      { ...enterer(), account: 'other' },
    ];
    await keepDraft(mine, 'one', typed);
    await keepDraft(mine, 'two', { ...typed, 'wife.name': '李娜' });
    await keepDraft(mine, 'one', { ...typed, children: '1' });
    expect((await drafts(mine)).map(({ id, wife }) => [id, wife])).toEqual([
      ['one', '王芳'],
      ['two', '李娜'],
    ]);
    expect(await draft(mine, 'one')).toEqual({ ...typed, children: '1' });
    expect([await drafts(other), await draft(other, 'one')]).toEqual([[], undefined]);
    const kept = await app.stores.transientStore.get('onSiteDraft', 'mine:one', app.clock.now);
    expect(JSON.stringify(kept)).not.toContain('王芳');
    await dropDraft(mine, 'one');
    expect((await drafts(mine)).map(({ id }) => id)).toEqual(['two']);
  });

  test('are gone after fourteen days', async () => {
    const { keepDraft, drafts } = app.services.onSite;
    const late = { ...enterer(), account: 'late' };
    const now = app.clock.now;
    await keepDraft(late, 'one', typed);
    app.clock.now = now + 14 * 24 * 3_600_000 + 1;
    expect(await drafts(late)).toEqual([]);
    app.clock.now = now;
  });
});

describe('after an entry', () => {
  const entered = async (data: RegistrationData, staff = enterer(), review = false) => {
    const { ids } = app.services.deps;
    const id = ids();
    const given = { documents: documentsOf(data), review };
    const outcome = await app.services.onSite.enter(id, data, { staff, commandId: ids() }, given);
    expect(outcome.outcome).toBe('done');
    return id;
  };
  const shown = (of: 'wife' | 'husband', documentNumber: string) =>
    ({ of, document: 'idCard', documentNumber }) as const;

  test('given one of the couple with their card, then the code is told again, with that in the log; else it is not', async () => {
    const data = nextCouple();
    const id = await entered(data);
    const { receipt } = app.services.onSite;
    const before = await last();
    expect(await receipt(enterer(), id, shown('wife', data.husband.idNumber))).toEqual({ outcome: 'unidentified' });
    expect(await receipt(enterer(), id, shown('wife', ' '))).toEqual({ outcome: 'unidentified' });
    expect(await receipt(enterer('520111005'), id, shown('wife', data.wife.idNumber))).toEqual({
      outcome: 'forbidden',
      reason: 'office',
    });
    expect(await last()).toBe(before);
    const again = await receipt(enterer(), id, shown('wife', data.wife.idNumber));
    const queryCode = app.services.applicant.queryCode(id);
    expect(again).toMatchObject({ outcome: 'found', queryCode, office: township });
    expect(await since(before)).toMatchObject([{ what: 'opened', reason: 'atTheCounter' }]);
  });

  test('given staff who only enter, then they attach scans until the office begins with it, and not of what came online', async () => {
    const staff = enterer(township, ['enterOnSite']);
    const data = nextCouple();
    const [id, online] = [await entered(data, staff), await submitted(nextCouple())];
    const attach = (to: string) =>
      app.services.scans.attach(
        to,
        { staff, commandId: app.services.deps.ids() },
        { document: 'idCard', fileName: '身份证.jpg', bytes: jpeg },
      );
    expect(await attach(id)).toMatchObject({ outcome: 'done' });
    expect(await attach(online)).toMatchObject({ outcome: 'forbidden' });
    const act = { staff: operator(township), commandId: app.services.deps.ids(), basedOn: 1 };
    expect(await app.services.staff.receiveTask(id, act)).toMatchObject({ outcome: 'done' });
    expect(await attach(id)).toMatchObject({ outcome: 'forbidden' });
  });
});
