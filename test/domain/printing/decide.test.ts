import { test as check, fc } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { mostOff, type PrintingCommand, type PrintingState, printingDecider } from '#domain/printing/decide.ts';

const having = (...commands: readonly PrintingCommand[]): PrintingState =>
  commands.reduce((state, command) => {
    const decision = printingDecider.decide(command, state);
    return decision.outcome === 'accepted' ? decision.events.reduce(printingDecider.evolve, state) : state;
  }, printingDecider.initialState);
const decide = (command: PrintingCommand, ...given: readonly PrintingCommand[]) =>
  printingDecider.decide(command, having(...given));

const added = { type: 'AddPrinter', name: '窗口一' } as const;
const adjusted = { type: 'AdjustPrinter', printer: 1, dx: 1.5, dy: -0.3 } as const;

describe('the printers of an office', () => {
  test('given none, when one is added, then it is number 1 and as it comes', () => {
    expect(having(added).printers).toEqual([{ printer: 1, name: '窗口一', dx: 0, dy: 0 }]);
  });

  test('given one, when another of that name is added however it is written, then it is refused', () => {
    expect(decide({ type: 'AddPrinter', name: ' 窗口一　' }, added)).toMatchObject({
      rejection: { type: 'nameTaken' },
    });
  });

  test.each(['', '  ', '长'.repeat(31)])('given the name %j, when it is added, then it is refused', (name) => {
    expect(decide({ type: 'AddPrinter', name })).toMatchObject({ rejection: { type: 'unnamed' } });
  });

  test('given one that was adjusted, when it is told the same again, then nothing happens', () => {
    expect(decide(adjusted, added, adjusted)).toEqual({ outcome: 'accepted', events: [] });
  });

  test('given one that was removed, when another is added, then it gets a number of its own', () => {
    const state = having(added, { type: 'RemovePrinter', printer: 1 }, { type: 'AddPrinter', name: '窗口一' });
    expect(state.printers.map(({ printer }) => printer)).toEqual([2]);
    expect(decide(adjusted, added, { type: 'RemovePrinter', printer: 1 })).toMatchObject({
      rejection: { type: 'unknownPrinter' },
    });
  });

  check.prop([fc.double({ noNaN: true }), fc.double({ noNaN: true })])(
    'are never set further off than paper can be moved, nor finer than a tenth',
    (dx, dy) => {
      const state = having(added, { type: 'AdjustPrinter', printer: 1, dx, dy });
      for (const off of state.printers.flatMap((one) => [one.dx, one.dy])) {
        expect(Math.abs(off)).toBeLessThanOrEqual(mostOff);
        expect(Math.abs(off * 10 - Math.round(off * 10))).toBeLessThan(1e-6);
      }
    },
  );

  check.prop([fc.integer({ min: -200, max: 200 }), fc.integer({ min: -200, max: 200 })])(
    'take every tenth of a millimetre within reach',
    (dx, dy) => {
      const state = having(added, { type: 'AdjustPrinter', printer: 1, dx: dx / 10, dy: dy / 10 });
      expect(state.printers[0]).toMatchObject({ dx: dx / 10, dy: dy / 10 });
    },
  );
});
