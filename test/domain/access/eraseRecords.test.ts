import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { accessKeyDecider } from '#domain/access/eraseRecords.ts';
import { addDays } from '#domain/calendar/day.ts';
import { accessKeptUntil, retentionOn } from '#domain/calendar/retention.ts';
import { given } from '../../support/given.ts';

const retention = retentionOn('2026-11-25');
const key = 'ZGF0YS1rZXkx';
const command = (lastOn: string, today: string) =>
  ({ type: 'EraseAccessRecords', key, lastOn, today, retention }) as const;
const day = fc.integer({ min: 0, max: 9000 }).map((days) => addDays('2016-07-11', days));

describe('access records', () => {
  it('are kept for three years after the last one of their key, that day included', () => {
    given(accessKeyDecider, [])
      .when(command('2026-11-30', '2029-11-30'))
      .thenRefused({ type: 'withinRetention', until: '2029-11-30' });
    given(accessKeyDecider, [])
      .when(command('2026-11-30', '2029-12-01'))
      .thenHappened({
        type: 'AccessRecordsErased',
        data: { key, lastOn: '2026-11-30', erasedOn: '2029-12-01', retention: retention.id },
      });
  });

  it('are erased once', () => {
    const erased = given(accessKeyDecider, []).when(command('2026-11-30', '2029-12-01')).history();
    given(accessKeyDecider, erased).when(command('2026-11-30', '2030-01-01')).thenNothing();
  });

  test.prop([day, day])('are erased exactly when their time is over', (lastOn, today) => {
    const { outcome } = accessKeyDecider.decide(command(lastOn, today), {});
    expect(outcome).toBe(today > accessKeptUntil(retention, lastOn) ? 'accepted' : 'rejected');
  });
});
