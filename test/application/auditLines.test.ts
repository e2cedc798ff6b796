import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { trailPage } from '#application/auditLines.ts';
import type { Deps } from '#application/deps.ts';

const rowOf = (isOther: boolean, n: number) => ({
  ...{ key: [`${n}`], type: 'PersonalDataViewed', what: 'opened', about: '', at: '', stream: '' },
  ...{ actor: { kind: 'system', name: 'x' }, task: isOther ? 'other' : 'own', n },
});

/** A trail of so many lines, the other tasks' among them marked, and how often it was read. */
const trailOf = (marked: readonly boolean[]) => {
  const rows = marked.map(rowOf);
  const told = { reads: 0, largest: 0 };
  const find = async (_: string, { after = '0', limit = 1 }: { after?: string; limit?: number }) => {
    told.reads += 1;
    told.largest = Math.max(told.largest, limit);
    const end = Number(after) + limit;
    return { rows: rows.slice(Number(after), end), ...(end < rows.length ? { next: `${end}` } : {}) };
  };
  const deps = { viewStore: { find }, staff: { nameOf: async () => undefined } } as unknown as Deps;
  return { deps, told, wanted: rows.filter(({ task }) => task === 'other').map(({ n }) => n) };
};

const pagesOf = async (deps: Deps, most: number): Promise<readonly (readonly number[])[]> => {
  const pages: number[][] = [];
  for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
    const filter = { other: true, ...(after === undefined ? {} : { after }) };
    const page = await trailPage(deps, { subject: 'x' }, filter, most);
    pages.push(page.lines.map(({ row }) => Number((row as unknown as { n: number }).n)));
    after = page.next;
  }
  return pages;
};

describe('a page of a trail', () => {
  test.prop([fc.array(fc.boolean(), { maxLength: 300 }), fc.integer({ min: 1, max: 40 })])(
    'misses no line that is wanted, and repeats none, whatever stands between them',
    async (marked, most) => {
      const { deps, wanted } = trailOf(marked);
      const pages = await pagesOf(deps, most);
      expect(pages.flat()).toEqual(wanted);
      expect(pages.every((page) => page.length <= most)).toBe(true);
    },
  );

  test.prop([fc.integer({ min: 0, max: 19_999 })], { numRuns: 20 })(
    'finds what is rare among 20 000 lines in a few large steps',
    async (place) => {
      const { deps, told } = trailOf(Array.from({ length: 20_000 }, (_, n) => n === place));
      const page = await trailPage(deps, { subject: 'x' }, { other: true }, 30);
      expect(page.lines).toHaveLength(1);
      expect(told.reads).toBeLessThan(30);
      expect(told.largest).toBeLessThanOrEqual(1000);
    },
  );
});
