import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { giveReason } from '#application/accessBasis.ts';
import type { Origin, Staff } from '#application/actor.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { asked, operator, type Running, startApplication } from '../support/application.ts';
import { coupleOf } from '../support/couples.ts';
import { accessesOf } from '../support/looks.ts';

const office = '520111004';
const hour = 3_600_000;
const from: Origin = { site: 'management', entry: 'page', network: '10.52.0.0/16', address: '10.52.11.4' };
const own: Staff = { ...operator(office), from };
const county: Staff = { ...operator('520111', 'county'), authorisations: ['supervise'] };
const silent: Staff = { ...operator('520111', 'auditor'), authorisations: ['readAuditTrail'], from };
const auditor: Staff = { ...silent, stated: { code: 'supervision', text: '' } };
const elsewhere: Staff = { ...operator('520103', 'elsewhere'), authorisations: ['readAuditTrail'] };
const views = ['trail', 'accessDay', 'accessMonth', 'registration', 'certificate'];

let app: Running;
let couples = 0;
let id: string;
let data: RegistrationData;

const submitted = async () => {
  couples += 1;
  const made = { id: app.services.deps.ids(), data: coupleOf(couples, '520111004001') };
  await app.services.applicant.submit(made.id, made.data, { commandId: app.services.deps.ids() });
  return made;
};
const settled = async () => {
  const { deps } = app.services;
  expect(await deps.awaitViews(views, await deps.eventStore.lastPosition())).toBe(true);
};

/** A registration that was amended, accepted and rejected, looked at by its office and, with a reason, by the county. */
beforeAll(async () => {
  app = await startApplication();
  const { applicant, staff, deps } = app.services;
  ({ id, data } = await submitted());
  const amended = { ...data, declaration: { ...data.declaration, mobile: '13900000001' } };
  await applicant.amend(id, amended, { commandId: deps.ids() });
  app.clock.now += hour;
  await staff.registration(own, id);
  app.clock.now += 1000;
  await staff.reject(id, { staff: own, commandId: deps.ids(), basedOn: 1 }, ['other'], '材料不全');
  app.clock.now += 1000;
  await giveReason(deps, county, { kind: 'registration', id }, { code: 'complaint', text: '来电反映' });
  await staff.registration(county, id);
  app.clock.now += 1000;
  await staff.search(county, data.wife.idNumber);
  // What ended a while ago is nobody's own task.
  app.clock.now += hour;
  await settled();
});
afterAll(() => app.stop());

const record = (staff: Staff, kind: 'registration' | 'account' | 'organisation' = 'registration', of = id) =>
  app.services.audit.record(staff, { kind, id: of });

describe('the trail of a record', () => {
  it('tells what happened, by whom, from where, before and after, masked for who does not work on it', async () => {
    const trail = await record(auditor);
    if (trail.outcome !== 'found') throw new Error(trail.outcome);
    expect(trail.masked).toBe(true);
    expect(trail.events.map(({ type, meta }) => [type, meta.actor.kind, meta.from?.network])).toEqual([
      ['Submitted', 'applicant', undefined],
      ['Amended', 'applicant', undefined],
      ['TaskReceived', 'staff', '10.52.0.0/16'],
      ['Rejected', 'staff', '10.52.0.0/16'],
    ]);
    const told = JSON.stringify(trail);
    expect(told).toContain('139****0001');
    for (const secret of [data.wife.idNumber, '13900000001', '材料不全', 'lookup']) expect(told).not.toContain(secret);
  });

  it('tells who looked, newest first, with the reason, and hides the most of what was searched for', async () => {
    const trail = await record(auditor);
    if (trail.outcome !== 'found') throw new Error(trail.outcome);
    const seen = trail.looks.lines.map(({ row, reason, address, searched }) => {
      return { what: row.what, account: row.actor.account, task: row.task, reason, address, searched };
    });
    const none = { reason: undefined, address: undefined, searched: undefined };
    expect(seen).toEqual([
      { ...none, what: 'searched', account: 'county', task: 'other', searched: expect.stringMatching(/^\d{6}\*{8}/) },
      { ...none, what: 'opened', account: 'county', task: 'other', reason: '来电反映' },
      { ...none, what: 'opened', account: own.account, task: 'own', address: '10.52.11.4' },
    ]);
  });

  it('is read within one’s own subtree only, with that authorisation, and that it was read is recorded', async () => {
    expect(await record(elsewhere)).toEqual({ outcome: 'forbidden', reason: 'office' });
    expect(await record(county)).toEqual({ outcome: 'forbidden', reason: 'authorisation' });
    expect(await record(auditor, 'registration', app.services.deps.ids())).toEqual({ outcome: 'absent' });
    const { accesses } = await accessesOf(app, 'AuditTrailRead', () => record(auditor));
    expect(accesses).toMatchObject([
      {
        data: { subject: { kind: 'registration', id, office }, what: 'record', exported: false },
        meta: { actor: { kind: 'staff', account: 'auditor' } },
      },
    ]);
    const refused = await accessesOf(app, 'AuditTrailRead', () => record(elsewhere));
    expect(refused.accesses).toEqual([]);
  });
});

describe('the trail of people', () => {
  it('tells what an account’s office did and looked at, narrowed by kind, day and task, page by page', async () => {
    const { audit } = app.services;
    const lines = async (filter: Parameters<typeof audit.office>[2]) => {
      const page = await audit.office(auditor, office, filter);
      if (page.outcome !== 'found') throw new Error(page.outcome);
      return page.lines.map(({ row }) => row.what ?? row.type);
    };
    expect(await lines({})).toEqual(expect.arrayContaining(['opened', 'TaskReceived', 'Rejected']));
    expect(await lines({ kind: 'acts' })).toHaveLength(2);
    expect(await lines({ kind: 'opened' })).toEqual(['opened']);
    expect(await lines({ other: true })).toEqual([]);
    expect(await lines({ from: '2026-11-25' })).toEqual([]);
    expect(await lines({ from: '2026-11-24', to: '2026-11-24' })).toHaveLength(3);
    expect(await lines({ account: 'nobody' })).toEqual([]);
    expect(await lines({ account: own.account, kind: 'acts' })).toHaveLength(2);
    expect(await lines({ account: 'county' })).toEqual([]);
    const asking = { most: 2, exported: false };
    const first = await audit.office(auditor, office, {}, asking);
    if (first.outcome !== 'found' || first.next === undefined) throw new Error('one page only');
    const second = await audit.office(auditor, office, { after: first.next }, asking);
    expect(second).toMatchObject({ lines: [{ row: { what: 'opened' } }], next: undefined });
    expect(await audit.office(elsewhere, office, {})).toEqual({ outcome: 'forbidden', reason: 'office' });
    expect(await audit.office(auditor, '999999', {})).toEqual({ outcome: 'absent' });
  });

  const places = fc.constantFrom('52', '5201', '520111', office, '520103', '520382');
  const reader = fc.record({
    office: places,
    verified: fc.boolean(),
    authorisations: fc.subarray(['readAuditTrail', 'review', 'supervise'] as const),
  });

  test.prop([reader, places], { numRuns: 60 })(
    'are read exactly by verified holders of the authorisation whose subtree it is in, whatever is asked',
    async (differing, of) => {
      const { audit, deps } = app.services;
      const staff: Staff = { ...operator(differing.office, 'someone'), ...differing };
      const holds = staff.verified && staff.authorisations.includes('readAuditTrail');
      const outcomeAt = (at: string) => (holds && deps.offices.isWithin(at, staff.office) ? 'found' : 'forbidden');
      const answers = [
        await audit.office(staff, of, {}),
        await audit.numbers(staff, of, '2026-11'),
        await audit.record(staff, { kind: 'organisation', id: of }),
      ];
      expect(answers.map(({ outcome }) => outcome)).toEqual([outcomeAt(of), outcomeAt(of), outcomeAt(of)]);
      // Who may read it says why first.
      const ofCouple = outcomeAt(office) === 'found' ? 'reasonDue' : outcomeAt(office);
      expect((await audit.record(staff, { kind: 'registration', id })).outcome).toBe(ofCouple);
    },
  );

  it('counts looks by office and below, and finds days that are worth a look', async () => {
    const { audit, staff } = app.services;
    const nosy = asked({ ...county, account: 'nosy' });
    app.clock.now = Date.parse('2026-11-25T14:30:00Z');
    for (let n = 0; n < 21; n += 1) await staff.registration(nosy, (await submitted()).id);
    await settled();
    const numbers = await audit.numbers(auditor, '520111', '2026-11');
    if (numbers.outcome !== 'found') throw new Error(numbers.outcome);
    const [atCounty, ...below] = numbers.lines;
    // 22 by the county, 3 by its auditor, who read the trail of a registration.
    expect(atCounty).toMatchObject({ own: true, counts: { opened: 25, other: 25, searched: 1, self: 0 } });
    expect(below.find((line) => line.office.code === office)?.counts).toMatchObject({ opened: 1, other: 0 });
    expect(numbers.unusual).toMatchObject([
      { row: { account: 'nosy', day: '2026-11-25', other: 21 }, offHours: 21, oddities: ['manyOther', 'offHours'] },
    ]);
    expect(await audit.numbers(auditor, '520111', '2026-10')).toMatchObject({ unusual: [] });
    expect(await audit.numbers(elsewhere, '520111', '2026-11')).toMatchObject({ outcome: 'forbidden' });
  });
});

describe('the trail of a registration', () => {
  it('is told to nobody who does not say why, where the registration is not their own task', async () => {
    const due = { outcome: 'reasonDue', subject: { kind: 'registration', id, office } };
    const refused = await accessesOf(app, 'AuditTrailRead', () => record(silent));
    expect([await record(silent), refused.accesses]).toEqual([due, []]);
    const closed: Staff = { ...operator(office, 'colleague'), authorisations: ['review', 'readAuditTrail'] };
    expect(await record(closed)).toEqual(due);
    const open = await submitted();
    await settled();
    expect(await record(silent, 'registration', open.id)).toMatchObject({ outcome: 'reasonDue' });
    expect(await record(closed, 'registration', open.id)).toMatchObject({ outcome: 'found', masked: false });
  });

  it('is recorded as a look at the couple, with the reason', async () => {
    const { accesses } = await accessesOf(app, 'PersonalDataViewed', () => record(auditor));
    expect(accesses).toMatchObject([
      { data: { subject: { kind: 'registration', id }, what: 'history', task: 'other', reason: 'supervision' } },
    ]);
  });

  it('is masked for who looks at their own, and says that it is their own', async () => {
    const { deps } = app.services;
    const person = deps.sealing.lookupKey('idNumber', data.wife.idNumber);
    const wife: Staff = { ...operator(office, 'wife'), authorisations: ['review', 'readAuditTrail'], person };
    expect(await record(wife)).toMatchObject({ outcome: 'reasonDue' });
    const stated = { ...wife, stated: { code: 'other', text: '看看' } } as const;
    const { accesses } = await accessesOf(app, 'PersonalDataViewed', async () =>
      expect(await record(stated)).toMatchObject({ outcome: 'found', masked: true }),
    );
    expect(accesses).toMatchObject([{ data: { self: true } }]);
  });
});
