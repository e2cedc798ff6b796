import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { checkpointDecider } from '#domain/log/decide.ts';
import type { CheckpointSigned } from '#domain/log/events.ts';
import { given } from '../../support/given.ts';

const checkpointOf = (number: number, size: number): CheckpointSigned['data'] => ({
  number,
  origin: 'registration.test/log',
  size,
  root: 'cm9vdA==',
  signature: 'c2lnbmF0dXJl',
});
const signedOf = (data: CheckpointSigned['data']): CheckpointSigned => ({ type: 'CheckpointSigned', data });
const sign = (checkpoint: CheckpointSigned['data'], before?: CheckpointSigned['data']) =>
  ({ type: 'SignCheckpoint', checkpoint, before }) as const;

describe('signing a checkpoint', () => {
  it('given no other, when the log has events, then it is signed', () => {
    given(checkpointDecider, [])
      .when(sign(checkpointOf(1, 1)))
      .thenHappened(signedOf(checkpointOf(1, 1)));
    given(checkpointDecider, [])
      .when(sign(checkpointOf(1, 0)))
      .thenRefused({ type: 'nothingNew' });
  });

  it('given that the number is signed, when another signs it, then it is taken', () => {
    given(checkpointDecider, [signedOf(checkpointOf(1, 4))])
      .when(sign(checkpointOf(1, 9)))
      .thenRefused({ type: 'taken' });
  });

  it('given one of another log, when it is signed after that, then it is refused', () => {
    const before = { ...checkpointOf(1, 4), origin: 'elsewhere.test/log' };
    given(checkpointDecider, [])
      .when(sign(checkpointOf(2, 9), before))
      .thenRefused({ type: 'otherOrigin' });
  });

  test.prop([fc.nat(1000), fc.nat(1000)])('covers the checkpoint before it and something besides', (first, size) => {
    const decision = checkpointDecider.decide(sign(checkpointOf(2, size), checkpointOf(1, first)), {
      status: 'absent',
    });
    expect(decision.outcome).toBe(size > first + 1 ? 'accepted' : 'rejected');
  });
});
