import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Staff } from '#application/actor.ts';
import type { PopulationAnswer, PopulationQuery } from '#application/population.ts';
import { lookUpCouple } from '#application/verification.ts';
import type { PopulationRecord } from '#domain/registration/compare.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { operator } from '../support/application.ts';
import { coupleOf } from '../support/couples.ts';
import { openSubmitter, type Submitter } from '../support/submitter.ts';

const directory = mkdtempSync(join(tmpdir(), 'verification-'));
const data = coupleOf(1, '520111004001');
const staff = operator('520111004');
const halfAnHour = 30 * 60_000;
let submitter: Submitter;

beforeAll(async () => {
  submitter = await openSubmitter(directory);
});
afterAll(async () => {
  await submitter.close();
  rmSync(directory, { recursive: true });
});

const record = (of: RegistrationData = data): PopulationRecord => ({
  wife: { ...of.wife, householdDivision: of.wifeHousehold.division },
  husband: { ...of.husband, householdDivision: of.husbandHousehold.division.slice(0, 6) },
  marriage: { certificateNumber: of.marriage.certificateNumber.toLowerCase(), registeredOn: of.marriage.registeredOn },
  children: [],
});

/** The verification desk before a population system that gives one answer, its clock in hand. */
const desk = (answer: PopulationAnswer) => {
  const asked: [source: string, query: PopulationQuery][] = [];
  const clock = { now: Date.parse('2026-11-24T02:00:00Z') };
  const { verifications, deps } = submitter.over({
    clock: () => clock.now,
    population: {
      lookUp: async (source, query) => {
        asked.push([source, query]);
        return answer;
      },
    },
  });
  const lookUp = (by: Staff, id: string, of: RegistrationData) => lookUpCouple(deps, by, id, of);
  return { ...verifications, lookUp, deps, asked, clock };
};

describe('a look-up', () => {
  it.each([
    ['520111004001', '520111004001', 'pis'],
    ['510107', '520111004001', 'exchange'],
    ['520111004001', '430102', 'exchange'],
    ['510107', '430102', 'exchange'],
  ])('of households in %s and %s asks %s for the two by name and number', async (wife, husband, source) => {
    const { lookUp, asked } = desk({ outcome: 'absent' });
    const couple: RegistrationData = {
      ...data,
      wifeHousehold: { ...data.wifeHousehold, division: wife },
      husbandHousehold: { ...data.husbandHousehold, division: husband },
    };
    const found = await lookUp(staff, 'one', couple);
    expect(asked).toEqual([[source, { wife: data.wife, husband: data.husband }]]);
    expect(found).toEqual({
      source,
      askedAt: '2026-11-24T02:00:00.000Z',
      answer: { outcome: 'absent' },
      comparisons: [],
    });
  });

  it('sets the record beside what was declared, and agrees where only spelling or precision differs', async () => {
    const { lookUp } = desk({ outcome: 'found', record: record() });
    const { comparisons } = await lookUp(staff, 'one', data);
    expect(comparisons.map(({ field }) => field)).toEqual([
      'wife.name',
      'wife.idNumber',
      'wifeHousehold.division',
      'husband.name',
      'husband.idNumber',
      'husbandHousehold.division',
      'marriage.registeredOn',
      'marriage.certificateNumber',
    ]);
    expect(comparisons.filter(({ agrees }) => !agrees)).toEqual([]);
  });

  it('is remembered for the one who made it and for that registration, half an hour long', async () => {
    const { lookUp, recall, clock } = desk({ outcome: 'found', record: record() });
    const shown = await lookUp(staff, 'two', data);
    expect(await recall(staff, 'two')).toEqual(shown);
    expect(await recall(staff, 'three')).toBeUndefined();
    expect(await recall(operator('520111004', 'colleague'), 'two')).toBeUndefined();
    clock.now += halfAnHour - 1;
    expect(await recall(staff, 'two')).toEqual(shown);
    clock.now += 1;
    expect(await recall(staff, 'two')).toBeUndefined();
  });

  it('made again is what counts', async () => {
    await desk({ outcome: 'absent' }).lookUp(staff, 'four', data);
    const shown = await desk({ outcome: 'unreachable', reason: 'timeout' }).lookUp(staff, 'four', data);
    expect(await desk({ outcome: 'absent' }).recall(staff, 'four')).toEqual(shown);
  });

  it('is remembered without a readable name or number', async () => {
    const { lookUp, deps, clock } = desk({ outcome: 'found', record: record() });
    await lookUp(staff, 'five', data);
    const kept = await deps.transientStore.get('lookUp', `${staff.account}:five`, clock.now);
    expect(Object.keys(kept ?? {})).toEqual(['sealed']);
    for (const text of [data.wife.name, data.husband.idNumber]) expect(JSON.stringify(kept)).not.toContain(text);
  });
});

describe('what a decision records', () => {
  const askedAt = '2026-11-24T02:00:00.000Z';

  it('is the answer that was shown, with the fields that differ', async () => {
    const differing = { ...record(), wife: { ...record().wife, name: '李别' }, marriage: undefined };
    const { marriage: _, ...unmarried } = differing;
    const { lookUp, verified } = desk({ outcome: 'found', record: unmarried });
    expect(verified(await lookUp(staff, 'six', data), '')).toEqual({
      basis: {
        source: 'pis',
        answer: 'found',
        askedAt,
        differences: ['wife.name', 'marriage.registeredOn', 'marriage.certificateNumber'],
      },
      evidence: { answer: unmarried },
    });
  });

  it.each([
    [{ outcome: 'absent' }, 'absent'],
    [{ outcome: 'unreachable', reason: 'timeout' }, 'unreachable'],
    [{ outcome: 'unreachable', reason: 'malformed' }, 'unreachable'],
  ] as const)('after %j is the documents that staff saw instead', async (answer, told) => {
    const { lookUp, verified } = desk(answer);
    expect(verified(await lookUp(staff, 'seven', data), ' 已核对结婚证原件\n')).toEqual({
      basis: { source: 'documents', answer: told, askedAt, differences: [] },
      evidence: { evidence: '已核对结婚证原件' },
    });
    expect(verified(await lookUp(staff, 'seven', data), '  ').evidence).toEqual({});
  });
});
