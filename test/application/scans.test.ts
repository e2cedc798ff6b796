import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { peopleOf } from '#application/declare.ts';
import { eraseRegistration } from '#application/eraseRegistration.ts';
import { load } from '#application/handleCommand.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { ScanAttached } from '#domain/registration/events.ts';
import type { RegistrationRow } from '#projections/registration.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { coupleOf } from '../support/couples.ts';
import { jpeg, jpegWith, pdf, telephoneExif } from '../support/scanFiles.ts';

const village = '520111004001';
const office = '520111004';
const staff = operator(office);
const stranger = operator('520111005');
const reason = '拍成了别人的结婚证';
let app: Running;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.stop());

const act = (by: Staff = staff) => ({ staff: by, commandId: app.services.deps.ids() });
const sent = (bytes: Buffer = jpeg, fileName = '王芳身份证.jpg') => ({ document: 'idCard' as const, fileName, bytes });
const stored = () => app.stores.scanStore.list('', 1000);
const eventsOf = async (id: string) => (await load(app.services.deps, registrationDecider, id)).events;

let couples = 0;
const submitted = async (): Promise<string> => {
  const id = app.services.deps.ids();
  couples += 1;
  const done = await app.services.applicant.submit(id, coupleOf(couples, village), {
    commandId: app.services.deps.ids(),
  });
  expect(done.outcome).toBe('done');
  return id;
};
const attached = async (id: string, bytes?: Buffer): Promise<string> => {
  const done = await app.services.scans.attach(id, act(), sent(bytes));
  expect(done.outcome).toBe('done');
  const { state } = await load(app.services.deps, registrationDecider, id);
  return ('scans' in state && state.scans.at(-1)?.scan) || '';
};

describe('a scan', () => {
  it('given what a telephone took, when attached, then it is sealed, tells nothing, and opens as the picture it was', async () => {
    const id = await submitted();
    const scan = await attached(id, jpegWith(0xe1, telephoneExif(1)));
    const sealed = Buffer.from((await app.stores.scanStore.get(scan)) ?? '');
    const event = (await eventsOf(id)).at(-1)?.data as ScanAttached['data'];
    expect(event).toMatchObject({ office, document: 'idCard', mediaType: 'image/jpeg', size: sealed.length });
    expect(event.sha256).toBe(createHash('sha256').update(sealed).digest('hex'));
    expect(sealed.includes(jpeg.subarray(0, 40))).toBe(false);
    const opened = await app.services.scans.open(staff, id, scan);
    if (opened.outcome !== 'found') throw new Error(opened.outcome);
    expect(jpeg.equals(opened.bytes)).toBe(true);
    expect(opened.fileName).toBe('王芳身份证.jpg');
    const [log] = (await app.stores.eventStore.readStream(`registration-${id}`)).slice(-1);
    expect(JSON.stringify(log)).not.toContain('王芳');
  });

  it('is looked at only once that stands in the log', async () => {
    const id = await submitted();
    const scan = await attached(id);
    const before = await app.stores.eventStore.lastPosition();
    await app.services.scans.open(staff, id, scan);
    const [looked] = await app.stores.eventStore.readAll(before, 10);
    expect(looked?.data).toMatchObject({
      what: 'scanOpened',
      subject: { kind: 'registration', id, office },
      task: 'own',
    });
  });

  it('sent twice as one act is attached once, and nothing is left of the second', async () => {
    const id = await submitted();
    const once = act();
    const before = (await stored()).length;
    for (let n = 0; n < 2; n += 1) {
      expect(await app.services.scans.attach(id, once, sent())).toMatchObject({ outcome: 'done' });
    }
    expect(await stored()).toHaveLength(before + 1);
    expect((await eventsOf(id)).filter(({ type }) => type === 'ScanAttached')).toHaveLength(1);
  });

  it('is neither attached, seen nor removed by who does not decide there, nor by who it is about', async () => {
    const id = await submitted();
    const scan = await attached(id);
    const [row] = await app.stores.viewStore.get('registration', [id]);
    const { state } = await load(app.services.deps, registrationDecider, id);
    const [person = ''] = 'data' in state ? peopleOf(app.services.deps.sealing, state.data) : [];
    for (const other of [stranger, operator('520111'), { ...staff, person }, { ...staff, authorisations: [] }]) {
      const outcomes = [
        await app.services.scans.attach(id, act(other), sent()),
        await app.services.scans.remove(id, act(other), scan, reason),
        await app.services.scans.open(other, id, scan),
      ];
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['forbidden', 'forbidden', 'forbidden']);
      expect(await app.services.scans.of(other, row as RegistrationRow)).toBeUndefined();
    }
    expect(await app.services.scans.of(staff, row as RegistrationRow)).toHaveLength(1);
  });

  it.each([
    [Buffer.alloc(0), 'empty'],
    [Buffer.alloc(5 * 1024 * 1024 + 1), 'tooLarge'],
    [Buffer.from('<html>'), 'kind'],
    [pdf('/OpenAction 5 0 R'), 'active'],
  ])('that is none (%#) is refused, and nothing of it is kept', async (bytes, why) => {
    const id = await submitted();
    const before = (await stored()).length;
    expect(await app.services.scans.attach(id, act(), sent(bytes))).toEqual({ outcome: 'refused', reason: why });
    expect(await stored()).toHaveLength(before);
  });

  it('beyond the twelfth is refused, and nothing of it is kept', async () => {
    const id = await submitted();
    for (let n = 0; n < 12; n += 1) await attached(id);
    const before = (await stored()).length;
    const refused = await app.services.scans.attach(id, act(), sent());
    expect(refused).toMatchObject({ outcome: 'rejected', rejection: { type: 'scansFull' } });
    expect(await stored()).toHaveLength(before);
  });

  it('is gone once removed with a reason; that it was there stays told', async () => {
    const id = await submitted();
    const scan = await attached(id);
    expect(await app.services.scans.remove(id, act(), scan, '.')).toMatchObject({ rejection: { type: 'unreasoned' } });
    expect(await app.services.scans.remove(id, act(), scan, reason)).toMatchObject({ outcome: 'done' });
    expect(await app.stores.scanStore.get(scan)).toBeUndefined();
    expect(await app.services.scans.open(staff, id, scan)).toEqual({ outcome: 'absent' });
    expect((await eventsOf(id)).map(({ type }) => type)).toEqual(['Submitted', 'ScanAttached', 'ScanRemoved']);
  });

  it('is not removed by the repeated id of the removal of another, be it of this registration or of another one', async () => {
    const id = await submitted();
    const [gone, kept, foreign] = [await attached(id), await attached(id), await attached(await submitted())];
    const once = act();
    expect(await app.services.scans.remove(id, once, gone, reason)).toMatchObject({ outcome: 'done' });
    expect(await app.services.scans.remove(id, once, gone, reason)).toMatchObject({ outcome: 'done' });
    for (const other of [kept, foreign]) {
      expect(await app.services.scans.remove(id, once, other, reason)).toMatchObject({ outcome: 'stale' });
      expect(await app.stores.scanStore.get(other)).toBeDefined();
    }
  });

  it('is not told as attached under the repeated id of another', async () => {
    const id = await submitted();
    const once = act();
    await app.services.scans.attach(id, once, sent());
    const before = (await stored()).length;
    const others = [sent(jpeg, '李强身份证.jpg'), { ...sent(), document: 'other' as const }];
    for (const other of others) {
      expect(await app.services.scans.attach(id, once, other)).toMatchObject({ outcome: 'stale' });
    }
    expect(await stored()).toHaveLength(before);
  });

  it('is erased with its registration: key, bytes and name', async () => {
    const id = await submitted();
    const [kept, removed] = [await attached(id), await attached(id)];
    const sealed = (await app.stores.scanStore.get(kept)) ?? Buffer.alloc(0);
    await app.services.scans.remove(id, act(), removed, reason);
    await app.services.applicant.withdraw(id, { commandId: app.services.deps.ids() });
    const system = { commandId: app.services.deps.ids(), actor: { kind: 'system', name: 'retention' } } as const;
    expect(await eraseRegistration(app.services.deps, id, 'requested', system)).toMatchObject({ outcome: 'done' });
    expect(await app.stores.scanStore.get(kept)).toBeUndefined();
    expect(await app.services.deps.sealing.openBytes(sealed, `scan-${kept}`)).toBeUndefined();
    const { deps } = app.services;
    await deps.awaitViews(['registration'], await deps.eventStore.lastPosition());
    const [row] = await app.stores.viewStore.get('registration', [id]);
    expect(row).not.toHaveProperty('scans');
    expect(await app.services.scans.open(staff, id, kept)).toEqual({ outcome: 'erased' });
    expect(await app.services.scans.attach(id, act(), sent())).toMatchObject({ outcome: 'rejected' });
  });
});
