import { describe, expect, it } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { authorise } from '#application/authorise.ts';
import type { Authorisation } from '#domain/account/authorisations.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { operator } from '../support/application.ts';
import { demoOffices } from '../support/offices.ts';

const offices = demoOffices(loadDivisions());
const holding = (office: string, held: Authorisation): Staff => ({ ...operator(office), authorisations: [held] });

describe('stock (C7)', () => {
  it.each([
    ['520111', '520111', 'allowed', 'forbidden', 'allowed'],
    ['520111', '520111004', 'forbidden', 'allowed', 'allowed'],
    ['5201', '520111004', 'forbidden', 'forbidden', 'allowed'],
    ['520111004', '520111005', 'forbidden', 'forbidden', 'forbidden'],
    ['520111004', '520111', 'forbidden', 'forbidden', 'forbidden'],
  ] as const)('of %s and of %s: managing it is %s, supplying it %s, seeing it %s', (own, office, ...expected) => {
    const staff = holding(own, 'manageStock');
    const acts = ['manageStock', 'supplyStock', 'seeStock'] as const;
    expect(acts.map((act) => authorise(staff, { act, office }, offices).outcome)).toEqual(expected);
  });

  it('is managed and supplied by operators with that authorisation, and seen by who supervises', () => {
    const supervisor = holding('520111', 'supervise');
    const admin: Staff = { ...holding('520111', 'manageStock'), role: 'admin' };
    for (const [act, office] of [
      ['manageStock', '520111'],
      ['supplyStock', '520111004'],
    ] as const) {
      expect(authorise(supervisor, { act, office }, offices)).toEqual({
        outcome: 'forbidden',
        reason: 'authorisation',
      });
      expect(authorise(admin, { act, office }, offices)).toEqual({ outcome: 'forbidden', reason: 'role' });
    }
    expect(authorise(supervisor, { act: 'seeStock', office: '520111004' }, offices).outcome).toBe('allowed');
    const reviewer = holding('520111', 'review');
    expect(authorise(reviewer, { act: 'seeStock', office: '520111' }, offices).outcome).toBe('forbidden');
  });
});
