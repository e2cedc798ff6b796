import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { httpIdentityCheck } from '#infrastructure/identity/httpIdentityCheck.ts';
import { httpPopulationSystem } from '#infrastructure/population/httpPopulationSystem.ts';
import { declarationOf } from '../support/declarations.ts';

const written = readFileSync(new URL('../../docs/operations/outside-systems.md', import.meta.url), 'utf8');

/** The JSON of every answer that the description shows, in its order. */
const answers = [...written.matchAll(/^200 (\{[\s\S]*?\})(?= {2,}\S|\n\n|\n```|\n200)/gm)].map(([, json = '']) => json);

test('every answer in the description of the outside systems is understood as what it says', async () => {
  let body = '';
  const server = createServer((_, response) => response.end(body));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const identity = httpIdentityCheck({ identityUrl: url, timeoutMs: 10_000 });
  const population = httpPopulationSystem({ pisUrl: url, exchangeUrl: url, timeoutMs: 10_000 });
  const told: string[] = [];
  for (body of answers) {
    const outcomes = [
      await identity.check({ name: '王芳', idNumber: '520111199003072825' }),
      (await population.lookUp('pis', declarationOf('520111004001', 1))).outcome,
    ];
    told.push(outcomes.filter((one) => one !== 'unreachable' && one !== 'malformed').join());
  }
  server.close();
  expect(told).toEqual(['matches', 'differs', 'absent', 'found']);
});
