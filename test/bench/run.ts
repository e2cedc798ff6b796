import { cpus } from 'node:os';
import { benchApplication, commandsTable } from './applicationBench.ts';
import { benchLogs, benchViews, enginesTables } from './enginesBench.ts';
import { benchEventStore, benchEventStoreReads, eventStoreTables } from './eventStoreBench.ts';
import { benchHttp, httpTables } from './httpBench.ts';
import { benchInbox, inboxTable } from './inboxBench.ts';
import { benchLog, logTable } from './logBench.ts';
import { type Extent, telling } from './measure.ts';
import { benchRoster, rosterTable } from './rosterBench.ts';
import { benchStock, stockTable } from './stockBench.ts';

// npm run bench [-- --quick] [-- events | commands | http | inbox | log | roster | stock | engines]: figures as Markdown on stdout, progress on stderr.
const asked = process.argv.slice(2);
const extent: Extent = asked.includes('--quick') ? 'quick' : 'full';

const parts: Record<string, () => Promise<string>> = {
  events: async () => eventStoreTables(await benchEventStore(extent), await benchEventStoreReads(extent)),
  commands: async () => commandsTable(await benchApplication(extent)),
  http: async () => httpTables(await benchHttp(extent)),
  inbox: async () => inboxTable(await benchInbox(extent)),
  roster: async () => rosterTable(await benchRoster(extent)),
  stock: async () => stockTable(await benchStock(extent)),
  log: async () => logTable(await benchLog(extent)),
  engines: async () => enginesTables(await benchLogs(extent), await benchViews(extent)),
};

const unknown = asked.filter((name) => name !== '--quick' && !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  process.stderr.write(`${unknown.join(', ')}: choose of ${Object.keys(parts).join(', ')}, or nothing for all.\n`);
  process.exit(2);
}
const chosen = Object.entries(parts).filter(([name]) => asked.includes(name));
const [cpu] = cpus();
process.stdout.write(`Node ${process.version}, ${cpus().length} × ${cpu?.model ?? 'unknown'}, ${extent}\n`);
for (const [, measure] of chosen.length > 0 ? chosen : Object.entries(parts)) {
  const tables = await measure();
  telling('');
  process.stdout.write(`\n${tables}\n`);
}
