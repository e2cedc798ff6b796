import { rebuildView } from '#application/rebuildView.ts';
import { upcast } from '#application/upcast.ts';
import { ConfigError, placesOf, readConfig } from '#infrastructure/config.ts';
import { projections } from '#projections/index.ts';
import { FoldFailure, type Projection } from '#projections/projection.ts';
import { openLog, openViews } from './stores.ts';

const width = 30;

/** Draws over one line of a terminal; elsewhere a line is written where the percentage has changed. */
const progressBar = (view: string) => {
  const startedAt = performance.now();
  let shown = '';
  return (done: number, total: number): void => {
    const share = total === 0 ? 1 : done / total;
    const percent = `${Math.floor(share * 100)} %`;
    if (percent === shown) return;
    shown = percent;
    const filled = '█'.repeat(Math.floor(share * width)).padEnd(width, '░');
    const rate = Math.round(done / Math.max((performance.now() - startedAt) / 1000, 0.001));
    const end = process.stderr.isTTY && done < total ? '\r' : '\n';
    process.stderr.write(`${view.padEnd(14)} ${filled} ${percent.padStart(5)}  ${done}/${total}  ${rate}/s${end}`);
  };
};

/** A sentence for what can go wrong; the view that answered before still does. */
const told = (fault: unknown): string => {
  if (fault instanceof FoldFailure) {
    const { position, type, stream } = fault.event;
    return `Event ${position} (${type} of ${stream}) cannot be folded: ${fault.message}`;
  }
  const named = fault instanceof Error && /^(StoreUnavailable|GenerationGone|LogTooShort)$/.test(fault.name);
  return named || fault instanceof ConfigError ? (fault as Error).message : String((fault as Error).stack ?? fault);
};

const rebuild = async (chosen: readonly Projection[]): Promise<void> => {
  // Rebuilding asks no population system, so it needs no address of one.
  const places = placesOf(readConfig({ ...process.env, DEMO: '1' }));
  const eventStore = await openLog(places, true);
  const viewStore = await openViews(places);
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
try {
  await rebuild(projections.filter(({ name }) => asked.length === 0 || asked.includes(name)));
} catch (fault) {
  process.stderr.write(`\n${told(fault)}\n原视图照常可用。The views that answered before still do.\n`);
  process.exit(1);
}
