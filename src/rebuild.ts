import { logTiles } from '#application/log/tiles.ts';
import { type Rebuilding, rebuildTree, rebuildView } from '#application/rebuildView.ts';
import { upcast } from '#application/upcast.ts';
import { projections } from '#projections/index.ts';
import { opening, placesFromEnvironment, runProgram } from './operations/program.ts';
import { progressBar } from './operations/progressBar.ts';
import { openLog, openViews } from './stores.ts';

type Rebuilt = { name: string; rebuild: (rebuilding: Rebuilding) => Promise<void> };

const all: readonly Rebuilt[] = [
  ...projections.map((projection) => ({
    name: projection.name,
    rebuild: (rebuilding: Rebuilding) => rebuildView(projection, rebuilding),
  })),
  { name: logTiles.name, rebuild: rebuildTree },
];

const rebuildAll = async (chosen: readonly Rebuilt[]): Promise<void> => {
  const places = placesFromEnvironment();
  const eventStore = await opening(openLog(places, true));
  const viewStore = await opening(openViews(places));
  try {
    for (const { name, rebuild } of chosen) {
      await rebuild({ eventStore, viewStore, upcast, onProgress: progressBar(name) });
    }
  } finally {
    await eventStore.close();
    await viewStore.close();
  }
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !all.some((one) => one.name === name));
if (unknown.length > 0) {
  const known = all.map(({ name }) => name).join(', ');
  process.stderr.write(`No view is called ${unknown.join(', ')} — 没有这个视图。Views: ${known}\n`);
  process.exit(2);
}
await runProgram(
  () => rebuildAll(all.filter(({ name }) => asked.length === 0 || asked.includes(name))),
  '\n原视图照常可用。The views that answered before still do.',
);
