import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StaffAct } from '#application/performAct.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { couple, operator, type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';

let app: Running;
let village: string;
let count = 0;

beforeAll(async () => {
  app = await startApplication();
  const [found] = app.services.deps.divisions.search('贵筑', { level: 'village', limit: 1 });
  village = found?.code ?? '';
});
afterAll(() => app.stop());

const submitted = async () => {
  count += 1;
  const id = app.services.deps.ids();
  const data = declarationOf(village, count);
  const outcome = await app.services.applicant.submit(id, data, { commandId: app.services.deps.ids() });
  if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
  return { id, data, revision: outcome.revision, office: data.declaration.place };
};

const act = (office: string, basedOn: number, account?: string): StaffAct => ({
  staff: operator(office, account),
  commandId: app.services.deps.ids(),
  basedOn,
});

const recordOf = (data: RegistrationData) => ({
  wife: { ...data.wife, householdDivision: data.wifeHousehold.division },
  husband: { ...data.husband, householdDivision: data.husbandHousehold.division },
  marriage: { certificateNumber: data.marriage.certificateNumber, registeredOn: data.marriage.registeredOn },
  children: [],
});

const eventually = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  for (let tries = 0; tries < 200; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await app.services.deps.wait(10);
  }
  throw new Error('It never came.');
};

describe('a couple registers online', () => {
  test('from submission to a verified certificate', async () => {
    const { services } = app;
    const { id, data, office } = await submitted();
    const code = services.applicant.queryCode(id);
    expect(await services.applicant.open(code, '张伟')).toBe(id);

    const seen = await services.applicant.view(id);
    expect(seen?.row).toMatchObject({
      status: 'submitted',
      office,
      reviewDueOn: '2026-11-25',
      outcomeDueOn: '2026-11-26',
    });

    const accepted = await services.staff.accept(id, act(office, 0));
    expect(accepted).toMatchObject({ outcome: 'done', state: { status: 'accepted', registerDueOn: '2026-11-26' } });

    app.population.answer = { outcome: 'found', record: recordOf(data) };
    const staff = operator(office);
    const asked = await services.verifications.lookUp(staff, id);
    if (asked.outcome !== 'lookedUp') throw new Error(asked.outcome);
    const { lookUp } = asked;
    expect(lookUp.comparisons.filter((line) => !line.agrees)).toEqual([]);
    expect(await services.verifications.recall(staff, id)).toEqual(lookUp);
    const registered = await services.staff.register(id, act(office, 2), services.verifications.verified(lookUp, ''));
    expect(registered).toMatchObject({ outcome: 'done', state: { status: 'registered' } });

    const certificate = await eventually(() => services.certificates.content(id, couple));
    expect(certificate).toMatchObject({ wife: { name: '王芳' }, husband: { name: '张伟' }, parity: 1 });
    const masked = { outcome: 'valid', wife: '王*', husband: '张*', number: certificate.number };
    expect(await services.certificates.verify(certificate.number)).toMatchObject(masked);
    expect(await services.certificates.verify(certificate.verifyUrl)).toMatchObject(masked);
    const altered = certificate.code.replace(/.{4}$/, 'AAAA');
    expect(await services.certificates.verify(altered)).toEqual({ outcome: 'forged' });
  });

  test('and is told in plain terms when the office rejects, then may submit again', async () => {
    const { services } = app;
    const { id, data, office } = await submitted();
    await services.staff.reject(id, act(office, 0), ['untrueMarriage'], '结婚登记日期与证件不符');
    const view = await services.applicant.view(id);
    expect(view).toMatchObject({ text: '结婚登记日期与证件不符', canResubmit: true, canAmend: false });
    const again = await services.applicant.submit(services.deps.ids(), data, { commandId: services.deps.ids() }, id);
    expect(again.outcome).toBe('done');
  });

  test('a second couple of eyes is told who was first, and nothing is lost', async () => {
    const { services } = app;
    const { id, office } = await submitted();
    await services.staff.receiveTask(id, act(office, 0, 'first'));
    const late = await services.staff.accept(id, act(office, 0, 'second'));
    expect(late).toMatchObject({ outcome: 'stale', since: [{ type: 'TaskReceived', actor: { account: 'first' } }] });
  });

  test('another office may not decide, nor read', async () => {
    const { services } = app;
    const { id } = await submitted();
    expect(await services.staff.accept(id, act('520103001', 0))).toEqual({ outcome: 'forbidden', reason: 'office' });
    expect(await services.staff.registration(operator('520103001'), id)).toMatchObject({ outcome: 'forbidden' });
  });

  test('an act sent twice happens once', async () => {
    const { services } = app;
    const { id, office } = await submitted();
    const once = act(office, 0);
    const first = await services.staff.accept(id, once);
    const second = await services.staff.accept(id, once);
    expect(first).toMatchObject({ outcome: 'done', repeated: false, revision: 2 });
    expect(second).toMatchObject({ outcome: 'done', repeated: true, revision: 2 });
  });

  test('wrong code, wrong name and absent code open nothing', async () => {
    const { services } = app;
    const { id } = await submitted();
    const code = services.applicant.queryCode(id);
    expect(await services.applicant.open(code, '李雷')).toBeUndefined();
    expect(await services.applicant.open('0000-0000-0000-0000', '王芳')).toBeUndefined();
    expect(await services.applicant.open('not a code', '王芳')).toBeUndefined();
  });

  test('the workbench counts and lists what is due first, and finds people by name and ID number', async () => {
    const { services } = app;
    const { id, data, office } = await submitted();
    const page = await services.staff.inbox(operator(office), { status: 'submitted' });
    expect(page.lines.map((line) => line.row.id)).toContain(id);
    expect(page.counters?.submitted).toBe(page.lines.length);
    await services.deps.awaitViews(['search'], await services.deps.eventStore.lastPosition());
    const byNumber = await services.staff.search(operator(office), data.wife.idNumber.toLowerCase());
    expect(byNumber.map((found) => found.row.id)).toEqual([id]);
    expect(await services.staff.search(operator('520103001'), data.wife.idNumber)).toEqual([]);
  });

  test('no name, ID number or mobile stands readable in any file', async () => {
    const { data } = await submitted();
    const files = readdirSync(app.directory, { recursive: true, encoding: 'utf8' });
    const bytes = files.filter((file) => /sqlite/.test(file)).map((file) => readFileSync(join(app.directory, file)));
    expect(bytes.length).toBeGreaterThan(3);
    for (const secret of [
      data.wife.name,
      data.husband.name,
      data.wife.idNumber,
      data.husband.idNumber,
      '13800000000',
      '霞晖路',
    ]) {
      expect(bytes.filter((file) => file.includes(Buffer.from(secret)))).toEqual([]);
    }
  });
});
