import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type Authorisation, authorisations, type Staff } from '#application/actor.ts';
import { authorise, type WhatIsAsked } from '#application/authorise.ts';
import type { Office, Offices } from '#application/offices.ts';
import { demoOffices } from '#infrastructure/directory/demoOffices.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { operator } from '../support/application.ts';

const most = 12;

/** Trees of offices: each but the first reports to one before it. */
const tree: fc.Arbitrary<readonly Office[]> = fc.array(fc.nat(most), { maxLength: most - 1 }).map((parents) =>
  ['', ...parents.map((parent, index) => `o${parent % (index + 1)}`)].map((parent, index) => ({
    code: `o${index}`,
    name: `o${index}`,
    level: 'township',
    division: '52',
    parent,
  })),
);

/** Everyone at or below an office, found from above: the tree is walked the other way than the code under test does. */
const subtree = (all: readonly Office[], top: string): readonly string[] => [
  top,
  ...all.filter(({ parent }) => parent === top).flatMap(({ code }) => subtree(all, code)),
];

const officesOf = (all: readonly Office[]): Offices => {
  const find = (code: string) => all.find((office) => office.code === code);
  return {
    find,
    registers: () => true,
    forPlace: () => {
      throw new Error('Nothing is dispatched here.');
    },
    children: (code) => all.filter(({ parent }) => parent === code),
    isWithin: (code, ancestor) => find(code) !== undefined && subtree(all, ancestor).includes(code),
  };
};

const staffAt = (office: string, held: readonly Authorisation[]): Staff => ({
  ...operator(office),
  authorisations: held,
});
const reading: readonly Authorisation[] = [
  'review',
  'register',
  'supervise',
  'enterOnSite',
  'issueOrdinaryCertificates',
];
const request = (act: WhatIsAsked['act'], office: string): WhatIsAsked => ({ act, office });

describe('in any tree of offices', () => {
  const at = fc.nat(most - 1).map((index) => `o${index}`);
  const held = fc.subarray([...authorisations]);

  test.prop([tree, at, at, held, fc.constantFrom('review' as const, 'register' as const)])(
    'staff decide exactly at their own office and with that authorisation',
    (all, own, asked, has, act) => {
      const { outcome } = authorise(staffAt(own, has), request(act, asked), officesOf(all));
      expect(outcome).toBe(asked === own && has.includes(act) ? 'allowed' : 'forbidden');
    },
  );

  test.prop([tree, at, at, held, fc.constantFrom('read' as const, 'listInbox' as const)])(
    'staff read exactly within their own subtree, and only with an authorisation that works on registrations',
    (all, own, asked, has, act) => {
      const { outcome } = authorise(staffAt(own, has), request(act, asked), officesOf(all));
      const within = all.some(({ code }) => code === asked) && subtree(all, own).includes(asked);
      expect(outcome).toBe(within && has.some((one) => reading.includes(one)) ? 'allowed' : 'forbidden');
    },
  );

  test.prop([tree, at, at, held])('who may decide may also read', (all, own, asked, has) => {
    const offices = officesOf(all);
    fc.pre(offices.find(asked) !== undefined);
    const staff = staffAt(own, has);
    const decides = (['review', 'register'] as const).some(
      (act) => authorise(staff, request(act, asked), offices).outcome === 'allowed',
    );
    if (decides) expect(authorise(staff, request('read', asked), offices).outcome).toBe('allowed');
  });
});

describe('in the province', () => {
  const offices = demoOffices(loadDivisions());

  it.each([
    ['520111004', '520111004', 'allowed'],
    ['520111', '520111004', 'allowed'],
    ['5201', '520111004', 'allowed'],
    ['52', '520111004', 'allowed'],
    ['520111005', '520111004', 'forbidden'],
    ['520111004', '520111', 'forbidden'],
    ['520103', '520111004', 'forbidden'],
    // 仁怀 reports to the province directly, not to the prefecture its code begins with.
    ['520382', '520382001', 'allowed'],
    ['5203', '520382001', 'forbidden'],
    ['52', '520382001', 'allowed'],
    ['52', '999999', 'forbidden'],
  ])('staff of %s who read at %s are %s', (own, asked, outcome) => {
    expect(authorise(operator(own), request('read', asked), offices).outcome).toBe(outcome);
  });

  it('the level above reads but does not decide', () => {
    expect(authorise(operator('520111'), request('review', '520111004'), offices)).toEqual({
      outcome: 'forbidden',
      reason: 'office',
    });
  });

  it('a missing authorisation is told before the wrong office', () => {
    expect(authorise(staffAt('520103019', ['viewStatistics']), request('read', '520111004'), offices)).toEqual({
      outcome: 'forbidden',
      reason: 'authorisation',
    });
  });
});
