import { expect, test } from 'vitest';
import { wideNetworkOf } from '#web/origin.ts';

test.each([
  ['10.52.11.4', '10.52.0.0/16'],
  ['::ffff:10.52.11.4', '10.52.0.0/16'],
  ['2408:8456:3a10:1:2:3:4:5', '2408:8456::/32'],
  ['2408:8456::5', '2408:8456::/32'],
  ['::1', '0:0::/32'],
])('%s lies in %s, which names no machine', (address, network) => {
  expect(wideNetworkOf(address)).toBe(network);
});
