import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type OrganisationCommand, organisationDecider } from '#domain/organisation/decide.ts';
import type { OrganisationEvent } from '#domain/organisation/events.ts';
import { organisationKinds, organisationLevels } from '#domain/organisation/events.ts';
import { fitsUnder, type OrganisationRecord, type OtherOrganisation } from '#domain/organisation/rules.ts';
import { given } from '../../support/given.ts';
import { run } from '../../support/runs.ts';

const name = '贵阳市花溪区贵筑街道办事处';
const county: OtherOrganisation = {
  code: '520111',
  status: 'active',
  kind: 'administration',
  level: 'county',
  divisions: ['520111'],
};
const neighbour: OtherOrganisation = { ...county, code: '520102', divisions: ['520102'] };
const township: OtherOrganisation = { ...county, code: '520111005', level: 'township', divisions: ['520111005'] };
const merged = { ...county, status: 'merged' } as const;
const establish = {
  type: 'Establish',
  code: '520111004',
  kind: 'administration',
  level: 'township',
  name,
  parent: county,
} as const;
const established: OrganisationEvent = {
  type: 'OrganisationEstablished',
  data: { code: '520111004', kind: 'administration', level: 'township', division: '520111004', parent: '520111', name },
};
const top: OrganisationEvent = {
  type: 'OrganisationEstablished',
  data: { ...established.data, code: '52', level: 'province', division: '52', parent: '' },
};
const record: OrganisationRecord = {
  phone: '0851-01111004',
  address: '清溪路1号',
  head: '王芳',
  contact: '张伟',
  mobile: '',
};
const completed: OrganisationEvent = {
  type: 'OrganisationRecordCompleted',
  data: { phone: '0851-01111004', address: '清溪路1号', personal: { head: '王芳', contact: '张伟' } },
};
const wentOn: OrganisationEvent = { type: 'OrganisationMerged', data: { into: '520111005' } };

describe('establishing an organisation (O1)', () => {
  it('puts a township under its county', () => {
    given(organisationDecider, []).when(establish).thenHappened(established);
  });

  it('puts the province at the top, and nobody else', () => {
    const command = { ...establish, code: '52', level: 'province', parent: 'nobody' } as const;
    given(organisationDecider, []).when(command).thenHappened(top);
    given(organisationDecider, [])
      .when({ ...establish, parent: 'nobody' })
      .thenRefused({ type: 'wrongLevel' });
  });

  it('puts a hospital under whoever supervises it', () => {
    const hospital = { code: '520111-H01', kind: 'institution', level: 'county', name: '花溪区人民医院' } as const;
    given(organisationDecider, [])
      .when({ type: 'Establish', ...hospital, parent: county })
      .thenHappened({ type: 'OrganisationEstablished', data: { ...hospital, division: '520111', parent: '520111' } });
  });

  it.each([
    ['its name says nothing', { name: ' 。 ' }, { type: 'wrongName' }],
    ['its code is of another kind', { code: '5201110' }, { type: 'wrongCode' }],
    ['its code is of another place', { code: '520102004' }, { type: 'wrongCode' }],
    ['there is no such parent', { parent: undefined }, { type: 'unknownOther' }],
    ['the parent merged into another', { parent: merged }, { type: 'otherMerged' }],
    ['the parent stands no higher', { parent: township }, { type: 'wrongLevel' }],
    ['a township is no committee', { kind: 'committee' }, { type: 'wrongLevel' }],
  ] as const)('is refused where %s', (_, differing, rejection) => {
    given(organisationDecider, [])
      .when({ ...establish, ...differing } as OrganisationCommand)
      .thenRefused(rejection);
  });

  it('is refused where there is one already', () => {
    given(organisationDecider, [established]).when(establish).thenRefused({ type: 'exists', name });
  });

  it('takes the code of a place that merged into the parent', () => {
    const code = '520102004';
    const both = { ...county, divisions: ['520111', '520102'] };
    given(organisationDecider, [])
      .when({ ...establish, code, parent: both })
      .thenHappened({ ...established, data: { ...established.data, code, division: code } } as OrganisationEvent);
  });
});

describe('the record of an organisation (O2)', () => {
  it('is completed, the people in it sealed', () => {
    given(organisationDecider, [established]).when({ type: 'CompleteRecord', record }).thenHappened(completed);
  });

  it('changes where anything in it does, and only then', () => {
    given(organisationDecider, [established, completed])
      .when({ type: 'CompleteRecord', record })
      .thenRefused({ type: 'unchanged' });
    given(organisationDecider, [established, completed])
      .when({ type: 'CompleteRecord', record: { ...record, mobile: '13800000001' } })
      .thenHappened({
        type: 'OrganisationRecordCompleted',
        data: {
          phone: '0851-01111004',
          address: '清溪路1号',
          personal: { head: '王芳', contact: '张伟', mobile: '13800000001' },
        },
      });
  });
});

describe('an organisation that is renamed, moved or merged', () => {
  it('keeps its former name', () => {
    const formerName = name;
    given(organisationDecider, [established])
      .when({ type: 'Rename', name: ' 花溪区贵筑街道　办事处' })
      .thenHappened({ type: 'OrganisationRenamed', data: { name: '花溪区贵筑街道 办事处', formerName } });
    given(organisationDecider, [established]).when({ type: 'Rename', name }).thenRefused({ type: 'unchanged' });
    given(organisationDecider, [established]).when({ type: 'Rename', name: '??' }).thenRefused({ type: 'wrongName' });
  });

  it('moves under another county', () => {
    given(organisationDecider, [established])
      .when({ type: 'Move', parent: neighbour, beneath: false })
      .thenHappened({ type: 'OrganisationMoved', data: { parent: '520102', fromParent: '520111' } });
  });

  it.each([
    ['where it is already', { parent: county, beneath: false }, { type: 'unchanged' }],
    ['under nobody', { parent: undefined, beneath: false }, { type: 'unknownOther' }],
    ['under one that merged', { parent: { ...neighbour, status: 'merged' }, beneath: false }, { type: 'otherMerged' }],
    ['under another township', { parent: township, beneath: false }, { type: 'wrongLevel' }],
    ['under itself', { parent: { ...county, code: '520111004' }, beneath: false }, { type: 'cycle' }],
    ['under one of its own', { parent: neighbour, beneath: true }, { type: 'cycle' }],
  ] as const)('does not move %s', (_, to, rejection) => {
    given(organisationDecider, [established])
      .when({ type: 'Move', ...to })
      .thenRefused(rejection);
  });

  it('goes on in another of its level', () => {
    given(organisationDecider, [established]).when({ type: 'Merge', into: township }).thenHappened(wentOn);
  });

  it.each([
    ['one that is not there', undefined, { type: 'unknownOther' }],
    ['one that merged itself', { ...township, status: 'merged' }, { type: 'otherMerged' }],
    ['itself', { ...township, code: '520111004' }, { type: 'cycle' }],
    ['its county', county, { type: 'wrongLevel' }],
    ['a hospital', { ...township, kind: 'institution' }, { type: 'wrongLevel' }],
  ] as const)('does not go on in %s', (_, into, rejection) => {
    given(organisationDecider, [established]).when({ type: 'Merge', into }).thenRefused(rejection);
  });

  it('cannot be the top of the tree', () => {
    given(organisationDecider, [top]).when({ type: 'Merge', into: township }).thenRefused({ type: 'top' });
    given(organisationDecider, [top])
      .when({ type: 'Move', parent: county, beneath: false })
      .thenRefused({ type: 'top' });
  });
});

const other = fc.record({
  code: fc.constantFrom('52', '5201', '520111', '520111005', '520111-H01'),
  status: fc.constantFrom('active' as const, 'merged' as const),
  kind: fc.constantFrom(...organisationKinds),
  level: fc.constantFrom(...organisationLevels),
  divisions: fc.constantFrom(['52'], ['520111']),
});
const maybe = fc.option(other, { nil: undefined });
const command: fc.Arbitrary<OrganisationCommand> = fc.oneof(
  fc.record({
    type: fc.constant('Establish' as const),
    code: fc.constantFrom('52', '520111004', '520111', '520111004001', '520111-H01'),
    kind: fc.constantFrom(...organisationKinds),
    level: fc.constantFrom(...organisationLevels),
    name: fc.constantFrom(name, '?'),
    parent: fc.oneof(maybe, fc.constant('nobody' as const)),
  }),
  fc.record({
    type: fc.constant('CompleteRecord' as const),
    record: fc.constantFrom(record, { ...record, head: '李强' }),
  }),
  fc.record({ type: fc.constant('Rename' as const), name: fc.constantFrom(name, '花溪区贵筑办事处', '') }),
  fc.record({ type: fc.constant('Move' as const), parent: maybe, beneath: fc.boolean() }),
  fc.record({ type: fc.constant('Merge' as const), into: maybe }),
);

describe('whatever is asked of an organisation', () => {
  test.prop([fc.array(command, { maxLength: 12 })])(
    'it is established once, first, and changes no more once merged',
    (commands) => {
      const { events, steps } = run(organisationDecider, commands);
      const types = events.map(({ type }) => type);
      expect(types.slice(0, 1)).toEqual(types.length > 0 ? ['OrganisationEstablished'] : []);
      expect(types.lastIndexOf('OrganisationEstablished')).toBeLessThanOrEqual(0);
      expect([-1, types.length - 1]).toContain(types.indexOf('OrganisationMerged'));
      for (const { before, decision } of steps) {
        if (before.status === 'merged') expect(decision.outcome).toBe('rejected');
      }
    },
  );

  test.prop([fc.constantFrom(...organisationKinds), fc.constantFrom(...organisationLevels), other])(
    'nobody stands under one of its own level, but for an institution',
    (kind, level, parent) => {
      if (kind !== 'institution' && level === parent.level) expect(fitsUnder({ kind, level }, parent)).toBe(false);
      if (parent.kind !== 'administration') expect(fitsUnder({ kind, level }, parent)).toBe(false);
    },
  );
});
