import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { changeShown } from '#application/accountChanges.ts';
import { personNumbered } from '../support/accountScene.ts';

const number = fc.nat({ max: 99_999_999 });

test.prop([fc.constantFrom('mobile', 'idNumber'), number, number])(
  'what was and what is look different where they are, and neither is shown whole',
  (field, one, other) => {
    fc.pre(one !== other);
    const value = (n: number) => (field === 'mobile' ? personNumbered(n).mobile : personNumbered(n % 900_000).idNumber);
    const [before, after] = [value(one), value(other)];
    fc.pre(before !== after);
    const shown = changeShown({ field, before, after }, true);
    expect(shown.before).not.toBe(shown.after);
    for (const text of [shown.before, shown.after]) expect(text).toMatch(/\*{3}/);
    expect(changeShown({ field, before, after }, false)).toEqual({ field, before, after });
    expect(changeShown({ field, before: '', after }, true).before).toBe('');
  },
);
