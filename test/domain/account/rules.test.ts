import { describe, expect, it } from 'vitest';
import { authorisations } from '#domain/account/authorisations.ts';
import { possibleAuthorisations, type Workplace, workplaceRows } from '#domain/account/rules.ts';

const township: Workplace = { kind: 'administration', level: 'township', registers: true };
const county: Workplace = { kind: 'administration', level: 'county', registers: true };
const prefecture: Workplace = { kind: 'administration', level: 'prefecture', registers: false };
const province: Workplace = { kind: 'administration', level: 'province', registers: false };
const institution: Workplace = { kind: 'institution', level: 'county', registers: false };
const committee: Workplace = { kind: 'committee', level: 'village', registers: false };

describe('authorisations that people can have', () => {
  it('each stands in the table with its clause', () => {
    expect(new Set(Object.values(workplaceRows).flatMap(({ may }) => may))).toEqual(new Set(authorisations));
    for (const { clause } of Object.values(workplaceRows)) expect(clause).toMatch(/§/);
  });

  it.each([
    ['a township’s operator', township, ['review', 'register', 'enterOnSite', 'issueOrdinaryCertificates']],
    ['an institution’s operator', institution, ['checkRegistration', 'annotateBirth', 'handleFeedback']],
    ['a committee’s operator', committee, ['enterOnSite']],
  ] as const)('%s', (_, workplace, held) => {
    expect(possibleAuthorisations('operator', workplace)).toEqual(expect.arrayContaining([...held]));
  });

  it('registering is a desk’s alone, whatever its level: 仁怀市 stands at prefecture level', () => {
    expect(possibleAuthorisations('operator', prefecture)).not.toContain('register');
    expect(possibleAuthorisations('operator', { ...prefecture, registers: true })).toContain('register');
    expect(possibleAuthorisations('operator', institution)).not.toContain('register');
  });

  it('admins hold all that is handed on below them', () => {
    for (const top of [province, prefecture, county]) {
      for (const below of [township, institution, committee]) {
        expect(possibleAuthorisations('admin', top)).toEqual(
          expect.arrayContaining([...possibleAuthorisations('admin', below)]),
        );
      }
    }
    expect(new Set(possibleAuthorisations('admin', province))).toEqual(new Set(authorisations));
    expect(possibleAuthorisations('admin', institution)).toEqual(possibleAuthorisations('operator', institution));
  });
});
