import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import {
  type Assignment,
  type OrdinaryEvent,
  type OrdinaryKind,
  ordinaryDecider,
} from '#domain/certificate/ordinary.ts';
import { serialText } from '#domain/stock/serial.ts';

const { decide, evolve, initialState } = ordinaryDecider;

const serialOf = (n: number, parity: 1 | 2 = 1): string => serialText(parity, 2026_0000_0000 + n);
const assignmentOf = (n: number, office = '520103'): Assignment => ({
  serial: serialOf(n),
  parity: 1,
  office,
  issuedOn: '2026-11-25',
  handler: 'clerk',
  identity: { document: 'idCard' },
  personal: { bearer: { name: '王芳', documentNumber: '52010319900101002X' } },
});
const assigned = (n: number): OrdinaryEvent => ({ type: 'OrdinaryCertificateAssigned', data: assignmentOf(n) });
const voidingOf = (n: number) => ({ serial: serialOf(n), reason: 'lost', voidedOn: '2026-11-26' }) as const;
const given = (...events: readonly OrdinaryEvent[]) => events.reduce(evolve, initialState);

describe('the ordinary certificate of a registration', () => {
  it('is assigned where there is none', () => {
    const decision = decide({ type: 'AssignOrdinary', assignment: assignmentOf(1) }, given());
    expect(decision).toEqual({ outcome: 'accepted', events: [assigned(1)] });
  });

  it('is told by office and day to whoever comes second', () => {
    const decision = decide({ type: 'AssignOrdinary', assignment: assignmentOf(2, '520201') }, given(assigned(1)));
    const issued = { type: 'issued', serial: serialOf(1), parity: 1, office: '520103', issuedOn: '2026-11-25' };
    expect(decision).toEqual({ outcome: 'rejected', rejection: issued });
  });

  it('is not assigned on paper for another child, or on what is no serial', () => {
    const other = { ...assignmentOf(1), serial: serialOf(1, 2) };
    expect(decide({ type: 'AssignOrdinary', assignment: other }, given())).toEqual({
      outcome: 'rejected',
      rejection: { type: 'wrongParity', parity: 2 },
    });
    const none = { ...assignmentOf(1), serial: 'GZ1-2026' };
    expect(decide({ type: 'AssignOrdinary', assignment: none }, given())).toEqual({
      outcome: 'rejected',
      rejection: { type: 'badSerial' },
    });
  });

  it('is free again once the stock did not have the serial', () => {
    const failure = { serial: serialOf(1), reason: 'notHeld' } as const;
    const failed = { type: 'OrdinaryCertificateFailed', data: failure } as const;
    expect(decide({ type: 'FailOrdinary', failure }, given(assigned(1)))).toEqual({
      outcome: 'accepted',
      events: [failed],
    });
    expect(decide({ type: 'AssignOrdinary', assignment: assignmentOf(2) }, given(assigned(1), failed))).toEqual({
      outcome: 'accepted',
      events: [assigned(2)],
    });
  });

  it('is void and replaced in one step, naming who had issued it and what it replaces', () => {
    const command = { type: 'ReplaceOrdinary', voiding: voidingOf(1), assignment: assignmentOf(2, '520201') } as const;
    const replacing = { ...assignmentOf(2, '520201'), replaces: serialOf(1) };
    expect(decide(command, given(assigned(1)))).toEqual({
      outcome: 'accepted',
      events: [
        { type: 'OrdinaryCertificateVoided', data: { ...voidingOf(1), office: '520103', parity: 1 } },
        { type: 'OrdinaryCertificateAssigned', data: replacing },
      ],
    });
    const same = { ...command, assignment: assignmentOf(1) };
    expect(decide(same, given(assigned(1)))).toEqual({ outcome: 'rejected', rejection: { type: 'used' } });
    expect(decide(command, given())).toEqual({ outcome: 'rejected', rejection: { type: 'notCurrent' } });
  });

  const n = fc.integer({ min: 1, max: 4 });
  const command: fc.Arbitrary<OrdinaryKind['command']> = fc.oneof(
    n.map((one) => ({ type: 'AssignOrdinary', assignment: assignmentOf(one) }) as const),
    fc.tuple(n, n).map(([old, one]) => ({
      type: 'ReplaceOrdinary' as const,
      voiding: voidingOf(old),
      assignment: assignmentOf(one),
    })),
    n.map((one) => ({ type: 'FailOrdinary', failure: { serial: serialOf(one), reason: 'notHeld' } }) as const),
    n.map((one) => ({ type: 'VoidOrdinary', voiding: voidingOf(one) }) as const),
  );

  type Book = { valid: Set<string>; dead: Set<string> };
  const book = ({ valid, dead }: Book, event: OrdinaryEvent): void => {
    const { serial } = event.data;
    if (event.type !== 'OrdinaryCertificateAssigned') {
      valid.delete(serial);
      if (event.type === 'OrdinaryCertificateVoided') dead.add(serial);
      return;
    }
    expect(dead).not.toContain(serial);
    expect([...dead, undefined]).toContain(event.data.replaces);
    valid.add(serial);
    expect(valid.size).toBe(1);
  };

  test.prop([fc.array(command, { maxLength: 25 })])(
    'is one at most whatever is asked, and what was replaced is void for good',
    (commands) => {
      let state = initialState;
      const books: Book = { valid: new Set(), dead: new Set() };
      for (const asked of commands) {
        const decision = decide(asked, state);
        for (const event of decision.outcome === 'accepted' ? decision.events : []) {
          book(books, event);
          state = evolve(state, event);
        }
      }
      expect(state.current?.serial).toBe([...books.valid][0]);
    },
  );
});
