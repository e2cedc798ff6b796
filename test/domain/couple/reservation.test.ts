import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { reservationDecider } from '#domain/couple/reservation.ts';
import { given } from '../../support/given.ts';
import { run } from '../../support/runs.ts';

const reserve = (registrationId: string, ended?: string) =>
  ({ type: 'ReserveCouple', registrationId, ...(ended === undefined ? {} : { ended }) }) as const;
const reserved = (registrationId: string) => ({ type: 'CoupleReserved', data: { registrationId } }) as const;

describe('a couple’s reservation (R9)', () => {
  it('goes to the first who asks', () => {
    given(reservationDecider, []).when(reserve('one')).thenHappened(reserved('one'));
  });

  it('is told to the second, who learns who has it', () => {
    given(reservationDecider, [reserved('one')])
      .when(reserve('two'))
      .thenRefused({ type: 'held', holder: 'one' });
  });

  it('stays with who asks again', () => {
    given(reservationDecider, [reserved('one')])
      .when(reserve('one'))
      .thenNothing();
  });

  it('passes on from a holder found to have ended, and from no other', () => {
    given(reservationDecider, [reserved('one')])
      .when(reserve('two', 'one'))
      .thenHappened(reserved('two'));
    given(reservationDecider, [reserved('one'), reserved('two')])
      .when(reserve('three', 'one'))
      .thenRefused({ type: 'held', holder: 'two' });
  });

  const id = fc.constantFrom('one', 'two', 'three');
  const command = fc
    .tuple(id, fc.option(id, { nil: undefined }))
    .map(([registrationId, ended]) => reserve(registrationId, ended));

  test.prop([fc.array(command, { maxLength: 30 })])(
    'has one holder, who gives way only when named as ended',
    (commands) => {
      for (const { before, command: asked, after } of run(reservationDecider, commands).steps) {
        if (before.holder !== undefined && before.holder !== after.holder) expect(asked.ended).toBe(before.holder);
        if (after.holder !== before.holder) expect(after.holder).toBe(asked.registrationId);
        expect(after.holder).toBeDefined();
      }
    },
  );
});
