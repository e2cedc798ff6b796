import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { type AccountCommand, accountDecider } from '#domain/account/decide.ts';
import type { AccountEvent } from '#domain/account/events.ts';
import { addDays, addYears, type Day, daysBetween } from '#domain/calendar/day.ts';
import { accountKeptUntil, keptUntil, type Retention, retentionOn, retentions } from '#domain/calendar/retention.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { erasureBases } from '#domain/registration/events.ts';
import { accountCommands, registration } from '../../support/accounts.ts';
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

describe('erasing an account of staff', () => {
  const closing = { type: 'CloseAccount', reason: '调离' } as const;
  const erasing = (today: Day, closedOn: Day) => ({ type: 'EraseAccount', today, closedOn, retention }) as const;
  const happened = (...commands: readonly AccountCommand[]): readonly AccountEvent[] =>
    commands.reduce<readonly AccountEvent[]>((events, command) => {
      const decision = accountDecider.decide(command, folded(accountDecider, events));
      return decision.outcome === 'accepted' ? [...events, ...decision.events] : events;
    }, []);

  test.prop([accountCommands, day, day])(
    'happens where it is closed and its time is over, and to nothing else',
    (commands, today, closedOn) => {
      const state = folded(accountDecider, happened(...commands));
      const over = today > accountKeptUntil(retention, closedOn);
      const { outcome } = accountDecider.decide(erasing(today, closedOn), state);
      expect(outcome === 'accepted').toBe(state.status === 'closed' && over);
    },
  );

  test.prop([day, day])('never comes earlier for what was closed later', (one, other) => {
    const [first, second] = one < other ? [one, other] : [other, one];
    expect(accountKeptUntil(retention, first) <= accountKeptUntil(retention, second)).toBe(true);
    expect(Math.round(daysBetween(first, accountKeptUntil(retention, first)) / 365.25)).toBe(retention.accountYears);
  });

  it('waits for the last day, says until when, and leaves nothing to be done after it', () => {
    const registering = { type: 'RegisterAccount', registration: registration() } as const;
    const due = erasing('2031-11-26', '2026-11-25');
    given(accountDecider, happened(registering)).when(due).thenRefused({ type: 'live' });
    const closed = given(accountDecider, happened(registering, closing));
    closed.when(erasing('2031-11-25', '2026-11-25')).thenRefused({ type: 'withinRetention', until: '2031-11-25' });
    closed.when(due).thenHappened({
      type: 'AccountErased',
      data: { erasedOn: '2031-11-26', basis: 'retentionEnded', retention: retention.id },
    });
    const erased = given(accountDecider, closed.when(due).history());
    erased.when(erasing('2040-01-01', '2026-11-25')).thenNothing();
    erased.when(registering).thenRefused({ type: 'occupied' });
    erased.when({ type: 'EnableAccount' }).thenRefused({ type: 'closed' });
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
