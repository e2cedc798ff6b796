import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { serialText } from '#domain/stock/serial.ts';
import { rangesIn } from '#web/routes/management/stockTyped.ts';

const first = 202_600_000_000;
const at = (from: number, to = from) => ({ from: first + from, to: first + to });

describe('ranges of serials as people type them', () => {
  test.each([
    ['GZ1-2026-00000001', [at(1)]],
    ['GZ1-2026-00000001 至 GZ1-2026-00000400', [at(1, 400)]],
    ['GZ1-2026-00000001 - GZ1-2026-00000400', [at(1, 400)]],
    ['gz1 2026 00000001—00000400', [at(1, 400)]],
    ['GZ1-2026-00000101 到 150', [at(101, 150)]],
    ['GZ1-2026-00000001 共 400 份', [at(1, 400)]],
    ['ＧＺ１－２０２６－００００００１１ + 10', [at(11, 20)]],
    ['GZ1-2026-00000001\n\n GZ1-2026-00000003、GZ1-2026-00000005', [at(1), at(3), at(5)]],
    ['', []],
  ])('“%s” are read', (text, ranges) => {
    expect(rangesIn(text, 1)).toEqual({ ranges });
  });

  test.each([
    ['400', 'badLine'],
    ['GZ1-2026-00000001 至 昨天', 'badLine'],
    ['GZ2-2026-00000001', 'otherParity'],
    ['GZ1-2026-00000001 至 GZ2-2026-00000002', 'otherParity'],
    ['GZ1-2026-00000400 至 GZ1-2026-00000001', 'badEnds'],
    ['GZ1-2026-00000400 至 399', 'badEnds'],
    ['GZ1-2026-00000001 共 0', 'badEnds'],
    ['GZ1-2026-99999999 共 2', 'badEnds'],
  ])('“%s” are %s, by the line as it was typed', (line, code) => {
    expect(rangesIn(`GZ1-2026-00000900\n${line}`, 1, 'damaged')).toEqual({
      fault: { field: 'damaged', code, fill: { line } },
    });
  });

  property.prop([fc.integer({ min: 1, max: 90_000_000 }), fc.integer({ min: 1, max: 9_000_000 })])(
    'are the same by both ends and by how many there are',
    (from, count) => {
      const [start, end] = [first + from, first + from + count - 1].map((serial) => serialText(1, serial));
      const meant = { ranges: [at(from, from + count - 1)] };
      expect(rangesIn(`${start} 至 ${end}`, 1)).toEqual(meant);
      expect(rangesIn(`${start} 共 ${count}`, 1)).toEqual(meant);
    },
  );
});
