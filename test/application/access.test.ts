import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { staffViewer } from '#application/access.ts';
import { giveReason } from '#application/accessBasis.ts';
import { actorOf, type Origin, type Staff } from '#application/actor.ts';
import { StoreUnavailable } from '#application/ports.ts';
import { asked, operator, type Running, startApplication } from '../support/application.ts';
import { coupleOf } from '../support/couples.ts';
import { looksOf } from '../support/looks.ts';
import { registeredCouple } from '../support/registeredCouple.ts';

const office = '520111004';
const village = '520111004001';
const minute = 60_000;
const from: Origin = { site: 'management', entry: 'page', network: '10.52.0.0/16', address: '10.52.11.4' };
const own = { ...operator(office), from };
const colleague = { ...operator(office, 'colleague'), from };
const county: Staff = { ...operator('520111'), authorisations: ['supervise'], from };
const elsewhere = operator('520103001');

let app: Running;
let couples = 0;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.stop());

const submitted = async () => {
  couples += 1;
  const id = app.services.deps.ids();
  const data = coupleOf(couples, village);
  await app.services.applicant.submit(id, data, { commandId: app.services.deps.ids() });
  return { id, data };
};

const registered = async () => {
  couples += 1;
  const data = coupleOf(couples, village);
  const { id, content } = await registeredCouple(app, data);
  return { id, data, content };
};

const open = (staff: Staff, id: string) => looksOf(app, () => app.services.staff.registration(staff, id));

describe('a look at a registration', () => {
  it('that is the reader’s own task is recorded with account, place and nothing readable about a person', async () => {
    const { id, data } = await submitted();
    const { answer, looks, stored } = await open(own, id);
    expect(answer.outcome).toBe('found');
    expect(looks).toEqual([
      {
        subject: { kind: 'registration', id, office },
        what: 'opened',
        task: 'own',
        from: { site: 'management', entry: 'page', network: '10.52.0.0/16', machine: expect.stringMatching(/^.{12}$/) },
        personal: { address: '10.52.11.4' },
        actor: actorOf(own),
      },
    ]);
    for (const secret of ['10.52.11.4', data.wife.name, data.wife.idNumber]) expect(stored).not.toContain(secret);
  });

  it('that is not, shows and records nothing before a reason is given, and asks no more for half an hour', async () => {
    const { id } = await submitted();
    const subject = { kind: 'registration', id, office } as const;
    const refused = await open(county, id);
    expect(refused).toMatchObject({ answer: { outcome: 'reasonDue', subject }, looks: [] });
    await giveReason(app.services.deps, county, subject, { code: 'complaint', text: '来电反映' });
    const { answer, looks, stored } = await open(county, id);
    expect(answer).toMatchObject({ outcome: 'found', view: { masked: true } });
    expect(looks).toMatchObject([{ task: 'other', reason: 'complaint', personal: { reason: '来电反映' } }]);
    expect(stored).not.toContain('来电反映');
    const other = await submitted();
    expect((await open(county, other.id)).answer.outcome).toBe('reasonDue');
    expect((await open({ ...county, account: 'another' }, id)).answer.outcome).toBe('reasonDue');
    app.clock.now += 30 * minute;
    expect((await open(county, id)).answer.outcome).toBe('reasonDue');
  });

  it('that ended is a task still of who worked on it, and of colleagues for half an hour', async () => {
    const { id } = await registered();
    expect((await open(colleague, id)).looks).toMatchObject([{ task: 'own' }]);
    app.clock.now += 31 * minute;
    expect((await open(colleague, id)).answer.outcome).toBe('reasonDue');
    expect((await open(own, id)).looks).toMatchObject([{ task: 'own' }]);
  });

  it('that is their own is never their task, and stands out', async () => {
    const { id, data } = await submitted();
    const [person = ''] = [app.services.deps.sealing.lookupKey('idNumber', data.wife.idNumber)];
    const herself = { ...own, person };
    expect((await open(herself, id)).answer.outcome).toBe('reasonDue');
    expect((await open(asked(herself), id)).looks).toMatchObject([{ task: 'other', self: true }]);
  });

  it('out of reach is not recorded as one', async () => {
    const { id } = await submitted();
    expect(await open(asked(elsewhere), id)).toMatchObject({ answer: { outcome: 'forbidden' }, looks: [] });
  });

  it('is not shown where the log cannot take it', async () => {
    const { id } = await submitted();
    const { append } = app.stores.eventStore;
    app.stores.eventStore.append = async () => {
      throw new StoreUnavailable('the disk is full');
    };
    const { staff, certificates, applicant } = app.services;
    const data = coupleOf(couples, village);
    await expect(staff.registration(own, id)).rejects.toThrow(StoreUnavailable);
    await expect(staff.history(own, id)).rejects.toThrow(StoreUnavailable);
    await expect(staff.search(own, data.wife.name)).rejects.toThrow(StoreUnavailable);
    await expect(applicant.open(applicant.queryCode(id), data.wife.name)).rejects.toThrow(StoreUnavailable);
    expect(await certificates.content(id, staffViewer(own))).toBeUndefined();
    app.stores.eventStore.append = append;
    expect((await staff.registration(own, id)).outcome).toBe('found');
  });
});

describe('a search', () => {
  it('is recorded with what it found, and what was searched for is sealed', async () => {
    const { id, data } = await submitted();
    const { looks, stored } = await looksOf(app, () => app.services.staff.search(own, ` ${data.wife.idNumber} `));
    expect(looks).toMatchObject([
      { what: 'searched', task: 'own', count: 1, shown: [id], personal: { searched: data.wife.idNumber } },
    ]);
    expect(stored).not.toContain(data.wife.idNumber);
    const nobody = await looksOf(app, () => app.services.staff.search(county, '欧阳无名'));
    expect(nobody.looks).toMatchObject([{ what: 'searched', count: 0, shown: [] }]);
    expect((await looksOf(app, () => app.services.staff.search(own, '  '))).looks).toEqual([]);
  });
});

describe('the couple', () => {
  it('is recorded when they open their registration, print and download, not at each page', async () => {
    const { id, data } = await registered();
    const { applicant, certificates } = app.services;
    const origin: Origin = { site: 'public', entry: 'page', network: '117.188.0.0/16', address: '117.188.3.7' };
    const viewer = { actor: { kind: 'applicant' }, from: origin, task: 'own' } as const;
    const { looks } = await looksOf(app, async () => {
      await applicant.open(applicant.queryCode(id), data.wife.name, origin);
      await applicant.open(applicant.queryCode(id), '李雷', origin);
      await applicant.view(id);
      await certificates.content(id, viewer);
      await certificates.pdf(id, viewer);
    });
    expect(looks.map(({ what, subject, actor }) => [what, subject.kind, actor.kind])).toEqual([
      ['opened', 'registration', 'applicant'],
      ['opened', 'certificate', 'applicant'],
      ['printed', 'certificate', 'applicant'],
    ]);
    expect(looks[0]?.from).toMatchObject({ site: 'public', network: '117.188.0.0/16' });
  });
});

type Made = { id: string; name: string; number: string };
type Query = (staff: Staff, made: Made) => Promise<{ given: boolean; what: string; subject: object }>;

const onRegistration = ({ id }: Made) => ({ kind: 'registration', id, office });
const certificateOf = (what: 'opened' | 'printed'): Query => {
  return async (staff, made) => {
    const read = await app.services.staff.printable(staff, made.id);
    const subject = { kind: 'certificate', id: made.number, office };
    if (read.outcome !== 'found' || made.number === '') return { given: false, what, subject };
    const { certificates } = app.services;
    await (what === 'opened' ? certificates.content(made.id, read.viewer) : certificates.pdf(made.id, read.viewer));
    return { given: true, what, subject };
  };
};

/** Every query of staff that gives out personal data: whether it did, and what must then stand in the log. */
const queries: readonly Query[] = [
  async (staff, made) => {
    const { outcome } = await app.services.staff.registration(staff, made.id);
    return { given: outcome === 'found', what: 'opened', subject: onRegistration(made) };
  },
  async (staff, made) => {
    const { outcome } = await app.services.staff.history(staff, made.id);
    return { given: outcome === 'found', what: 'history', subject: onRegistration(made) };
  },
  certificateOf('opened'),
  certificateOf('printed'),
  async (staff, made) => {
    const { outcome } = await app.services.verifications.lookUp(staff, made.id);
    return { given: outcome === 'lookedUp', what: 'lookedUp', subject: onRegistration(made) };
  },
  async (staff, made) => {
    await app.services.staff.search(staff, made.name);
    const may = app.services.staff.mayList(staff, staff.office);
    return { given: may, what: 'searched', subject: { kind: 'organisation', id: staff.office, office: staff.office } };
  },
  async (staff) => {
    const { lines } = await app.services.staff.inbox(staff, { status: 'submitted' }, office);
    const given = lines.length > 0 && staff.office !== office;
    return { given, what: 'listed', subject: { kind: 'organisation', id: office, office } };
  },
];

describe('whoever asks whatever', () => {
  let records: readonly Made[];
  beforeAll(async () => {
    const fresh = await submitted();
    const accepted = await submitted();
    const act = { staff: own, commandId: app.services.deps.ids(), basedOn: 0 };
    await app.services.staff.accept(accepted.id, act);
    const done = await registered();
    records = [
      { id: fresh.id, name: fresh.data.wife.name, number: '' },
      { id: accepted.id, name: accepted.data.husband.name, number: '' },
      { id: done.id, name: done.data.wife.idNumber, number: done.content.number },
      { id: app.services.deps.ids(), name: '欧阳无名', number: '' },
    ];
    app.clock.now += 31 * minute;
  });

  const someone = fc.record({
    office: fc.constantFrom(office, '520111', '5201', '52', '520103001'),
    authorisations: fc.subarray(['review', 'register', 'supervise', 'viewStatistics'] as const),
    verified: fc.boolean(),
    role: fc.constantFrom('operator' as const, 'admin' as const),
    says: fc.boolean(),
  });

  test.prop([someone, fc.nat({ max: 3 }), fc.nat({ max: queries.length - 1 })], { numRuns: 150 })(
    'leaves exactly one record of theirs where something was given out, and none where not',
    async ({ says, ...differing }, n, q) => {
      const staff: Staff = { ...operator(differing.office, 'someone'), ...differing };
      const made = records[n] as Made;
      const query = queries[q] as Query;
      const { answer, looks } = await looksOf(app, () => query(says ? asked(staff) : staff, made));
      const expected = [{ what: answer.what, subject: answer.subject, actor: actorOf(staff) }];
      expect(looks.map(({ what, subject, actor }) => ({ what, subject, actor }))).toEqual(answer.given ? expected : []);
      if (looks.some(({ task, what }) => task === 'other' && what !== 'searched' && what !== 'listed')) {
        expect(looks[0]?.reason).toBe('supervision');
      }
    },
  );
});
