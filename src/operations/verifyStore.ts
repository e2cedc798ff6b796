import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventStore, ScanStore } from '#application/ports.ts';
import type { Sealing } from '#application/sealing.ts';
import { hasKeys, loadKeys } from '#infrastructure/sealing/keys.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { openViewStore } from '#infrastructure/sqlite/viewStore.ts';
import { projections } from '#projections/index.ts';
import { openKeyring, openLog, openScans, openViews, type StorePlaces } from '../stores.ts';
import { checkFiles } from './checkFiles.ts';
import { checkLog } from './checkLog.ts';
import { checkScans, expectedScans } from './checkScans.ts';
import { checkView } from './checkViews.ts';
import { createFindings, type Findings } from './findings.ts';
import { argumentsOf, OperationError, opening, placesFromEnvironment, runProgram, tell } from './program.ts';
import { progressBar } from './progressBar.ts';
import { openScratchBook } from './scratchBook.ts';

// npm run verify-store: checks log and views from the first event on, while the platform runs or not.

const requireKeys = (directory: string): void => {
  if (hasKeys(directory)) return;
  throw new OperationError(
    `${directory} 里没有密钥，无法核对。 ${directory} has no keys, without which nothing opens: put keys/ back.`,
  );
};

/** A directory in which no platform has kept scans yet: looking makes no file. */
const noScans: ScanStore = {
  put: async () => undefined,
  get: async () => undefined,
  delete: async () => undefined,
  list: async () => [],
  close: async () => undefined,
};

const verifyScans = async (
  places: StorePlaces,
  sealing: Sealing,
  expected: Parameters<typeof checkScans>[1],
  findings: Findings,
) => {
  const isThere = places.viewStoreUrl !== undefined || existsSync(join(places.directory, 'scans.sqlite'));
  const scans = isThere ? await opening(openScans(places)) : noScans;
  try {
    const checking = { findings, onProgress: progressBar('scans') };
    const { attached, unattached } = await checkScans({ scans, sealing }, expected, checking);
    // Nothing is wrong with those: a process died before the log took them, or one of them is just being attached.
    tell(`扫描件 scans ${attached}, 未附上的 of no event ${unattached}`);
  } finally {
    await scans.close();
  }
};

const verifyLog = async (places: StorePlaces, eventStore: EventStore, scratch: string, findings: Findings) => {
  const keys = loadKeys(places.directory);
  const dataKeys = await opening(openKeyring(places, keys.master));
  const book = openScratchBook(scratch);
  const sealing = createSealing(keys, dataKeys);
  const scans = expectedScans();
  try {
    const log = {
      eventStore,
      sealing,
      book,
      onEvent: scans.note,
      gapFree: places.eventStoreUrl === undefined,
    };
    const { events, streams, erased } = await checkLog(log, { findings, onProgress: progressBar('log') });
    tell(`事件 events ${events}, 流 streams ${streams}, 密钥已销毁的事件 events whose data key is destroyed ${erased}`);
    await verifyScans(places, sealing, scans.all(), findings);
  } finally {
    book.close();
    await dataKeys.close();
  }
};

const verifyViews = async (places: StorePlaces, eventStore: EventStore, scratch: string, findings: Findings) => {
  const viewStore = await opening(openViews(places));
  const anew = await openViewStore({ directory: scratch });
  await anew.prepare(projections);
  try {
    for (const projection of projections) {
      const views = { eventStore, viewStore, anew };
      const { rows, waiting } = await checkView(views, projection, {
        findings,
        onProgress: progressBar(projection.name),
      });
      const later = waiting === 0 ? '' : `, 尚未跟上 not carried yet ${waiting}`;
      tell(`${projection.name}: 行 rows ${rows}${later}`);
    }
  } finally {
    await anew.close();
    await viewStore.close();
  }
};

const verify = async (places: StorePlaces, scratch: string, findings: Findings): Promise<void> => {
  const { directory, eventStoreUrl, viewStoreUrl } = places;
  requireKeys(directory);
  const viewsThere = viewStoreUrl !== undefined || existsSync(join(directory, 'views.sqlite'));
  const embedded = [
    ...(eventStoreUrl === undefined ? ['events.sqlite'] : []),
    ...(viewStoreUrl === undefined ? ['keys.sqlite'] : []),
    ...(viewStoreUrl === undefined && existsSync(join(directory, 'scans.sqlite')) ? ['scans.sqlite'] : []),
    ...(viewStoreUrl === undefined && viewsThere ? ['views.sqlite'] : []),
  ];
  checkFiles(directory, embedded, findings);
  // Of a log that is missing or no database at all there is nothing more to say.
  if (embedded.some((file) => !existsSync(join(directory, file)))) return;
  const eventStore = await opening(openLog(places, true));
  try {
    await verifyLog(places, eventStore, scratch, findings);
    if (viewsThere) await verifyViews(places, eventStore, scratch, findings);
    else tell('还没有视图，下次启动时建立。 There are no views yet: they are built at the next start.');
  } finally {
    await eventStore.close();
  }
};

await runProgram(async () => {
  argumentsOf({}, 0, 'npm run verify-store');
  const findings = createFindings();
  const scratch = mkdtempSync(join(tmpdir(), 'verify-store-'));
  let fault: unknown;
  try {
    await verify(placesFromEnvironment(), scratch, findings);
  } catch (thrown) {
    fault = thrown;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  for (const line of findings.shown()) tell(`✗ ${line}`);
  const more = findings.count() - findings.shown().length;
  if (more > 0) tell(`✗ …… 另有 ${more} 处 and ${more} more`);
  if (fault !== undefined) throw fault;
  if (findings.count() > 0) {
    throw new OperationError(`发现 ${findings.count()} 处问题。 ${findings.count()} fault(s) found.`);
  }
  tell('完好：没有发现问题。 Sound: no fault found.');
});
