import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { coupleOf } from './couples.ts';
import { type Extent, inTemporary, interleaved, median, shown, table, telling } from './measure.ts';
import { residentMb, type ServerProcess, startPlatformProcess, startServerProcess } from './platformProcess.ts';

/** Submissions per second over HTTP beside the floor, latencies (ms), and what starting costs. */
export type HttpFigures = {
  submissions: number;
  floor: number;
  p50: number;
  p99: number;
  firstStartMs: number;
  startMs: number;
  memoryAtRest: number;
  memoryUnderLoad: number;
};

const connections = 64;

let visitors = 0;

/** Each visitor has an address of their own. */
const nextAddress = (): string => {
  visitors += 1;
  return `10.${(visitors >> 16) & 255}.${(visitors >> 8) & 255}.${visitors & 255}`;
};

/** Posts submissions of couples that never met before for so many seconds; how many were answered 201 a second. */
const load = async (url: string, seconds: number, nextBody: () => string): Promise<autocannon.Result> => {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        path: '/api/v1/registrations',
        setupRequest: (request) => ({
          ...request,
          headers: {
            'content-type': 'application/json',
            'idempotency-key': randomUUID(),
            'x-forwarded-for': nextAddress(),
          },
          body: nextBody(),
        }),
      },
    ],
  });
  if (result.non2xx + result.errors > 0) {
    throw new Error(`${result.non2xx} submissions were refused and ${result.errors} failed at ${url}.`);
  }
  return result;
};

const bodies = (): (() => string) => {
  const [village] = loadDivisions().search('贵筑', { level: 'village', limit: 1 });
  let made = 0;
  return () => {
    made += 1;
    return JSON.stringify(coupleOf(village?.code ?? '', made));
  };
};

/** How long a start takes on a filled data directory, until both sites answer. */
const starts = async (dataDir: string, times: number): Promise<{ startMs: number; memoryAtRest: number }> => {
  const figures: number[] = [];
  let memoryAtRest = 0;
  for (let n = 0; n < times; n += 1) {
    telling(`Starting the platform, ${n + 1} of ${times}`);
    const platform = await startPlatformProcess(dataDir);
    figures.push(platform.startMs);
    memoryAtRest = residentMb(platform.child);
    await platform.stop();
  }
  return { startMs: median(figures), memoryAtRest };
};

const compare = async (site: ServerProcess, floor: ServerProcess, extent: Extent) => {
  const nextBody = bodies();
  const [rounds, seconds] = extent === 'quick' ? [2, 2] : [5, 4];
  const latencies: { p50: number; p99: number }[] = [];
  let memoryUnderLoad = 0;
  const ofSite = async () => {
    telling(`Submissions over HTTP to the public site, ${connections} connections`);
    const result = await load(site.url, seconds, nextBody);
    latencies.push(result.latency);
    memoryUnderLoad = Math.max(memoryUnderLoad, residentMb(site.child));
    return result['2xx'] / result.duration;
  };
  const ofFloor = async () => {
    telling(`Submissions over HTTP to the floor, ${connections} connections`);
    const result = await load(floor.url, seconds, nextBody);
    return result['2xx'] / result.duration;
  };
  const [submissions = 0, bare = 0] = await interleaved(rounds, [ofSite, ofFloor]);
  const p50 = median(latencies.map((latency) => latency.p50));
  const p99 = median(latencies.map((latency) => latency.p99));
  return { submissions, floor: bare, p50, p99, memoryUnderLoad };
};

/** The real platform in a process of its own, loaded from this one; its starts and its memory besides. */
export const benchHttp = (extent: Extent): Promise<HttpFigures> =>
  inTemporary(async (directory) => {
    const dataDir = join(directory, 'data');
    telling('Starting the platform for the first time');
    const first = await startPlatformProcess(dataDir);
    await first.stop();
    const started = await starts(dataDir, extent === 'quick' ? 3 : 7);
    const site = await startPlatformProcess(dataDir);
    const floor = await startServerProcess('httpFloor.ts', join(directory, 'floor'));
    try {
      return { firstStartMs: first.startMs, ...started, ...(await compare(site, floor, extent)) };
    } finally {
      await site.stop();
      await floor.stop();
    }
  });

/** The figures as Markdown. */
export const httpTables = (figures: HttpFigures): string => {
  const { submissions, floor, p50, p99, firstStartMs, startMs, memoryAtRest, memoryUnderLoad } = figures;
  const share = `${Math.round((submissions / floor) * 100)} %`;
  return [
    table(
      ['HTTP, 64 connections', 'a second', 'floor', 'share', 'p50', 'p99'],
      [['`POST /api/v1/registrations`', shown(submissions), shown(floor), share, `${p50} ms`, `${p99} ms`]],
    ),
    '',
    table(
      ['process', 'figure'],
      [
        ['first start, demo province filled, until both sites answer', `${shown(firstStartMs)} ms`],
        ['later starts', `${shown(startMs)} ms`],
        ['memory after a start', `${memoryAtRest} MB`],
        ['memory under load, at most', `${memoryUnderLoad} MB`],
      ],
    ),
  ].join('\n');
};
