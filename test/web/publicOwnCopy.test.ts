import { describe, expect, test } from 'vitest';
import { eraseRegistration } from '#application/eraseRegistration.ts';
import type { OwnCopy } from '#application/ownCopy.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { operator } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { recordOf } from '../support/managementScene.ts';
import { register } from '../support/registeredCouple.ts';
import { openSites } from '../support/sites.ts';
import { visitorOf, wordsOf } from '../support/visitor.ts';

const village = '520111004005';
const office = '520111004';
const { app, sites } = await openSites();
let visitors = 0;

const submitted = async (n: number) => {
  const { services } = app;
  const data = declarationOf(village, n);
  const id = services.deps.ids();
  await services.applicant.submit(id, data, { commandId: services.deps.ids() });
  return { id, data, code: services.applicant.queryCode(id) };
};

const holder = async (code: string) => {
  visitors += 1;
  const someone = visitorOf(sites.publicSite, `203.0.113.${visitors}`);
  expect((await someone.post('/lookup', { code, name: '王芳' })).headers.location).toBe('/registration');
  return someone;
};

const act = () => ({ commandId: app.services.deps.ids() });

/** Declines since the record names children that the couple did not declare. */
const declineFor = async (
  id: string,
  data: RegistrationData,
  children: readonly Pick<RegistrationData['children'][number], 'name' | 'sex' | 'bornOn'>[],
) => {
  const staff = operator(data.declaration.place);
  const { staff: may, verifications } = app.services;
  const accepted = await may.accept(id, { staff, ...act(), basedOn: 0 });
  if (accepted.outcome !== 'done') throw new Error(JSON.stringify(accepted));
  const { record } = recordOf(data);
  app.population.answer = { outcome: 'found', record: { ...record, children: [...children] } };
  const asked = await verifications.lookUp(staff, id);
  if (asked.outcome !== 'lookedUp') throw new Error(asked.outcome);
  const verified = verifications.verified(asked.lookUp, '已当面核对');
  expect(verified.basis.differences).not.toEqual([]);
  const declining = { staff, ...act(), basedOn: accepted.revision };
  const declined = await may.decline(id, declining, verified, ['differsFromRecord'], '与人口信息不符，请到办公室核对');
  expect(declined).toMatchObject({ outcome: 'done' });
};

describe('a couple’s own copy', () => {
  test('says whom the office asked, and nothing of a record that one of the two may not know', async () => {
    const { id, data, code } = await submitted(7);
    const child = { name: '张小满', sex: 'female', bornOn: '2020-02-02' } as const;
    await declineFor(id, data, [child]);
    const { body } = await (await holder(code)).get('/registration/copy.json');
    const declined = (JSON.parse(body) as OwnCopy).steps.find(({ what }) => what === 'Declined');
    expect(declined?.facts).toMatchObject({ basis: { source: 'pis' } });
    expect(body).not.toContain('differences');
    expect(body).not.toContain('张小满');
  });

  test('holds all that is kept: each version, each step with its office, what was told, the certificate', async () => {
    const { id, data, code } = await submitted(1);
    const amended = { ...data, declaration: { ...data.declaration, mobile: '13900000001' } };
    await app.services.applicant.amend(id, amended, act());
    const { number } = await register(app, id, amended);
    const someone = await holder(code);
    const answer = await someone.get('/registration/copy.json');
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
      'content-disposition': 'attachment; filename="birth-registration.json"',
    });
    const copy = answer.json<OwnCopy>();
    expect(copy).toMatchObject({
      form: 'birth-registration-copy/1',
      registration: { status: 'registered', parity: 1, office: { code: office }, keptUntil: '2036-11-24' },
      declared: [{ data }, { data: amended }],
      certificate: { number, wife: { name: '王芳' } },
    });
    expect(copy.places[village]).toMatch(/^贵州省贵阳市花溪区/);
    expect(copy.steps.map(({ what, by }) => [what, by.kind])).toEqual([
      ['Submitted', 'couple'],
      ['Amended', 'couple'],
      ['TaskReceived', 'office'],
      ['Accepted', 'office'],
      ['Registered', 'office'],
      ['CertificateIssued', 'platform'],
    ]);
    const page = wordsOf(await someone.get('/registration/copy'));
    for (const said of ['登记资料副本', '2036年11月24日', number, '139 0000 0001', '138 0000 0000', '登记后的更正']) {
      expect(page).toContain(said);
    }
  });

  test('tells nothing of staff, of look-up keys, or of what the population system knows', async () => {
    const { id, data, code } = await submitted(2);
    const staff = operator(office, 'czy-secret');
    const accepted = await app.services.staff.accept(id, { staff, commandId: app.services.deps.ids(), basedOn: 0 });
    if (accepted.outcome !== 'done') throw new Error(accepted.outcome);
    app.population.answer = {
      outcome: 'found',
      record: {
        wife: { ...data.wife, householdDivision: village },
        husband: { ...data.husband, householdDivision: village },
        children: [{ name: '未告知', sex: 'female', bornOn: '2015-01-01' }],
      },
    };
    const asked = await app.services.verifications.lookUp(staff, id);
    if (asked.outcome !== 'lookedUp') throw new Error(asked.outcome);
    const verified = app.services.verifications.verified(asked.lookUp, '内部情况说明：已电话联系');
    await app.services.staff.decline(
      id,
      { staff, commandId: app.services.deps.ids(), basedOn: accepted.revision },
      verified,
      ['differsFromRecord'],
      '与记录不一致，请核对后重新提交',
    );
    const someone = await holder(code);
    for (const path of ['/registration/copy.json', '/registration/copy']) {
      const { body } = await someone.get(path);
      expect(body).toContain('与记录不一致，请核对后重新提交');
      for (const hidden of ['czy-secret', '未告知', '内部情况说明', '&quot;lookup', '"lookup', 'queryCode', code]) {
        expect([path, hidden, body.includes(hidden)]).toEqual([path, hidden, false]);
      }
    }
  });

  test('names no account of staff and no reason that they wrote for each other, of a correction that was dismissed', async () => {
    const { id, data, code } = await submitted(12);
    await register(app, id, data);
    const { staff: corrections, deps } = app.services;
    const [row] = await deps.viewStore.get('registration', [id]);
    const proposer = operator(office, 'czy-proposer');
    const other = { ...operator('520111', 'jd-dismisser'), authorisations: ['supervise'] as const };
    const given = {
      data: { ...data, wife: { ...data.wife, name: '王芳芳' } },
      reason: '内部：录入时漏写一字，与身份证不符',
      documents: [{ kind: 'idCard', number: data.wife.idNumber, shows: '姓名' }],
    } as const;
    const proposed = await corrections.proposeCorrection(
      id,
      { staff: proposer, ...act(), basedOn: Number(row?.['revision']) },
      given,
    );
    if (proposed.outcome !== 'done') throw new Error(JSON.stringify(proposed));
    const dismissing = { staff: other, ...act(), basedOn: proposed.revision };
    const dismissed = await corrections.dismissCorrection(id, dismissing, 1, '内部：证件照片看不清楚');
    expect(dismissed).toMatchObject({ outcome: 'done' });
    const { body } = await (await holder(code)).get('/registration/copy.json');
    const steps = (JSON.parse(body) as OwnCopy).steps;
    expect(steps.find(({ what }) => what === 'CorrectionProposed')?.facts).toEqual({
      office,
      correction: 1,
      changed: ['wife.name'],
    });
    for (const hidden of ['czy-proposer', 'jd-dismisser', '内部：']) expect(body).not.toContain(hidden);
  });

  test('is for whoever opened it with code and name, and each is recorded', async () => {
    const { id, code } = await submitted(3);
    const stranger = visitorOf(sites.publicSite, '203.0.113.250');
    for (const path of ['/registration/copy', '/registration/copy.json']) {
      expect((await stranger.get(path)).headers.location).toBe('/lookup?ended');
    }
    await (await holder(code)).get('/registration/copy.json');
    const events = await app.stores.eventStore.readAll(0, 10_000);
    const looks = events
      .filter(({ type }) => type === 'PersonalDataViewed.v1')
      .map(({ data }) => data as { subject: { id: string }; what: string })
      .filter(({ subject, what }) => subject.id === id && what === 'exported');
    expect(looks).toHaveLength(1);
  });
});

describe('erasing what was withdrawn', () => {
  test('is offered then only, asked about once more, and done at once', async () => {
    const { id, code } = await submitted(4);
    const someone = await holder(code);
    expect(wordsOf(await someone.get('/registration'))).not.toContain('删除个人信息');
    expect((await someone.get('/registration/erase')).headers.location).toBe('/registration/copy');
    expect((await someone.post('/registration/erase')).statusCode).toBe(409);
    await app.services.applicant.withdraw(id, act());
    expect(wordsOf(await someone.get('/registration'))).toContain('删除个人信息');
    expect(wordsOf(await someone.get('/registration/erase'))).toContain('确定要删除个人信息吗？');
    const done = await someone.post('/registration/erase');
    expect(done.headers.location).toBe('/lookup?erased');
    expect(wordsOf(await someone.follow(done))).toContain('这条登记中的个人信息已删除');
    expect((await someone.get('/registration')).headers.location).toBe('/lookup?ended');
    const again = await someone.follow(await someone.post('/lookup', { code, name: '王芳' }));
    expect(again.statusCode).toBe(400);
    expect(wordsOf(again)).toContain('保存期满的登记已按规定删除');
    expect(await app.services.applicant.view(id)).toBeUndefined();
  });

  test('takes no form that was not sent from a page of ours', async () => {
    const { id, code } = await submitted(5);
    await app.services.applicant.withdraw(id, act());
    const someone = await holder(code);
    expect((await someone.post('/registration/erase', { _csrf: 'forged' })).statusCode).toBe(403);
    expect(await app.services.applicant.view(id)).toBeDefined();
  });
});

describe('a certificate whose registration was erased', () => {
  test('is told as issued once, its data being erased', async () => {
    const { id, data } = await submitted(6);
    const { number } = await register(app, id, data);
    const { deps } = app.services;
    const before = app.clock.now;
    app.clock.now = Date.parse('2036-11-26T02:00:00Z');
    const system = { commandId: deps.ids(), actor: { kind: 'system', name: 'retention' } } as const;
    const erased = await eraseRegistration(deps, id, 'retentionEnded', system);
    if (erased.outcome !== 'done') throw new Error(erased.outcome);
    await deps.awaitViews(['certificate'], erased.position);
    app.clock.now = before;
    const said = wordsOf(await visitorOf(sites.publicSite).get(`/verify/${number}`));
    expect(said).toContain('签发过，登记信息已按规定删除');
    expect(said).toContain(number);
    expect(said).not.toMatch(/王[芳*＊]|张[伟*＊]/);
  });
});
