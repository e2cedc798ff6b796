import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { merged } from '#domain/stock/ranges.ts';
import { stockSets } from '#domain/stock/state.ts';
import { stockAct } from '../../support/stockActs.ts';
import { stockModel } from '../../support/stockModel.ts';

const sorted = (places: ReadonlyMap<number, readonly string[]>) =>
  [...places].toSorted(([one], [other]) => one - other);

describe('the ledger of a small tree, whatever is done in it', () => {
  test.prop([fc.array(stockAct, { maxLength: 60, size: 'max' })], { numRuns: 150 })(
    'has every serial that was printed in exactly one place, and lets through just what a book of single serials does',
    (acts) => {
      const model = stockModel();
      for (const one of acts) {
        const { done, may } = model.act(one);
        expect({ one, done }).toEqual({ one, done: may });
      }
      expect(sorted(model.places())).toEqual(sorted(model.book()));
      expect(model.places().size).toBe(model.printed());
      expect(model.sum()).toBe(model.printed());
      for (const stock of model.ledger().stocks.values()) {
        for (const set of stockSets) expect(merged(stock[set])).toEqual(stock[set]);
      }
    },
  );
});
