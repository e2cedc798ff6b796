import { describe, expect, test } from 'vitest';
import { authorise } from '#application/authorise.ts';
import { officesBelow } from '#application/offices.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoPassword, demoStaff, demoStaffOf, featuredAccounts, registrarsOf } from '../../src/demo/staff.ts';
import { demoOffices } from '../support/offices.ts';

const offices = demoOffices(loadDivisions());
const directory = demoStaff(offices);
const everyOffice = (code: string): readonly string[] => [
  code,
  ...officesBelow(offices, code).flatMap((office) => everyOffice(office.code)),
];

describe('the demo staff', () => {
  test('sign in with the documented password and no other', async () => {
    const found = await directory.find('guizhu-yang');
    expect(found).toMatchObject({ name: '杨秀兰', office: '520111004', role: 'operator' });
    const hash = (await directory.account('guizhu-yang'))?.password?.hash;
    expect(hash).toMatch(/^\$argon2id\$/);
    expect(await directory.verify(demoPassword, hash)).toBe(true);
    expect(await directory.verify('Demo-2026-gZ', hash)).toBe(false);
  });

  test('are the same person under the same account, shown by name', async () => {
    expect(await directory.nameOf('czy-520302001')).toBe((await demoStaff(offices).find('czy-520302001'))?.name);
    expect(await directory.nameOf('guizhu-wu')).toBe('吴建国');
  });

  test.each(['', 'nobody', 'czy-', 'czy-999999', 'gly-52011100', 'CZY-52', 'czy-52\n', '__proto__'])(
    'have no account %j',
    async (account) => {
      expect(await directory.find(account.replace('\n', '!'))).toBeUndefined();
      expect(await directory.verify(demoPassword, undefined)).toBe(false);
    },
  );

  test('include an operator and an admin of every office', () => {
    const all = everyOffice('52');
    expect(all.length).toBeGreaterThan(1500);
    for (const office of all) {
      expect(demoStaffOf(`czy-${office}`, offices)).toMatchObject({ office, role: 'operator' });
      expect(demoStaffOf(`gly-${office}`, offices)).toMatchObject({ office, role: 'admin' });
    }
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

  test('featured: two who compete for the tasks of 贵筑街道, and offices that exist', () => {
    expect(registrarsOf('520111004', offices).map(({ account }) => account)).toEqual(['guizhu-yang', 'guizhu-wu']);
    expect(featuredAccounts.filter(({ office }) => offices.find(office) === undefined)).toEqual([]);
    const hospital = demoStaffOf('huaxi-yiyuan', offices);
    if (hospital === undefined) throw new Error('No institution user.');
    expect(authorise(hospital, { act: 'listInbox', office: '520111' }, offices).outcome).toBe('forbidden');
  });
});
