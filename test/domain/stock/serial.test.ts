import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { isSerialRange, parseSerial, printedParities, serialText } from '#domain/stock/serial.ts';

const serials = fc
  .tuple(fc.integer({ min: 2000, max: 9999 }), fc.integer({ min: 1, max: 99_999_999 }))
  .map(([year, number]) => year * 100_000_000 + number);

describe('a serial', () => {
  it('is written as it is printed', () => expect(serialText(1, 202600000042)).toBe('GZ1-2026-00000042'));

  test.prop([fc.constantFrom(...printedParities), serials])('is read as it was written', (parity, serial) => {
    const text = serialText(parity, serial);
    expect(parseSerial(text)).toEqual({ parity, serial });
    expect(parseSerial(` ${text.toLowerCase().replaceAll('-', '－')} `)).toEqual({ parity, serial });
  });

  it.each(['', 'GZ3-2026-00000001', 'GZ1-2026-00000000', 'GZ1-1999-00000001', 'GZ1-2026-0000001', 'GZ'.repeat(60)])(
    '%j is none',
    (text) => expect(parseSerial(text)).toBeUndefined(),
  );

  it.each([
    [202600000002, 202600000001],
    [202600000000, 202600000001],
    [202699999999, 202700000001],
    [202600000001.5, 202600000002],
    [Number.NaN, 202600000002],
  ])('from %d to %d is no range', (from, to) => expect(isSerialRange({ from, to })).toBe(false));
});
