import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { registrationDecider } from '#domain/registration/decide.ts';
import { scanLimits } from '#domain/registration/scans.ts';
import type { MadeRegistration } from '#domain/registration/state.ts';
import { folded } from '../../support/given.ts';
import { commands, histories, scanOf } from '../../support/registrations.ts';

const sizes = fc.integer({ min: 1, max: scanLimits.bytes });
const acts = fc.array(
  fc.oneof(
    sizes.map((size) => ({ size })),
    fc.nat(20).map((remove) => ({ remove })),
  ),
  { maxLength: 40 },
);

/** Attaches and removes as told, as far as is let. */
const walk = (steps: readonly ({ size: number } | { remove: number })[]): MadeRegistration => {
  let state = folded(registrationDecider, histories.submitted);
  for (const [n, step] of steps.entries()) {
    const command =
      'size' in step
        ? ({ type: 'AttachScan', scan: scanOf(`scan-${n}`, step.size) } as const)
        : ({ ...commands.RemoveScan, scan: `scan-${step.remove}` } as const);
    const decision = registrationDecider.decide(command, state);
    if (decision.outcome === 'accepted') state = decision.events.reduce(registrationDecider.evolve, state);
  }
  return state as MadeRegistration;
};

describe('scans of a registration', () => {
  test.prop([acts])('never are more, or larger together, than a registration takes', (steps) => {
    const { scans } = walk(steps);
    expect(scans.length).toBeLessThanOrEqual(scanLimits.count);
    expect(scans.reduce((sum, { size }) => sum + size, 0)).toBeLessThanOrEqual(scanLimits.together);
    expect(new Set(scans.map(({ scan }) => scan)).size).toBe(scans.length);
  });

  test('are taken up to the last that there is room for, and again once one was removed', () => {
    const small = Array.from({ length: 13 }, () => ({ size: 1 }));
    expect(walk(small).scans).toHaveLength(12);
    expect(walk([...small, { remove: 3 }, { size: 1 }]).scans.map(({ scan }) => scan)).toContain('scan-14');
  });

  test('are removed with a reason that says something', () => {
    const state = walk([{ size: 1 }]);
    const decision = registrationDecider.decide({ type: 'RemoveScan', scan: 'scan-0', reason: '.' }, state);
    expect(decision).toEqual({ outcome: 'rejected', rejection: { type: 'unreasoned' } });
  });
});
