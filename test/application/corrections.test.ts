import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GivenCorrection } from '#application/correctionCommands.ts';
import { eraseRegistration } from '#application/eraseRegistration.ts';
import type { StaffAct } from '#application/performAct.ts';
import { issueCertificate } from '#application/reactions/issueCertificate.ts';
import { certificateDecider } from '#domain/certificate/decide.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import type { AnyEvent } from '#projections/projection.ts';
import { couple, operator, type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { registeredCouple } from '../support/registeredCouple.ts';

let app: Running;
let village: string;
let count = 0;

beforeAll(async () => {
  app = await startApplication();
  village = app.services.deps.divisions.search('贵筑', { level: 'village', limit: 1 })[0]?.code ?? '';
});
afterAll(() => app.stop());

const county = '520111';
const at = (office: string, account?: string) => ({ ...operator(office, account), verified: true });
const supervisor = () => ({ ...operator(county, 'jd-520111'), authorisations: ['supervise'] as const });
const acting = (staff: StaffAct['staff'], basedOn: number): StaffAct => ({
  staff,
  commandId: app.services.deps.ids(),
  basedOn,
});

const registered = async () => {
  count += 1;
  const data = declarationOf(village, count);
  const { id, content: certificate } = await registeredCouple(app, data);
  const revision = await revisionOf(id);
  return { id, data, certificate, revision, office: data.declaration.place };
};

const revisionOf = async (id: string): Promise<number> => {
  const [row] = await app.services.deps.viewStore.get('registration', [id]);
  return Number(row?.['revision']);
};

const corrected = (data: RegistrationData): GivenCorrection => ({
  data,
  reason: '录入时漏写一字，与身份证不符',
  documents: [{ kind: 'idCard', number: data.wife.idNumber, shows: '姓名' }],
});

const eventually = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
  for (let tries = 0; tries < 400; tries += 1) {
    const found = await look();
    if (found !== undefined) return found;
    await app.services.deps.wait(10);
  }
  throw new Error('It never came.');
};

const certificatesOf = async (id: string) =>
  (await app.services.deps.viewStore.find('certificate', { index: 'registration', equals: [id], limit: 10 })).rows;

const outcomeOf = async (number: string, outcome: string) =>
  eventually(async () => {
    const verified = await app.services.certificates.verify(number);
    return verified.outcome === outcome ? verified : undefined;
  });

const renamed = (data: RegistrationData): RegistrationData => ({ ...data, wife: { ...data.wife, name: '王芳芳' } });

const proposed = async () => {
  const made = await registered();
  const { services } = app;
  const act = acting(at(made.office), made.revision);
  const outcome = await services.staff.proposeCorrection(made.id, act, corrected(renamed(made.data)));
  expect(outcome).toMatchObject({ outcome: 'done', state: { proposal: { correction: 1 } } });
  return { ...made, revision: await revisionOf(made.id) };
};

describe('a correction that puts in other people', () => {
  test('given staff whose own ID number it puts in, then they neither propose nor approve it', async () => {
    const { id, data, revision, office } = await registered();
    const { services } = app;
    const { wife } = declarationOf(village, 990);
    const person = services.deps.sealing.lookupKey('idNumber', wife.idNumber);
    const given = corrected({ ...data, wife: { ...data.wife, idNumber: wife.idNumber } });
    const refused = { outcome: 'forbidden', reason: 'self' };
    const proposing = acting({ ...at(office), person }, revision);
    expect(await services.staff.proposeCorrection(id, proposing, given)).toEqual(refused);
    const proposed = await services.staff.proposeCorrection(id, acting(at(office), revision), given);
    if (proposed.outcome !== 'done') throw new Error(JSON.stringify(proposed));
    const approving = acting({ ...at(office, 'colleague'), person }, proposed.revision);
    expect(await services.staff.approveCorrection(id, approving, 1)).toEqual(refused);
    const approved = await services.staff.approveCorrection(id, acting(at(office, 'colleague'), proposed.revision), 1);
    expect(approved).toMatchObject({ outcome: 'done' });
  });
});

describe('a misspelt name', () => {
  test('is corrected by two people; the old certificate is superseded, the new one valid', async () => {
    const { id, office, certificate, revision } = await proposed();
    const { services } = app;
    expect(await services.staff.approveCorrection(id, acting(at(office), revision), 1)).toMatchObject({
      rejection: { type: 'samePerson' },
    });
    const approved = await services.staff.approveCorrection(id, acting(at(office, 'czy-2'), revision), 1);
    expect(approved).toMatchObject({ outcome: 'done', state: { data: { wife: { name: '王芳芳' } } } });

    const old = await outcomeOf(certificate.number, 'void');
    expect(old).toMatchObject({ reason: 'superseded', wife: '王*' });
    expect(JSON.stringify(old)).not.toContain('supersededBy');
    const now = await eventually(() => services.certificates.content(id, couple));
    expect(now).toMatchObject({ wife: { name: '王芳芳' } });
    expect(now.number).not.toBe(certificate.number);
    expect(await services.certificates.verify(now.code)).toMatchObject({ outcome: 'valid', wife: '王**' });
    const code = services.applicant.queryCode(id);
    expect(await services.applicant.open(code, '王芳芳')).toBe(id);
    expect(await services.applicant.open(code, '王芳')).toBeUndefined();
    expect(await services.applicant.open(code, '张伟')).toBe(id);
  });

  test('is not corrected by one alone, nor after another correction; a dismissal says why', async () => {
    const { id, data, office, revision } = await proposed();
    const { staff } = app.services;
    const straight = await staff.correct(id, acting(at(office), revision), corrected(renamed(data)));
    expect(straight).toMatchObject({ rejection: { type: 'unapproved', fields: ['wife.name'] } });
    const mobile = { ...data, declaration: { ...data.declaration, mobile: '13900000000' } };
    const done = await staff.correct(id, acting(at(office), revision), corrected(mobile));
    expect(done).toMatchObject({ outcome: 'done' });
    const now = await revisionOf(id);
    const approver = at(office, 'czy-2');
    expect(await staff.approveCorrection(id, acting(approver, now), 1)).toMatchObject({
      rejection: { type: 'outdated' },
    });
    expect(await staff.dismissCorrection(id, acting(approver, now), 1, '已另行更正，请重新提出')).toMatchObject({
      outcome: 'done',
    });
  });

  test('may be approved by the county, where the office has one person, and by nobody of another office', async () => {
    const { id, office, revision } = await proposed();
    const { staff } = app.services;
    const seenBy = async (who: StaffAct['staff']) =>
      (await staff.waitingCorrections(who)).some(({ row }) => row.id === id);
    expect(await seenBy(at(office))).toBe(true);
    expect(await seenBy(supervisor())).toBe(true);
    expect(await seenBy(at('520103019'))).toBe(false);
    expect(await staff.approveCorrection(id, acting(at('520103019'), revision), 1)).toMatchObject({
      outcome: 'forbidden',
    });
    expect(await staff.approveCorrection(id, acting(supervisor(), revision), 1)).toMatchObject({ outcome: 'done' });
  });
});

test('another ID number that another couple of the same parity has is refused, and says where theirs lies', async () => {
  const [one, other] = [await registered(), await registered()];
  const taken = { ...one.data, wife: other.data.wife, husband: other.data.husband };
  const outcome = await app.services.staff.proposeCorrection(
    one.id,
    acting(at(one.office), one.revision),
    corrected(taken),
  );
  expect(outcome).toMatchObject({ outcome: 'duplicate', registrationId: other.id, office: other.office });
});

test('a copy and an erasure take all certificates of a registration', async () => {
  const { id, office, revision } = await proposed();
  const { applicant, deps, staff } = app.services;
  await staff.approveCorrection(id, acting(at(office, 'czy-2'), revision), 1);
  await eventually(async () => ((await certificatesOf(id)).some((row) => row['status'] === 'void') ? true : undefined));
  const copy = await applicant.copy(id, couple);
  expect(copy?.declared.map(({ data }) => data.wife.name)).toEqual(['王芳', '王芳芳']);
  expect(copy?.certificate).toMatchObject({ wife: { name: '王芳芳' } });
  expect(copy?.steps.filter(({ what }) => what === 'CertificateIssued')).toHaveLength(2);
  const { now } = app.clock;
  app.clock.now = Date.parse('2037-01-01T02:00:00Z');
  const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'retention' } } as const;
  const erased = await eraseRegistration(deps, id, 'retentionEnded', act);
  app.clock.now = now;
  expect(erased).toMatchObject({ outcome: 'done' });
  await eventually(async () =>
    (await certificatesOf(id)).every((row) => row['status'] === 'erased') ? true : undefined,
  );
  const verified = await Promise.all((await certificatesOf(id)).map((row) => app.services.certificates.verify(row.id)));
  expect(verified.map(({ outcome }) => outcome).toSorted()).toEqual(['erased', 'void']);
  expect(JSON.stringify(verified)).not.toContain('王');
});

describe('a revocation', () => {
  const given = {
    reasons: ['forgedDocuments'] as const,
    text: '结婚证系伪造，登记依法撤销',
    evidence: '民政部门来函：无此登记',
    heardOn: '2026-11-20',
    statement: '未作陈述',
  };

  test('voids the certificate, tells the couple why, and leaves them free to submit anew', async () => {
    const { id, data, office, revision, certificate } = await registered();
    const { services } = app;
    expect(await services.staff.revoke(id, acting(at(office), revision), given)).toMatchObject({
      outcome: 'forbidden',
    });
    const revoked = await services.staff.revoke(id, acting(supervisor(), revision), given);
    expect(revoked).toMatchObject({ outcome: 'done', state: { status: 'revoked' } });
    expect(await outcomeOf(certificate.number, 'void')).toMatchObject({ reason: 'revoked' });
    expect(await services.certificates.content(id, couple)).toBeUndefined();
    expect(await services.applicant.view(id)).toMatchObject({
      row: { status: 'revoked', revoked: { by: county, heardOn: '2026-11-20' } },
      text: given.text,
      canResubmit: true,
    });
    const again = await services.applicant.submit(services.deps.ids(), data, { commandId: services.deps.ids() }, id);
    expect(again).toMatchObject({ outcome: 'done' });
  });
});

test('a couple at the counter takes back what was not accepted, and the document is recorded', async () => {
  count += 1;
  const { services } = app;
  const id = services.deps.ids();
  const data = declarationOf(village, count);
  await services.applicant.submit(id, data, { commandId: services.deps.ids() });
  const act = acting(at(data.declaration.place), 0);
  const shown = { of: 'wife', document: 'idCard', documentNumber: data.wife.idNumber } as const;
  expect(await services.staff.withdrawAtCounter(id, act, { ...shown, documentNumber: ' ' })).toMatchObject({
    rejection: { type: 'undocumented' },
  });
  expect(await services.staff.withdrawAtCounter(id, act, shown)).toMatchObject({ state: { status: 'withdrawn' } });
});

test('whatever its reaction is told how often, a registration has one valid certificate, and none once revoked', async () => {
  const { id, office, revision } = await proposed();
  const { deps, staff } = app.services;
  await staff.approveCorrection(id, acting(at(office, 'czy-2'), revision), 1);
  const now = await eventually(async () => ((await certificatesOf(id)).length === 2 ? revisionOf(id) : undefined));
  await staff.revoke(id, acting(supervisor(), now), {
    reasons: ['other'],
    text: '经查登记有误，予以撤销',
    evidence: '复核记录一份在案',
    heardOn: '2026-11-20',
    statement: '无异议',
  });
  await eventually(async () =>
    (await certificatesOf(id)).every((row) => row['status'] === 'void') ? true : undefined,
  );
  const events = await deps.eventStore.readStream(`registration-${id}`);
  const reaction = issueCertificate(deps);
  for (const event of events) {
    const type = event.type.replace(/\.v\d+$/, '');
    await reaction.on[type]?.({ ...event, type } as unknown as AnyEvent);
  }
  const rows = await certificatesOf(id);
  expect(rows.map((row) => row['reason']).toSorted()).toEqual(['revoked', 'superseded']);
  for (const row of rows) {
    const stream = await deps.eventStore.readStream(`${certificateDecider.category}-${row.id}`);
    expect(stream.map(({ type }) => type)).toEqual(['CertificateIssued.v1', 'CertificateVoided.v1']);
  }
});

test('a correction that waits when its registration is erased is refused as erased', async () => {
  const { id, office, revision } = await proposed();
  const { deps, staff } = app.services;
  const { now } = app.clock;
  app.clock.now = Date.parse('2037-01-01T02:00:00Z');
  const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'retention' } } as const;
  const erased = await eraseRegistration(deps, id, 'retentionEnded', act);
  app.clock.now = now;
  expect(erased).toMatchObject({ outcome: 'done' });
  const approved = await staff.approveCorrection(id, acting(at(office, 'czy-2'), revision + 1), 1);
  expect(approved).toEqual({ outcome: 'rejected', rejection: { type: 'erased' } });
});
