import { describe, expect, test } from 'vitest';
import { type EventStore, StoreUnavailable } from '#application/ports.ts';
import { createMetrics } from '#infrastructure/metrics.ts';

const event = { at: '2026-11-24T02:00:00.000Z' };
const eventStore = { lastPosition: async () => 12, readAll: async () => [event] } as unknown as EventStore;
const clock = () => Date.parse('2026-11-24T02:00:30Z');

describe('what Prometheus reads', () => {
  test('counts commands by type and outcome, and requests by route, not by address', async () => {
    const metrics = createMetrics();
    metrics.command('Submit', 'done');
    metrics.command('Submit', 'done');
    metrics.command('Accept', 'stale');
    metrics.request({ site: 'public', method: 'GET', route: '/verify/:code', status: 200, ms: 12 });
    metrics.request({ site: 'public', fault: 'Error: 王芳' });
    const text = await metrics.text({ standing: () => ({}), eventStore, clock });
    expect(text).toContain('commands_total{command="Submit",outcome="done"} 2');
    expect(text).toContain('commands_total{command="Accept",outcome="stale"} 1');
    expect(text).toMatch(
      /http_request_duration_seconds_count\{site="public",method="GET",route="\/verify\/:code",status="200"\} 1/,
    );
    expect(text).not.toContain('王芳');
  });

  test('times appends by outcome, those that were not answered too', async () => {
    const metrics = createMetrics();
    const appended = { outcome: 'appended', revision: 0, position: 1 } as const;
    const answering = metrics.timed({ ...eventStore, append: async () => appended });
    expect(await answering.append('registration-x', 'none', [])).toEqual(appended);
    const away = metrics.timed({ ...eventStore, append: () => Promise.reject(new StoreUnavailable('away')) });
    await expect(away.append('registration-x', 'none', [])).rejects.toThrow(StoreUnavailable);
    const text = await metrics.text({ standing: () => ({}), eventStore, clock });
    expect(text).toContain('append_duration_seconds_count{outcome="appended"} 1');
    expect(text).toContain('append_duration_seconds_count{outcome="failed"} 1');
  });

  test('tells how far behind each follower is, and for how long', async () => {
    const metrics = createMetrics();
    const standing = () => ({
      inbox: { state: 'catchingUp', position: 7 } as const,
      search: { state: 'running', position: 12 } as const,
    });
    const text = await metrics.text({ standing, eventStore, clock });
    expect(text).toContain('log_position 12');
    expect(text).toContain('follower_behind_events{follower="inbox"} 5');
    expect(text).toContain('follower_oldest_waiting_seconds{follower="inbox"} 30');
    expect(text).toContain('follower_oldest_waiting_seconds{follower="search"} 0');
    expect(text).toContain('follower_state{follower="inbox",state="catchingUp"} 1');
  });

  test('says nothing more of what another instance has taken over', async () => {
    const metrics = createMetrics();
    await metrics.text({ standing: () => ({ inbox: { state: 'running', position: 7 } }), eventStore, clock });
    const text = await metrics.text({ standing: () => ({}), eventStore, clock });
    expect(text).not.toContain('inbox');
    expect(text).toContain('log_position 12');
  });
});
