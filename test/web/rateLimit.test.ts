import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { networkOf } from '#web/origin.ts';
import { limits } from '#web/rateLimit.ts';

describe('the network that tries are counted against', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['::FFFF:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['64:ff9b::203.0.113.7', '64:ff9b:0:0::/64'],
    ['unknown', 'unknown'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });

  const group = fc.integer({ min: 0, max: 0xffff }).map((n) => n.toString(16));
  const groups = (length: number) => fc.array(group, { minLength: length, maxLength: length });

  test.prop([groups(4), groups(4), groups(4)])(
    'is one for all addresses of a /64, and another next door',
    (net, a, b) => {
      const of = (front: readonly string[], back: readonly string[]) => networkOf([...front, ...back].join(':'));
      expect(of(net, a)).toBe(of(net, b));
      const [first = '0', ...rest] = net;
      const nextDoor = ((Number.parseInt(first, 16) + 1) % 0x10000).toString(16);
      expect(of([nextDoor, ...rest], a)).not.toBe(of(net, a));
    },
  );
});

it('each limit counts by itself', () => {
  const kinds = Object.values(limits).map(({ kind }) => kind);
  expect(new Set(kinds).size).toBe(kinds.length);
});
