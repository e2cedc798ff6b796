import { describe, expect, it } from 'vitest';
import { checkDecider } from '#domain/check/decide.ts';
import { given } from '../../support/given.ts';

const institution = '520111-H01';
const checked = { institution, by: 'idNumber', outcome: 'unregistered', lookup: { womanIdNumber: 'key' } } as const;
const check = { type: 'CheckRegistration', checked } as const;
const tell = { type: 'TellWoman', institution, how: 'leaflet', office: '520111004' } as const;
const made = given(checkDecider, []).when(check).history();
const decided = (command: typeof check | Parameters<typeof checkDecider.decide>[0], events = made) =>
  checkDecider.decide(command, events.reduce(checkDecider.evolve, checkDecider.initialState));

describe('a check of an institution (M1)', () => {
  it('is made once, and its woman told once, by her key', () => {
    expect(made).toEqual([{ type: 'RegistrationChecked', data: checked }]);
    expect(decided(check)).toEqual({ outcome: 'accepted', events: [] });
    const told = given(checkDecider, made).when(tell).history();
    expect(told.at(-1)).toEqual({
      type: 'WomanTold',
      data: { institution, how: 'leaflet', office: '520111004', lookup: { womanIdNumber: 'key' } },
    });
    expect(decided(tell, told)).toEqual({ outcome: 'accepted', events: [] });
  });

  it('tells nobody who is registered, nor for another institution, nor before a check', () => {
    const registered = given(checkDecider, [])
      .when({ ...check, checked: { ...checked, outcome: 'registered' } })
      .history();
    expect(decided(tell, registered)).toMatchObject({ rejection: { type: 'registered' } });
    expect(decided({ ...tell, institution: '520103-H01' })).toMatchObject({ rejection: { type: 'otherInstitution' } });
    expect(decided(tell, [])).toMatchObject({ rejection: { type: 'absent' } });
  });
});
