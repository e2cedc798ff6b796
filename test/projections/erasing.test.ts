import { test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { counters } from '#projections/counters.ts';
import { projections } from '#projections/index.ts';
import type { AnyEvent, Row } from '#projections/projection.ts';
import { registration } from '#projections/registration.ts';
import { retention } from '#projections/retention.ts';
import { erased, happened, histories, issued, logOf, rowAfter, rowsAfter, submitted } from './histories.ts';

const elsewhere = { office: '520103001', fromOffice: '520111004', from: 'submitted', personal: 's1.key.reason' };
const registered = [
  submitted('a', { predecessor: 'z' }),
  happened('a', 'Redirected', elsewhere),
  happened('a', 'TaskReceived', { office: '520103001', from: 'submitted', handler: 'wang' }),
  happened('a', 'Accepted', { office: '520103001', registerDueOn: '2026-03-06' }),
  happened('a', 'Registered', { office: '520103001', personal: 's1.key.outcome' }),
  issued('a'),
];

const allRows = (log: readonly AnyEvent[]): readonly Row[] =>
  projections.flatMap((projection) => [...rowsAfter(projection, [log]).values()]);

describe('after an erasure', () => {
  it('views hold nothing that is sealed and no key to look the couple up by, and still hold all that happened', () => {
    const before = JSON.stringify(allRows(logOf(registered)));
    for (const trace of ['s1.key', 'wife-a', 'husbandId-a', 'code-a', 'signed-']) expect(before).toContain(trace);
    const after = JSON.stringify(allRows(logOf([...registered, erased('a', { office: '520103001' })])));
    for (const trace of ['s1.key', 'wife', 'husband', 'code-a', 'signed-', '"predecessor"']) {
      expect(after).not.toContain(trace);
    }
    expect(rowAfter(registration, 'a', ...registered, erased('a'))).toMatchObject({
      status: 'registered',
      office: '520103001',
      erasedOn: '2036-03-06',
      passedOn: [{ at: '2026-03-02T02:00:02.000Z', from: '520111004', office: '520103001' }],
      revision: 5,
    });
  });

  test.prop([histories])('no view of any history names an erased registration’s couple, and counts stand', (log) => {
    const gone = log
      .filter(({ type }) => type === 'RegistrationErased')
      .map(({ stream }) => stream.slice('registration-'.length));
    const text = JSON.stringify(allRows(log));
    for (const id of gone) {
      for (const trace of [`s1.key.${id}"`, `wife-${id}`, `husbandId-${id}`, `code-${id}`])
        expect(text).not.toContain(trace);
    }
    const counts = (of: readonly AnyEvent[]) => rowsAfter(counters, [of]);
    expect(counts(log)).toEqual(counts(log.filter(({ type }) => type !== 'RegistrationErased')));
  });
});

describe('what is kept since when', () => {
  it('begins with the end of a registration, by the day of Shanghai, and is told once it is over', () => {
    expect(rowAfter(retention, 'a', ...registered.slice(0, 4))).toBeUndefined();
    expect(rowAfter(retention, 'a', ...registered)).toEqual({
      id: 'a',
      standing: 'registered',
      lastActOn: '2026-03-02',
    });
    expect(rowAfter(retention, 'a', ...registered, erased('a'))).toMatchObject({ standing: 'erased' });
    expect(rowAfter(retention, 'a', submitted('a'), happened('a', 'Withdrawn'))).toMatchObject({
      standing: 'withdrawn',
    });
  });
});
