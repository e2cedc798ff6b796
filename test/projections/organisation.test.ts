import { describe, expect, test } from 'vitest';
import { organisation } from '#projections/organisation.ts';
import { type AnyEvent, foldBatch } from '#projections/projection.ts';

const code = '520111004';
const data = { code, kind: 'administration', level: 'township', division: code, parent: '520111' };

/** The n-th event of an organisation, a day after the one before. */
const happened = (n: number, type: string, more: object): AnyEvent => ({
  id: `${n}`,
  stream: `organisation-${code}`,
  revision: n,
  position: 10 * n + 1,
  at: 'store',
  type,
  data: { ...more },
  meta: { at: `2026-11-2${n}T02:00:00.000Z`, actor: { kind: 'staff', account: 'gly-520111', office: '520111' } },
});
const established = happened(0, 'OrganisationEstablished', { ...data, name: '贵筑社区' });
const rowAfter = (...events: readonly AnyEvent[]) => foldBatch(organisation, events, new Map())[0]?.row;

describe('the view of organisations', () => {
  test('has a row for each, incomplete at first', () => {
    expect(rowAfter(established)).toEqual({
      id: code,
      revision: 0,
      changed: 1,
      status: 'active',
      kind: 'administration',
      level: 'township',
      division: code,
      parent: '520111',
      names: [{ name: '贵筑社区', from: '2026-11-20T02:00:00.000Z' }],
    });
  });

  test('tells who completed the record and when, and keeps people sealed', () => {
    const record = { phone: '0851-01111004', address: '清溪路1号', personal: 's1.key.sealed' };
    expect(rowAfter(established, happened(1, 'OrganisationRecordCompleted', record))).toMatchObject({
      ...record,
      revision: 1,
      changed: 11,
      completedAt: '2026-11-21T02:00:00.000Z',
      completedBy: 'gly-520111',
    });
  });

  test('keeps every name with the instant from which it held', () => {
    const renamed = happened(1, 'OrganisationRenamed', { name: '贵筑街道', formerName: '贵筑社区' });
    expect(rowAfter(established, renamed)).toMatchObject({
      names: [
        { name: '贵筑社区', from: '2026-11-20T02:00:00.000Z' },
        { name: '贵筑街道', from: '2026-11-21T02:00:00.000Z' },
      ],
    });
  });

  test('follows it to another parent and into its successor', () => {
    const moved = happened(1, 'OrganisationMoved', { parent: '520102', fromParent: '520111' });
    const merged = happened(2, 'OrganisationMerged', { into: '520102001' });
    expect(rowAfter(established, moved)).toMatchObject({ status: 'active', parent: '520102' });
    expect(rowAfter(established, moved, merged)).toMatchObject({
      status: 'merged',
      parent: '520102',
      successor: '520102001',
      mergedAt: '2026-11-22T02:00:00.000Z',
    });
  });
});
