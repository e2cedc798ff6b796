import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { addDays, addYears, type Day, daysBetween } from '#domain/calendar/day.ts';
import { keptUntil, type Retention, retentionOn, retentions } from '#domain/calendar/retention.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { erasureBases } from '#domain/registration/events.ts';
import { folded, given } from '../../support/given.ts';
import { commands, histories, office } from '../../support/registrations.ts';

const day = fc.integer({ min: 0, max: 20_000 }).map((days) => addDays('2016-07-11', days));
const ended = fc.constantFrom('registered', 'rejected', 'declined', 'withdrawn');
const retention = retentionOn('2026-11-25');

describe('the time that personal data are kept', () => {
  it('is the one in force that day, and none before the first', () => {
    const later: Retention = { ...retention, id: 'later', effectiveFrom: '2030-01-01' };
    expect(retentionOn('2029-12-31', [retention, later])).toBe(retention);
    expect(retentionOn('2030-01-01', [later, retention])).toBe(later);
    expect(() => retentionOn('2016-07-10')).toThrow(/check the clock/);
    expect(new Set(retentions.map(({ id }) => id)).size).toBe(retentions.length);
  });

  it('ends on the same day of a later year, or on the last of February', () => {
    expect(keptUntil(retention, 'withdrawn', '2026-11-25')).toBe('2027-11-25');
    expect(keptUntil(retention, 'registered', '2026-11-25')).toBe('2036-11-25');
    expect(keptUntil(retention, 'withdrawn', '2028-02-29')).toBe('2029-02-28');
    expect(keptUntil({ ...retention, years: { ...retention.years, withdrawn: 4 } }, 'withdrawn', '2028-02-29')).toBe(
      '2032-02-29',
    );
    expect(() => addYears('9999-01-01', 1)).toThrow(RangeError);
  });

  test.prop([day, day, ended])('never ends earlier for what ended later', (one, other, status) => {
    const [first, second] = one < other ? [one, other] : [other, one];
    const until = keptUntil(retention, status, first);
    expect(until <= keptUntil(retention, status, second)).toBe(true);
    expect(Math.round(daysBetween(first, until) / 365.25)).toBe(retention.years[status]);
  });
});

describe('erasing', () => {
  const anyHistory = fc.constantFrom(...Object.values(histories).filter((events) => events.length > 0));
  const erasure = (today: Day, lastActOn: Day, basis: (typeof erasureBases)[number]) =>
    ({ ...commands.Erase, today, lastActOn, basis }) as const;

  test.prop([anyHistory, day, day, fc.constantFrom(...erasureBases)], { numRuns: 500 })(
    'happens to what ended and whose time is over, or was withdrawn and is asked for, and to nothing else',
    (events, today, lastActOn, basis) => {
      const { status } = folded(registrationDecider, events);
      const { outcome } = registrationDecider.decide(
        erasure(today, lastActOn, basis),
        folded(registrationDecider, events),
      );
      const over = status in retention.years && today > keptUntil(retention, status as 'registered', lastActOn);
      expect(outcome === 'accepted').toBe(over || (status === 'withdrawn' && basis === 'requested'));
    },
  );

  it('says until when it must wait', () => {
    const lastDay = erasure('2036-11-24', '2026-11-24', 'requested');
    given(registrationDecider, histories.registered)
      .when(lastDay)
      .thenRefused({ type: 'withinRetention', until: '2036-11-24' });
    given(registrationDecider, histories.registered)
      .when({ ...lastDay, today: '2036-11-25', certificates: ['GZ1'] })
      .thenHappened({
        type: 'RegistrationErased',
        data: {
          office,
          erasedOn: '2036-11-25',
          basis: 'requested',
          retention: retention.id,
          lookup: { queryCode: 'code' },
          certificates: ['GZ1'],
        },
      });
  });

  it('happens once, and nothing happens to the registration after it', () => {
    const erased = given(registrationDecider, histories.withdrawn).when(commands.Erase).history();
    given(registrationDecider, erased).when(commands.Erase).thenNothing();
    for (const type of ['Amend', 'Withdraw', 'Accept', 'Register', 'Redirect'] as const) {
      given(registrationDecider, erased).when(commands[type]).thenRefused({ type: 'erased' });
    }
    given(registrationDecider, erased).when(commands.Submit).thenRefused({ type: 'alreadySubmitted' });
  });
});
