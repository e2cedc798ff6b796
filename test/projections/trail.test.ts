import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { looks } from '#domain/access/events.ts';
import { accessDay } from '#projections/accessDay.ts';
import { accessMonth } from '#projections/accessMonth.ts';
import type { AnyEvent } from '#projections/projection.ts';
import { trail } from '#projections/trail.ts';
import { rowsAfter } from './histories.ts';

const office = '520111004';
const staff = (account: string) => ({ kind: 'staff', account, office });
const place = { position: 7, revision: 0 };

const viewed = (over: object, { at = '2026-11-24T02:00:00.000Z', actor = staff('yang') as object, n = 0 } = {}) =>
  ({
    ...place,
    id: `e${n}`,
    position: n + 1,
    stream: `access-e${n}`,
    type: 'PersonalDataViewed',
    at,
    meta: { at, actor, commandId: `e${n}` },
    data: {
      subject: { kind: 'registration', id: 'a', office },
      what: 'opened',
      task: 'own',
      personal: `s1.key.${n}`,
      ...over,
    },
  }) as AnyEvent;

const rows = (...events: readonly AnyEvent[]) => [...rowsAfter(trail, [events]).values()];

describe('the trail', () => {
  test('has a look under its record, its person and their office, with the reason sealed', () => {
    const [row, ...others] = rows(viewed({ task: 'other', reason: 'complaint' }));
    expect(others).toEqual([]);
    expect(row).toEqual({
      id: 'e0',
      position: 1,
      stream: 'access-e0',
      at: '2026-11-24T02:00:00.000Z',
      type: 'PersonalDataViewed',
      actor: staff('yang'),
      about: 'registration:a',
      aboutOffice: office,
      subject: 'registration:a',
      account: 'yang',
      office,
      what: 'opened',
      task: 'other',
      reason: 'complaint',
      personal: 's1.key.0',
    });
  });

  test('has a line for each registration that a search showed, and one for whoever searched', () => {
    const subject = { kind: 'organisation', id: office, office };
    const found = rows(viewed({ subject, what: 'searched', shown: ['a', 'b'] }));
    const told = found.map(({ id, subject: under, about, account }) => [id, under, about, account]);
    expect(told).toEqual([
      ['e0', `organisation:${office}`, `organisation:${office}`, 'yang'],
      ['e0.a', 'registration:a', `organisation:${office}`, undefined],
      ['e0.b', 'registration:b', `organisation:${office}`, undefined],
    ]);
  });

  test('has the couple’s looks under the registration alone', () => {
    const [row] = rows(viewed({}, { actor: { kind: 'applicant' } }));
    expect(row).toMatchObject({ subject: 'registration:a' });
    expect(row).not.toHaveProperty('account');
  });

  test('has comings and goings under the account', () => {
    const data = { account: 'yang', reason: 'wrong', personal: 's1.key.x' };
    const refused = { ...viewed({}, { actor: { kind: 'system', name: 'signIn' } }), type: 'SignInRefused', data };
    expect(rows(refused)).toMatchObject([{ subject: 'account:yang', about: 'account:yang', account: 'yang' }]);
  });

  test('has the acts of staff, under no record, and neither the couple’s nor those of streams that are no record', () => {
    const accepted = { ...viewed({}), stream: 'registration-a', type: 'Accepted', data: { office } };
    const [row, ...others] = rows(accepted);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ about: 'registration:a', account: 'yang', office });
    expect(row).not.toHaveProperty('subject');
    const ofCouple = { ...accepted, meta: { ...accepted.meta, actor: { kind: 'applicant' } } };
    expect(rows(ofCouple, { ...accepted, stream: 'couple-x', type: 'CoupleReserved' })).toEqual([]);
  });
});

describe('the tallies', () => {
  const look = fc.record({
    what: fc.constantFrom(...looks),
    task: fc.constantFrom('own', 'other'),
    self: fc.boolean(),
    account: fc.constantFrom('yang', 'wu'),
    hour: fc.nat({ max: 71 }),
  });

  test('by person and day, and by office and month, hold every look once', () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 30 }), (all) => {
        const log = all.map(({ hour, account, self, ...data }, n) => {
          const at = new Date(Date.UTC(2026, 10, 29, 16 + hour)).toISOString();
          return viewed({ ...data, ...(self ? { self } : {}) }, { at, actor: staff(account), n });
        });
        const single = (one: { what: string }) => ['opened', 'history', 'lookedUp', 'scanOpened'].includes(one.what);
        const expected = {
          opened: all.filter(single).length,
          other: all.filter((one) => single(one) && one.task === 'other').length,
          self: all.filter(({ self }) => self).length,
          searched: all.filter(({ what }) => what === 'searched').length,
        };
        for (const projection of [accessDay, accessMonth]) {
          const tallies = [...rowsAfter(projection, [log]).values()];
          const summed = (name: string) => tallies.reduce((sum, row) => sum + Number(row[name]), 0);
          const names = Object.keys(expected);
          expect(Object.fromEntries(names.map((name) => [name, summed(name)]))).toEqual(expected);
        }
        const days = [...rowsAfter(accessDay, [log]).values()] as unknown as { hours: Record<string, number> }[];
        const hours = days.flatMap((row) => Object.values(row.hours)).reduce((sum, count) => sum + count, 0);
        expect(hours).toBe(all.length);
      }),
    );
  });

  test('keep citizens’ records, staff’s data and passwords apart', () => {
    const [of, account] = [
      { kind: 'organisation', id: office, office },
      { kind: 'account', id: 'wu', office },
    ];
    const log = [
      { what: 'opened' },
      { what: 'history', subject: account, task: 'other' },
      { what: 'opened', subject: of },
      { what: 'listed', subject: of },
      { what: 'listed', subject: of, task: 'other' },
      { what: 'printed', subject: of },
      { what: 'printed', subject: { kind: 'certificate', id: 'c', office } },
      { what: 'exported', subject: of },
    ].map((one, n) => viewed(one, { n }));
    const apart = { opened: 1, other: 0, staffData: 3, listed: 1, passwords: 1, printed: 1, exported: 1, searched: 0 };
    for (const projection of [accessDay, accessMonth]) {
      expect([...rowsAfter(projection, [log]).values()]).toMatchObject([apart]);
    }
  });

  test('count by the day in Guizhou', () => {
    const late = viewed({}, { at: '2026-11-30T16:30:00.000Z' });
    expect([...rowsAfter(accessDay, [[late]]).values()]).toMatchObject([
      { id: 'yang 2026-12-01', day: '2026-12-01', hours: { 0: 1 }, opened: 1 },
    ]);
    expect([...rowsAfter(accessMonth, [[late]]).keys()]).toEqual([`${office} 2026-12`]);
  });
});
