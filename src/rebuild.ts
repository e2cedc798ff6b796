import { rebuildView } from '#application/rebuildView.ts';
import { upcast } from '#application/upcast.ts';
import { readConfig } from '#infrastructure/config.ts';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
import { projections } from '#projections/index.ts';

const width = 30;

const bar = (view: string, startedAt: number) => (done: number, total: number) => {
  const share = total === 0 ? 1 : done / total;
  const filled = '█'.repeat(Math.round(share * width)).padEnd(width, '░');
  const rate = Math.round(done / Math.max((performance.now() - startedAt) / 1000, 0.001));
  const end = process.stderr.isTTY ? '\r' : '\n';
  process.stderr.write(`${view.padEnd(14)} ${filled} ${Math.round(share * 100)} %  ${done}/${total}  ${rate}/s${end}`);
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !projections.some((projection) => projection.name === name));
if (unknown.length > 0) {
  const known = projections.map((projection) => projection.name).join(', ');
  process.stderr.write(`No view is called ${unknown.join(', ')} — 没有这个视图。Views: ${known}\n`);
  process.exit(2);
}

const { DATA_DIR: directory } = readConfig({ ...process.env, DEMO: '1' });
const eventStore = await openEventStore({ directory, readOnly: true });
const viewStore = await openViewStore({ directory });
await viewStore.prepare(projections);
for (const projection of projections) {
  if (asked.length > 0 && !asked.includes(projection.name)) continue;
  const onProgress = bar(projection.name, performance.now());
  await rebuildView(projection, { eventStore, viewStore, upcast, onProgress });
  process.stderr.write('\n');
}
await eventStore.close();
await viewStore.close();
