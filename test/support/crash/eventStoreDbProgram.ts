import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import { createServerLog, type Expected, type ProposedEvent, type ServerLog } from '../eventStoreDbServer/log.ts';
import { startEventStoreDbServer } from '../eventStoreDbServer/server.ts';

// A program for tests: the stand-in for EventStoreDB as a process of its own, to be killed and stopped. What it acknowledged
// stands in the journal given, on the port given (0: any) it answers, and it says where. It ends with its parent.
const [, , journal = '', port = '0'] = process.argv;

type Written = { stream: string; expected: Expected; events: readonly Packed[] };
type Packed = Omit<ProposedEvent, 'data' | 'meta'> & { data: string; meta: string };

const pack = (event: ProposedEvent): Packed => ({
  ...event,
  data: Buffer.from(event.data).toString('base64'),
  meta: Buffer.from(event.meta).toString('base64'),
});
const unpack = (event: Packed): ProposedEvent => ({
  ...event,
  data: Buffer.from(event.data, 'base64'),
  meta: Buffer.from(event.meta, 'base64'),
});

/** The log as the journal has it; a line that a kill cut off was never acknowledged, and goes. */
const restored = (): ServerLog => {
  const log = createServerLog();
  if (!existsSync(journal)) return log;
  const bytes = readFileSync(journal);
  const whole = bytes.lastIndexOf('\n') + 1;
  truncateSync(journal, whole);
  for (const line of bytes.toString('utf8', 0, whole).split('\n').filter(Boolean)) {
    const { stream, expected, events } = JSON.parse(line) as Written;
    log.append(stream, expected, events.map(unpack));
  }
  return log;
};

const log = restored();
const file = openSync(journal, 'a');

// Written down in the same turn, so before anyone is answered or told.
const journaled: ServerLog = {
  ...log,
  append: (stream, expected, events) => {
    const outcome = log.append(stream, expected, events);
    const written: Written = { stream, expected, events: events.map(pack) };
    if (outcome.outcome === 'written') writeSync(file, `${JSON.stringify(written)}\n`);
    return outcome;
  },
};

const server = await startEventStoreDbServer({ log: journaled, port: Number(port) });
process.stdout.write(`${server.url}\n`);
process.stdin.resume().on('end', () => {
  closeSync(file);
  process.exit(0);
});
