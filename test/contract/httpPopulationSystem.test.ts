import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, test } from 'vitest';
import { httpPopulationSystem } from '#infrastructure/population/httpPopulationSystem.ts';
import { startSandbox } from '#infrastructure/population/sandbox.ts';
import { demoCouples } from '../../src/demo/demoCouples.ts';
import { populationSystemContract } from './populationSystem.contract.ts';

populationSystemContract('HTTP, before the sandbox', demoCouples, async (couples) => {
  const sandbox = await startSandbox({ couples });
  const within = (timeoutMs: number) => httpPopulationSystem({ ...sandbox, timeoutMs });
  return { system: within(10_000), impatient: within(50), stop: sandbox.close };
});

const query = {
  wife: { name: '杨晓芳', idNumber: '520111199104189904' },
  husband: { name: '吴国强', idNumber: '520111198911029918' },
};
const person = { name: '杨晓芳', idNumber: '520111199104189904', householdDivision: '520111' };
const found = (record: object) => JSON.stringify({ outcome: 'found', record });

describe('HTTP before a system that misbehaves', () => {
  let server: Server | undefined;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
    server = undefined;
  });
  const listen = async (listener: RequestListener): Promise<string> => {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const askAt = (url: string, timeoutMs = 10_000) =>
    httpPopulationSystem({ pisUrl: url, exchangeUrl: url, timeoutMs }).lookUp('pis', query);

  test.each([
    ['garbage', '<html>502 Bad Gateway</html>'],
    ['nothing', ''],
    ['an unknown outcome', '{"outcome":"maybe"}'],
    ['a record without a husband', found({ wife: person, children: [] })],
    [
      'a day that does not exist',
      found({ wife: person, husband: person, children: [{ name: '李', sex: 'male', bornOn: '2020-02-30' }] }),
    ],
    [
      'another word for a sex',
      found({ wife: person, husband: person, children: [{ name: '李', sex: '男', bornOn: '2020-02-03' }] }),
    ],
    ['far too much', JSON.stringify({ outcome: 'absent', padding: 'x'.repeat(10_000_000) })],
  ])('answers %s', async (_, body) => {
    const url = await listen((_request, response) => response.end(body));
    expect(await askAt(url)).toEqual({ outcome: 'unreachable', reason: 'malformed' });
  });

  test.each([500, 503, 404, 401, 301])('answers with status %i', async (status) => {
    let requests = 0;
    const url = await listen((_request, response) => {
      requests += 1;
      response.writeHead(status, { location: '/elsewhere' }).end('{"outcome":"absent"}');
    });
    expect(await askAt(url)).toEqual({ outcome: 'unreachable', reason: 'refused' });
    expect(requests).toBe(1);
  });

  test('nobody listens there', async () => {
    const url = await listen(() => undefined);
    server?.close();
    if (server) await once(server, 'close');
    expect(await askAt(url)).toEqual({ outcome: 'unreachable', reason: 'refused' });
  });

  test.each(['no url at all', 'http://', 'ftp://127.0.0.1'])('its address is %s', async (url) => {
    expect(await askAt(url)).toEqual({ outcome: 'unreachable', reason: 'refused' });
  });

  test('drips its answer for ever', async () => {
    const url = await listen((_request, response) => {
      const drip = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drip));
    });
    expect(await askAt(url, 100)).toEqual({ outcome: 'unreachable', reason: 'timeout' });
  });

  test('resets one connection: asked once more; resets all: asked twice, not more', async () => {
    let requests = 0;
    let resets = 1;
    const url = await listen((request, response) => {
      requests += 1;
      if (requests <= resets) request.socket.resetAndDestroy();
      else response.end('{"outcome":"absent"}');
    });
    expect(await askAt(url)).toEqual({ outcome: 'absent' });
    expect(requests).toBe(2);
    [requests, resets] = [0, 99];
    expect(await askAt(url)).toEqual({ outcome: 'unreachable', reason: 'refused' });
    expect(requests).toBe(2);
  });

  test('is told the two people in the body, nothing of them in the address, its connections used again', async () => {
    const seen: { request: IncomingMessage; body: string }[] = [];
    const url = await listen(async (request, response) => {
      seen.push({ request, body: await text(request) });
      response.end('{"outcome":"absent"}');
    });
    for (let times = 0; times < 6; times += 1) await askAt(url);
    expect(new Set(seen.map(({ request }) => `${request.method} ${request.url}`))).toEqual(
      new Set(['POST /couples/lookup']),
    );
    expect(JSON.parse(seen[0]?.body ?? '')).toEqual(query);
    expect(new Set(seen.map(({ request }) => request.socket.remotePort)).size).toBeLessThan(6);
  });
});
