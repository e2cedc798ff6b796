import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { authorise, type WhatIsAsked } from '#application/authorise.ts';
import type { Office } from '#application/offices.ts';
import { type Authorisation, authorisations, roles } from '#domain/account/authorisations.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { operator } from '../support/application.ts';
import { anOffice, demoOffices, officesOf } from '../support/offices.ts';

const most = 12;

/** Trees of offices: each but the first reports to one before it. */
const tree: fc.Arbitrary<readonly Office[]> = fc
  .array(fc.nat(most), { maxLength: most - 1 })
  .map((parents) =>
    ['', ...parents.map((parent, index) => `o${parent % (index + 1)}`)].map((parent, index) =>
      anOffice({ code: `o${index}`, parent }),
    ),
  );

/** Everyone at or below an office, found from above: the tree is walked the other way than the code under test does. */
const subtree = (all: readonly Office[], top: string): readonly string[] => [
  top,
  ...all.filter(({ parent }) => parent === top).flatMap(({ code }) => subtree(all, code)),
];

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
type Simple = Extract<
  WhatIsAsked,
  { act: 'review' | 'register' | 'read' | 'listInbox' | 'seeAccounts' | 'completeRecord' }
>;
const request = (act: Simple['act'], office: string): WhatIsAsked => ({ act, office, people: [] }) as WhatIsAsked;

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

  const account = fc.record({
    account: fc.constantFrom('own', 'other'),
    office: at,
    role: fc.constantFrom(...roles),
  });

  test.prop([tree, at, fc.constantFrom(...roles), held, account, fc.constantFrom(...authorisations)])(
    'admins manage the operators of their office and the admins right below, never themselves, and hand on what they hold',
    (all, own, role, has, asked, authorisation) => {
      const staff = { ...staffAt(own, has), role, account: 'own' };
      const office = all.find(({ code }) => code === asked.office);
      const top = all.some(({ code, parent }) => code === own && parent === '');
      const theirs =
        asked.office === own ? asked.role === 'operator' || top : asked.role === 'admin' && office?.parent === own;
      const manages = role === 'admin' && asked.account !== 'own' && theirs;
      const outcomeOf = (what: WhatIsAsked) => authorise(staff, what, officesOf(all)).outcome;
      expect(outcomeOf({ act: 'manageAccount', ...asked })).toBe(manages ? 'allowed' : 'forbidden');
      const grants = manages && has.includes(authorisation);
      expect(outcomeOf({ act: 'grant', authorisation, ...asked })).toBe(grants ? 'allowed' : 'forbidden');
    },
  );

  test.prop([tree, at, at, fc.constantFrom(...roles)])(
    'admins see people and records in their subtree, and arrange what lies below themselves',
    (all, own, asked, role) => {
      const staff = { ...staffAt(own, []), role };
      const within = role === 'admin' && all.some(({ code }) => code === asked) && subtree(all, own).includes(asked);
      const may = (act: 'seeAccounts' | 'completeRecord' | 'arrangeOrganisation') =>
        authorise(staff, { act, office: asked }, officesOf(all)).outcome === 'allowed';
      expect([may('seeAccounts'), may('completeRecord')]).toEqual([within, within]);
      const top = all.some(({ code, parent }) => code === own && parent === '');
      expect(may('arrangeOrganisation')).toBe(within && (asked !== own || top));
    },
  );

  test.prop([tree, at, fc.constantFrom(...roles)])('nobody decides on what is their own', (all, own, role) => {
    const staff = { ...staffAt(own, ['review', 'register']), role };
    for (const act of ['review', 'register'] as const) {
      const asked = { act, office: own, people: ['another', staff.person] };
      expect(authorise(staff, asked, officesOf(all)).outcome).toBe('forbidden');
    }
  });

  test.prop([tree, at, at, fc.constantFrom(...roles), account])(
    'who is not verified may do nothing at all',
    (all, own, office, role, target) => {
      const staff = { ...staffAt(own, authorisations), role, verified: false };
      const everything: readonly WhatIsAsked[] = [
        ...(['review', 'register'] as const).map((act) => ({ act, office, people: [] })),
        ...(
          ['read', 'listInbox', 'completeRecord', 'arrangeOrganisation', 'seeAccounts', 'readAuditTrail'] as const
        ).map((act) => ({ act, office })),
        { act: 'manageAccount', ...target },
        ...authorisations.map((authorisation) => ({ act: 'grant' as const, authorisation, ...target })),
      ];
      for (const asked of everything) {
        expect(authorise(staff, asked, officesOf(all))).toEqual({ outcome: 'forbidden', reason: 'unverified' });
      }
    },
  );

  test.prop([tree, at, at, at, held, fc.constantFrom(...roles), account])(
    'whoever an office merged into may do what it may, and its people what the successor’s may',
    (all, own, merged, successor, has, role, target) => {
      const mergers = all.map((office) =>
        office.code === merged &&
        merged !== successor &&
        office.parent !== '' &&
        all.some(({ code }) => code === successor)
          ? { ...office, status: 'merged' as const, successor }
          : office,
      );
      const offices = officesOf(mergers);
      fc.pre(offices.current(own) !== own);
      const acts: readonly WhatIsAsked[] = [
        { act: 'review', office: target.office, people: [] },
        { act: 'read', office: target.office },
        { act: 'completeRecord', office: target.office },
        { act: 'arrangeOrganisation', office: target.office },
        { act: 'manageAccount', ...target },
      ];
      const before = { ...staffAt(own, has), role, account: 'own' };
      const since = { ...before, office: offices.current(own) };
      for (const asked of acts) expect(authorise(before, asked, offices)).toEqual(authorise(since, asked, offices));
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
