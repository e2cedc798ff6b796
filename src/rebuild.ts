import { rebuildView } from '#application/rebuildView.ts';
import { upcast } from '#application/upcast.ts';
import { projections } from '#projections/index.ts';
import type { Projection } from '#projections/projection.ts';
import { opening, placesFromEnvironment, runProgram } from './operations/program.ts';
import { progressBar } from './operations/progressBar.ts';
import { openLog, openViews } from './stores.ts';

const rebuild = async (chosen: readonly Projection[]): Promise<void> => {
  const places = placesFromEnvironment();
  const eventStore = await opening(openLog(places, true));
  const viewStore = await opening(openViews(places));
  try {
    for (const projection of chosen) {
      await rebuildView(projection, { eventStore, viewStore, upcast, onProgress: progressBar(projection.name) });
    }
  } finally {
    await eventStore.close();
    await viewStore.close();
  }
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !projections.some((projection) => projection.name === name));
if (unknown.length > 0) {
  const known = projections.map((projection) => projection.name).join(', ');
  process.stderr.write(`No view is called ${unknown.join(', ')} — 没有这个视图。Views: ${known}\n`);
  process.exit(2);
}
await runProgram(
  () => rebuild(projections.filter(({ name }) => asked.length === 0 || asked.includes(name))),
  '\n原视图照常可用。The views that answered before still do.',
);
