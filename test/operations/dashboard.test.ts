import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { EventStore } from '#application/ports.ts';
import { createMetrics } from '#infrastructure/metrics.ts';

const folder = join(import.meta.dirname, '../../docs/operations');

type Panel = { id: number; title: string; targets?: readonly { expr: string }[] };

const { panels } = JSON.parse(readFileSync(join(folder, 'grafana.json'), 'utf8')) as { panels: readonly Panel[] };
const shown = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => [title, expr] as const));

/** Rules of the runbook: the second column of its table of alerts. */
const runbook = readFileSync(join(folder, 'README.md'), 'utf8').split('## Runbook of alerts')[1] ?? '';
const alerts = [...runbook.matchAll(/^\| ([\w ]+) \| `([^`]+)`/gm)].map(
  ([, name = '', expr = '']) => [name, expr] as const,
);

const exported = { metrics: new Set<string>(), labels: new Set(['le', 'instance', 'job']) };

beforeAll(async () => {
  const metrics = createMetrics();
  metrics.command('Submit', 'done');
  metrics.request({ site: 'public', method: 'GET', route: '/', status: 200, ms: 1 });
  const append = async () => ({ outcome: 'appended', revision: 0, position: 1 }) as const;
  const eventStore = { lastPosition: async () => 1, readAll: async () => [], append } as unknown as EventStore;
  await metrics.timed(eventStore).append('registration-x', 'none', []);
  const standing = () => ({ inbox: { state: 'running', position: 1 } as const });
  const text = await metrics.text({ standing, eventStore, clock: () => 0 });
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z]\w*)(?:\{([^}]*)\})? /gm)) {
    exported.metrics.add(name);
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) exported.labels.add(label);
  }
  // Told once garbage was collected, which it may not have been yet.
  for (const [, name = ''] of text.matchAll(/^# TYPE (\w+) histogram$/gm)) exported.metrics.add(`${name}_sum`);
});

/** What a query names: metrics, and labels in matchers and groupings. */
const namedIn = (expr: string) => {
  const labels: string[] = [];
  const bare = expr
    .replace(/\{([^}]*)\}/g, (_, matchers: string) => {
      for (const [, label = ''] of matchers.matchAll(/(\w+)\s*[=!]~?/g)) labels.push(label);
      return '';
    })
    .replace(/\b(?:by|without)\s*\(([^)]*)\)/g, (_, group: string) => {
      labels.push(...group.split(',').map((label) => label.trim()));
      return '';
    })
    .replace(/\[[^\]]*\]/g, '');
  const words = [...bare.matchAll(/(?<![\w.])[a-z_]\w*(?!\s*\(|\w)/g)].map(([word]) => word);
  return { labels, metrics: words.filter((word) => word !== 'or') };
};

describe('the dashboard and the alerts', () => {
  test('are there, each panel under a number of its own', () => {
    expect(shown.length).toBeGreaterThan(15);
    expect(alerts.length).toBeGreaterThan(6);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  test.each([...shown, ...alerts])('%s asks only for what is exported: %s', (_, expr) => {
    const { metrics, labels } = namedIn(expr);
    expect(metrics).not.toEqual([]);
    expect(metrics.filter((name) => !exported.metrics.has(name))).toEqual([]);
    expect(labels.filter((label) => !exported.labels.has(label))).toEqual([]);
  });

  test('would tell a metric or label that nobody exports', () => {
    const { metrics, labels } = namedIn(
      'sum by (office) (rate(registrations_total{status=~"5..",instance=~"$i"}[5m])) or vector(0)',
    );
    expect(metrics).toEqual(['registrations_total']);
    expect(labels).toEqual(['status', 'instance', 'office']);
  });
});
