import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { annotatedFlags, type BornChild, birthFaults, liveBornIn } from '#domain/registration/births.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { MadeRegistration } from '#domain/registration/state.ts';
import { folded, given } from '../../support/given.ts';
import { commands, data, histories } from '../../support/registrations.ts';

const { AnnotateBirth, CorrectAnnotation } = commands;
const { office, parity } = folded(registrationDecider, histories.registered) as MadeRegistration;
const annotated = given(registrationDecider, histories.registered).when(AnnotateBirth).history();
const refusal = (command: typeof AnnotateBirth | typeof CorrectAnnotation, events = annotated) => {
  const decision = registrationDecider.decide(command, folded(registrationDecider, events));
  return decision.outcome === 'rejected' ? decision.rejection : decision.outcome;
};

describe('the birth of a registration (M2)', () => {
  it('is annotated with each child, and those born alive are counted', () => {
    const [girl] = AnnotateBirth.children;
    const twins = [girl, { ...girl, outcome: 'stillborn' }] as readonly BornChild[];
    const decision = registrationDecider.decide(
      { ...AnnotateBirth, children: twins },
      folded(registrationDecider, histories.registered),
    );
    expect(decision).toMatchObject({
      outcome: 'accepted',
      events: [{ type: 'BirthAnnotated', data: { office, parity, liveBorn: 1, personal: { children: twins } } }],
    });
  });

  it('is annotated once: another institution is told who did', () => {
    expect(refusal({ ...AnnotateBirth, institution: '520103-H01' })).toEqual({
      type: 'alreadyAnnotated',
      institution: '520111-H01',
      annotatedOn: '2027-03-02',
    });
  });

  it('is corrected with a reason by the institution that annotated it, and by no other', () => {
    expect(refusal(CorrectAnnotation)).toBe('accepted');
    expect(refusal({ ...CorrectAnnotation, institution: '520103-H01' })).toMatchObject({ type: 'alreadyAnnotated' });
    expect(refusal({ ...CorrectAnnotation, reason: '.' })).toEqual({ type: 'unreasoned' });
    expect(refusal({ ...CorrectAnnotation, children: AnnotateBirth.children })).toEqual({ type: 'unchanged' });
  });

  it('is corrected after a revocation too, since its children go on counting', () => {
    const revoked = given(registrationDecider, annotated).when(commands.Revoke).history();
    expect(refusal(CorrectAnnotation, revoked)).toBe('accepted');
    expect(refusal(AnnotateBirth, revoked)).toMatchObject({ type: 'untimely' });
  });

  it('a correction tells what counted before and counts now', () => {
    const [child] = AnnotateBirth.children;
    const children = [{ ...child, outcome: 'stillborn' }] as readonly BornChild[];
    const decision = registrationDecider.decide(
      { ...CorrectAnnotation, children },
      folded(registrationDecider, annotated),
    );
    expect(decision).toMatchObject({
      events: [
        {
          data: {
            office,
            parity,
            liveBorn: 0,
            fromLiveBorn: 1,
            annotatedOn: '2027-03-02',
            changed: ['births.0.outcome'],
          },
        },
      ],
    });
  });

  it.each([
    ['2027-03-03', 'inFuture'],
    ['2026-08-01', 'tooEarly'],
  ])('on %s is implausible: %s', (bornOn, rule) => {
    const children = [{ bornOn, sex: 'male', outcome: 'live' }] as const;
    expect(refusal({ ...AnnotateBirth, children }, histories.registered)).toEqual({
      type: 'birthsImplausible',
      faults: [{ child: 0, field: 'bornOn', rule }],
    });
  });

  const day = fc.integer({ min: 1, max: 28 }).map((n) => `2027-02-${String(n).padStart(2, '0')}`);
  test.prop([fc.array(day, { minLength: 1, maxLength: 9 })])('lasts three days at most', (days) => {
    const children = days.map((bornOn) => ({ bornOn, sex: 'female', outcome: 'live' }) as const);
    const numbers = days.map((bornOn) => Number(bornOn.slice(8)));
    const late = numbers.filter((n) => n > Math.min(...numbers) + 3).length;
    expect(birthFaults(children, { submittedOn: '2026-11-24', today: '2027-03-02' })).toHaveLength(late);
    expect(liveBornIn(children)).toBe(days.length);
  });
});

describe('the children that a couple declares', () => {
  it.each([
    [0, 1, ['fewerChildrenThanAnnotated']],
    [1, 1, []],
    [2, 1, []],
    [0, 0, []],
  ])('are %i where %i were annotated: %j', (declaredCount, bornBefore, rules) => {
    const children = Array.from({ length: declaredCount }, () => ({})) as never;
    expect(annotatedFlags({ ...data, children }, bornBefore).map(({ rule }) => rule)).toEqual(rules);
  });

  it('are told to the reviewer as a flag, and block nothing', () => {
    const decision = registrationDecider.decide({ ...commands.Submit, bornBefore: 1 }, { status: 'absent' });
    expect(decision).toMatchObject({ outcome: 'accepted' });
    expect(JSON.stringify(decision)).toContain('fewerChildrenThanAnnotated');
  });
});
