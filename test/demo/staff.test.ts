import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accountDirectory } from '#application/accountDirectory.ts';
import { authorise } from '#application/authorise.ts';
import { officesBelow } from '#application/offices.ts';
import { StoreUnavailable } from '#application/ports.ts';
import type { StaffDirectory } from '#application/staff.ts';
import { detailFaults } from '#domain/account/rules.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { verifyPassword } from '#infrastructure/passwords.ts';
import { seedAccounts } from '../../src/demo/seedAccounts.ts';
import { demoAccounts, demoPassword, demoStaffOf, featuredAccounts, registrarsOf } from '../../src/demo/staff.ts';
import { type Running, startApplication } from '../support/application.ts';
import { demoOffices } from '../support/offices.ts';
import { submitCouples } from '../support/operations.ts';

const offices = demoOffices(loadDivisions());
const everyOffice = (code: string): readonly string[] => [
  code,
  ...officesBelow(offices, code).flatMap((office) => everyOffice(office.code)),
];
const named = (codes: readonly string[]) => codes.flatMap((code) => offices.find(code) ?? []);

describe('the demo staff', () => {
  test('include an operator and an admin of every office, each a person of their own', () => {
    const all = demoAccounts(named(everyOffice('52')));
    expect(all.length).toBeGreaterThan(3000);
    expect(new Set(all.map(({ account }) => account)).size).toBe(all.length);
    expect(new Set(all.map(({ details }) => details.idNumber)).size).toBe(all.length);
    expect(all.filter(({ details }) => detailFaults(details).length > 0)).toEqual([]);
  });

  test.each(['', 'nobody', 'czy-', 'czy-999999', 'gly-52011100', '__proto__'])('have no account %j', (account) => {
    expect(demoStaffOf(account, offices)).toBeUndefined();
  });

  test('of every office that registrations are dispatched to may review and register there', () => {
    const divisions = loadDivisions();
    const counties = divisions.children('52').flatMap(({ code }) => divisions.children(code));
    const places = counties.flatMap(({ code }) => divisions.children(code));
    for (const office of new Set(places.map(({ code }) => offices.forPlace(code).code))) {
      const [registrar] = registrarsOf(office, offices);
      if (registrar === undefined) throw new Error(`Nobody registers at ${office}.`);
      expect(authorise(registrar, { act: 'review', office, people: [] }, offices)).toEqual({ outcome: 'allowed' });
      expect(authorise(registrar, { act: 'register', office, people: [] }, offices)).toEqual({ outcome: 'allowed' });
    }
  });

  test('admins hold what those below them can be granted', () => {
    const [top, township] = [demoStaffOf('guizhou', offices), demoStaffOf('gly-520111004', offices)];
    expect(top?.authorisations).toEqual(expect.arrayContaining([...(township?.authorisations ?? [])]));
    expect(township?.authorisations).toEqual(expect.arrayContaining(['review', 'register', 'manageStock']));
  });

  test('featured: two who compete for the tasks of 贵筑街道, and offices that exist', () => {
    expect(registrarsOf('520111004', offices).map(({ account }) => account)).toEqual(['guizhu-yang', 'guizhu-wu']);
    expect(featuredAccounts.filter(({ office }) => offices.find(office) === undefined)).toEqual([]);
    const hospital = demoStaffOf('huaxi-yiyuan', offices);
    if (hospital === undefined) throw new Error('No institution user.');
    expect(hospital.authorisations).toContain('annotateBirth');
    expect(authorise(hospital, { act: 'listInbox', office: '520111' }, offices).outcome).toBe('forbidden');
  });
});

describe('their accounts', () => {
  const few = demoAccounts(named(['52', '5201', '520111', '520111004', '520111-H01', '520382002']));
  let app: Running;
  let staff: StaffDirectory;

  beforeAll(async () => {
    app = await startApplication('2026-11-24T02:00:00Z');
    const { deps } = app.services;
    staff = accountDirectory({ ...deps, verify: verifyPassword });
    let left = 40;
    const append: typeof deps.eventStore.append = async (...to) => {
      left -= 1;
      if (left < 0) throw new StoreUnavailable('killed');
      return deps.eventStore.append(...to);
    };
    const dying = { ...deps, eventStore: { ...deps.eventStore, append } };
    await expect(seedAccounts(dying, undefined, few)).rejects.toThrow('killed');
    await seedAccounts(deps, undefined, few);
  });
  afterAll(() => app.stop());

  test('stand in the log as the demo tells of them, made once, also where a start was killed', async () => {
    const before = await app.stores.eventStore.lastPosition();
    await seedAccounts(app.services.deps, undefined, few);
    expect(await app.stores.eventStore.lastPosition()).toBe(before);
    for (const { account, tells } of few.filter((one) => one.tells === undefined)) {
      const { person: _, ...expected } = demoStaffOf(account, offices) ?? { person: '' };
      expect({ tells, ...(await staff.find(account)) }).toMatchObject(expected);
    }
  });

  test('sign in with the documented password and no other, and need not change it', async () => {
    const made = await staff.account('guizhu-yang');
    expect(made?.password).toMatchObject({ mustChange: false });
    expect(await staff.verify(demoPassword, made?.password?.hash)).toBe(true);
    expect(await staff.verify('Demo-2026-gZ', made?.password?.hash)).toBe(false);
  });

  test('show what is to be done: one to check, one who differs, one disabled, one whose grants end', async () => {
    expect(await staff.find('guizhu-xinren')).toMatchObject({ verified: false });
    expect(await staff.account('guizhu-hedui')).toMatchObject({ identity: { lastOutcome: 'differs' } });
    expect(await staff.find('guizhu-jiediao')).toBeUndefined();
    expect((await staff.account('guizhu-linshi'))?.grants[0]).toMatchObject({ until: '2026-12-06' });
  });

  test('were there before the registrations that they work on, or are told as of now', async () => {
    const [first] = await app.stores.eventStore.readStream('account-guizhu-yang');
    expect(first?.meta['at']).toBe('2026-09-27T02:00:00.000Z');
    const later = await startApplication('2026-11-24T02:00:00Z');
    await submitCouples(later, 0, 1);
    await seedAccounts(later.services.deps, undefined, few.slice(-2));
    const [told] = await later.stores.eventStore.readStream(`account-${few.at(-2)?.account}`);
    expect(told?.meta['at']).toBe('2026-11-24T02:00:00.000Z');
    await later.stop();
  });

  test('were registered by the admin who may: of their office, for admins of the one above', async () => {
    const actorOf = async (account: string) =>
      (await app.stores.eventStore.readStream(`account-${account}`))[0]?.meta['actor'];
    expect(await actorOf('guizhu-yang')).toEqual({ kind: 'staff', account: 'gly-520111004', office: '520111004' });
    expect(await actorOf('gly-520111004')).toEqual({ kind: 'staff', account: 'gly-520111', office: '520111' });
    expect(await actorOf('guizhou')).toEqual({ kind: 'system', name: 'demo' });
  });
});
