import { describe, expect, test } from 'vitest';
import { certificate } from '#projections/certificate.ts';
import { counters } from '#projections/counters.ts';
import { inbox } from '#projections/inbox.ts';
import { queryCode } from '#projections/queryCode.ts';
import { search } from '#projections/search.ts';
import { shortNumber } from '#projections/shortNumber.ts';
import { amended, happened, issued, rowAfter, submitted } from './histories.ts';

const received = happened('a', 'TaskReceived', { from: 'submitted', handler: 'wang' });
const accepted = happened('a', 'Accepted', { acceptedOn: '2026-03-02', registerDueOn: '2026-03-06' });
const elsewhere = { office: '520103001', fromOffice: '520111004' };

describe('the inbox', () => {
  const line = (...events: Parameters<typeof rowAfter>[2][]) => rowAfter(inbox, 'a', submitted('a'), ...events);

  test('lists a submission under its review due day, in nobody’s charge', () => {
    const flags = [{ rule: 'youngWife', field: 'wife.idNumber' }];
    expect(rowAfter(inbox, 'a', submitted('a', { flags }))).toEqual({
      id: 'a',
      office: '520111004',
      status: 'submitted',
      dueOn: '2026-03-03',
      submittedAt: '2026-03-02T02:00:01.000Z',
      parity: 1,
      handler: '',
      flags: 1,
      personal: 's1.key.a',
    });
  });

  test('moves what is accepted to the day its registration is due', () => {
    expect(line(received)).toMatchObject({ status: 'received', handler: 'wang', dueOn: '2026-03-03' });
    expect(line(received, accepted)).toMatchObject({ status: 'accepted', handler: 'wang', dueOn: '2026-03-06' });
  });

  test('keeps the due day of what is passed on, in nobody’s charge', () => {
    const open = line(received, happened('a', 'Redirected', { ...elsewhere, from: 'received' }));
    expect(open).toMatchObject({ status: 'submitted', office: '520103001', handler: '', dueOn: '2026-03-03' });
    const running = line(received, accepted, happened('a', 'Redirected', { ...elsewhere, from: 'accepted' }));
    expect(running).toMatchObject({ status: 'accepted', office: '520103001', handler: '', dueOn: '2026-03-06' });
  });

  test('takes an amendment over', () => {
    const same = amended('a', {
      from: 'received',
      parity: 2,
      flags: [{ rule: 'r', field: 'f' }],
      personal: 's1.key.b',
    });
    expect(line(received, same)).toMatchObject({ status: 'received', parity: 2, flags: 1, personal: 's1.key.b' });
    const moved = line(received, amended('a', { from: 'received', office: '520111005' }));
    expect(moved).toMatchObject({ status: 'submitted', office: '520111005', handler: '' });
  });

  test.each(['Rejected', 'Registered', 'Declined', 'Withdrawn'])('sorts what was %s by the day it ended', (type) => {
    expect(line(received, happened('a', type))).toMatchObject({ status: type.toLowerCase(), dueOn: '2026-03-02' });
  });
});

describe('look-ups', () => {
  test('lead from a short number to every registration that ends in it, erased or not', () => {
    const [one, two] = ['0190-1-12345678', '0190-2-12345678'];
    const row = rowAfter(shortNumber, '12345678', submitted(one), submitted(two));
    expect(row).toEqual({ id: '12345678', registrations: [one, two] });
  });

  test('a query code opens the registration it was given for', () => {
    expect(rowAfter(queryCode, 'code-a', submitted('a'))).toEqual({ id: 'code-a', registrationId: 'a' });
  });

  test('people are found by keyed hashes, at the office that has them now and at those that passed them on', () => {
    const found = {
      id: 'a',
      wifeName: 'wife-a',
      wifeIdNumber: 'wifeId-a',
      husbandName: 'husband-a',
      husbandIdNumber: 'husbandId-a',
    };
    expect(rowAfter(search, 'a', submitted('a'))).toEqual({ ...found, office: '520111004' });
    const redirected = happened('a', 'Redirected', { ...elsewhere, from: 'submitted' });
    const passedOn = { office: '520103001', passedFrom: ['520111004'], firstFrom: '520111004' };
    expect(rowAfter(search, 'a', submitted('a'), redirected)).toEqual({ ...found, ...passedOn });
    const again = happened('a', 'Redirected', { fromOffice: '520103001', office: '520111005', from: 'submitted' });
    const stays = amended('a', { office: '520111005' });
    expect(rowAfter(search, 'a', submitted('a'), redirected, again, stays)).toEqual({
      ...found,
      office: '520111005',
      passedFrom: ['520111004', '520103001'],
      firstFrom: '520111004',
    });
    const renamed = amended('a', {
      office: '520111005',
      lookup: { ...found, wifeName: 'wife-b', queryCode: '', couple: '' },
    });
    expect(rowAfter(search, 'a', submitted('a'), renamed)).toMatchObject({ wifeName: 'wife-b', office: '520111005' });
  });

  test('a certificate is found by its number, with the registration it belongs to', () => {
    expect(rowAfter(certificate, 'N1', submitted('a'), issued('a', 'N1'))).toEqual({
      id: 'N1',
      status: 'valid',
      kind: 'electronic',
      registrationId: 'a',
      parity: 1,
      office: '520111004',
      issuedOn: '2026-03-05',
      code: 'signed-N1',
      personal: 's1.key.certificate-N1',
    });
  });
});

describe('the counters', () => {
  const open = { submitted: 0, received: 0, accepted: 0 };
  const none = { ...open, rejected: 0, registered: 0, declined: 0, withdrawn: 0, revoked: 0 };

  test('move a registration from status to status', () => {
    const events = [submitted('a'), submitted('b'), received, accepted] as const;
    expect(rowAfter(counters, '520111004', ...events)).toEqual({ id: '520111004', ...none, submitted: 1, accepted: 1 });
    const declined = happened('a', 'Declined');
    expect(rowAfter(counters, '520111004', ...events, declined)).toMatchObject({ accepted: 0, declined: 1 });
  });

  test('move it from office to office', () => {
    const redirected = happened('a', 'Redirected', { ...elsewhere, from: 'received' });
    const events = [submitted('a'), received, redirected] as const;
    expect(rowAfter(counters, '520111004', ...events)).toEqual({ id: '520111004', ...none });
    expect(rowAfter(counters, '520103001', ...events)).toEqual({ id: '520103001', ...none, submitted: 1 });
  });

  test('stay where a task passes from hand to hand', () => {
    const again = happened('a', 'TaskReceived', { from: 'received', handler: 'li' });
    expect(rowAfter(counters, '520111004', submitted('a'), received, again)).toMatchObject({
      submitted: 0,
      received: 1,
    });
  });
});
