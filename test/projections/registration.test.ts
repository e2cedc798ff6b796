import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { registration } from '#projections/registration.ts';
import { amended, happened, histories, issued, rowAfter, rowsAfter, submitted } from './histories.ts';

const second = (n: number) => `2026-03-02T02:00:0${n}.000Z`;
const row = (...events: Parameters<typeof rowAfter>[2][]) => rowAfter(registration, 'a', submitted('a'), ...events);
const received = happened('a', 'TaskReceived', { from: 'submitted', handler: 'wang' });
const accepted = happened('a', 'Accepted', { acceptedOn: '2026-03-02', registerDueOn: '2026-03-04' });

describe('the registration view', () => {
  test('shows what was submitted, sealed, with its due days', () => {
    expect(row()).toEqual({
      id: 'a',
      revision: 0,
      status: 'submitted',
      parity: 1,
      office: '520111004',
      declaredPlace: '520111004',
      submittedAt: second(1),
      submittedOn: '2026-03-02',
      reviewDueOn: '2026-03-03',
      outcomeDueOn: '2026-03-04',
      flags: [],
      personal: 's1.key.a',
    });
  });

  test('shows which registration it was taken over from', () => {
    expect(rowAfter(registration, 'b', submitted('b', { predecessor: 'a' }))).toMatchObject({ predecessor: 'a' });
  });

  test('follows a task from hand to hand, keeping when it was first received and when it was last', () => {
    const taken = happened('a', 'TaskReceived', { from: 'received', handler: 'li' });
    expect(row(received, taken)).toMatchObject({
      status: 'received',
      handler: 'li',
      receivedAt: second(3),
      firstReceivedAt: second(2),
      revision: 2,
    });
  });

  test('shows an amendment at the same office, and one that moved it as submitted to nobody', () => {
    const flags = [{ rule: 'youngWife', field: 'wife.idNumber' }];
    expect(row(received, amended('a', { from: 'received', parity: 2, flags, personal: 's1.key.new' }))).toMatchObject({
      status: 'received',
      handler: 'wang',
      parity: 2,
      flags,
      personal: 's1.key.new',
    });
    const moved = row(received, amended('a', { from: 'received', office: '520111005' }));
    expect(moved).toMatchObject({ status: 'submitted', office: '520111005', revision: 2 });
    expect(moved).not.toHaveProperty('handler');
    expect(moved).not.toHaveProperty('receivedAt');
    expect(moved).not.toHaveProperty('firstReceivedAt');
  });

  test('passes on what was redirected, the clock of an accepted one running on', () => {
    const redirect = (from: string) =>
      happened('a', 'Redirected', { from, fromOffice: '520111004', office: '520103001' });
    const open = row(received, redirect('received'));
    expect(open).toMatchObject({ status: 'submitted', office: '520103001', reviewDueOn: '2026-03-03' });
    expect(open).not.toHaveProperty('handler');
    const running = row(received, accepted, redirect('accepted'));
    expect(running).toMatchObject({ status: 'accepted', registerDueOn: '2026-03-04', office: '520103001' });
  });

  test('keeps to whom and when it was passed on each time, the reason sealed', () => {
    const redirect = (fromOffice: string, office: string, personal: string) =>
      happened('a', 'Redirected', { from: 'received', fromOffice, office, personal });
    const there = redirect('520111004', '520103001', 's1.key.why');
    const back = redirect('520103001', '520111004', 's1.key.back');
    expect(row(received, there, back)?.passedOn).toEqual([
      { at: second(3), from: '520111004', office: '520103001', personal: 's1.key.why' },
      { at: second(4), from: '520103001', office: '520111004', personal: 's1.key.back' },
    ]);
  });

  test('shows acceptance, registration and the certificate', () => {
    const registered = happened('a', 'Registered', {
      parity: 1,
      registeredOn: '2026-03-02',
      personal: 's1.key.evidence',
    });
    const shown = row(received, accepted, registered, issued('a', 'N7'));
    expect(shown).toMatchObject({ status: 'registered', reviewedAt: second(3), endedAt: second(4), certificate: 'N7' });
    expect(shown).toMatchObject({ outcome: 's1.key.evidence', revision: 3 });
  });

  test.each([
    { type: 'Rejected', status: 'rejected', before: [received] },
    { type: 'Declined', status: 'declined', before: [received, accepted] },
  ])('shows why it was $status', ({ type, status, before }) => {
    const shown = row(...before, happened('a', type, { reasons: ['other'], personal: 's1.key.text' }));
    expect(shown).toMatchObject({ status, reasons: ['other'], outcome: 's1.key.text' });
    expect(shown?.['endedAt']).toBeDefined();
  });

  test('shows that it was withdrawn', () => {
    expect(row(happened('a', 'Withdrawn', { from: 'submitted' }))).toMatchObject({
      status: 'withdrawn',
      endedAt: second(2),
      revision: 1,
    });
  });

  test('stands at the revision of the last event of its stream, whatever it was', () => {
    fc.assert(
      fc.property(histories, (log) => {
        const rows = rowsAfter(registration, [log]);
        for (const [id, shown] of rows) {
          const own = log.filter(({ stream }) => stream === `registration-${id}`);
          expect(shown['revision']).toBe(own.at(-1)?.revision);
        }
      }),
    );
  });

  test('has no row for a submission that was fenced off', () => {
    expect(rowAfter(registration, 'b', happened('b', 'SubmissionAbandoned', { by: 'a' }))).toBeUndefined();
  });
});
