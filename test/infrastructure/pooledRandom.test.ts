import { expect, test } from 'vitest';
import { pooledRandom } from '#infrastructure/pooledRandom.ts';

test('no bytes are handed out twice, however many are drawn and however long they are', () => {
  const drawn = Array.from({ length: 3000 }, (_, n) => pooledRandom(8 + (n % 25)));
  expect(drawn.map(({ length }) => length)).toEqual(drawn.map((_, n) => 8 + (n % 25)));
  expect(new Set(drawn.map((bytes) => bytes.toString('hex'))).size).toBe(3000);
  expect(pooledRandom(20_000)).toHaveLength(20_000);
});

test('what was handed out does not change with the next draw', () => {
  const first = pooledRandom(16);
  const copy = Buffer.from(first);
  for (let n = 0; n < 2000; n += 1) pooledRandom(16);
  expect(first.equals(copy)).toBe(true);
});
