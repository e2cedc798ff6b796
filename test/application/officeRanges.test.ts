import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { officeRanges } from '#application/officeRanges.ts';

const code = fc.stringMatching(/^52(01|23)?(11|03)?(004|-H01)?$/);

test.prop([fc.array(code, { maxLength: 12 }), code])(
  'each code lies in one of the ranges, which follow each other and hold nothing but what is below some code',
  (codes, any) => {
    const ranges = officeRanges(codes);
    const holding = (one: string) => ranges.filter(({ from, before }) => one >= from && one < before);
    for (const one of codes) expect(holding(one)).toHaveLength(1);
    expect(holding(any)).toHaveLength(codes.some((one) => any.startsWith(one)) ? 1 : 0);
    for (const [n, range] of ranges.entries()) expect(range.from >= (ranges[n - 1]?.before ?? '')).toBe(true);
  },
);
