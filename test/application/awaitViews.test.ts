import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { viewProgress } from '#application/awaitViews.ts';

const bound = 8000;

/** Time that passes when the test says so, each time after everything else has had its turn. */
const standingClock = () => {
  const waiting = new Map<number, () => void>();
  return {
    wait: (ms: number) => new Promise<void>((resolve) => void waiting.set(ms, resolve)),
    pass: async (ms: number) => {
      await setImmediate();
      waiting.get(ms)?.();
    },
  };
};

describe('waiting for views', () => {
  it('ends as soon as they have come so far here', async () => {
    const { wait } = standingClock();
    const progress = viewProgress(wait, bound);
    const reached = progress.until(['inbox', 'search'], 7);
    progress.moved('inbox', 9);
    progress.moved('search', 7);
    expect(await reached).toBe(true);
  });

  it('ends without them at the bound', async () => {
    const { wait, pass } = standingClock();
    const progress = viewProgress(wait, bound);
    const reached = progress.until(['inbox'], 7);
    progress.moved('inbox', 6);
    await pass(bound);
    expect(await reached).toBe(false);
  });

  it('asks the store once more where this process was stopped until the bound had passed', async () => {
    const { wait, pass } = standingClock();
    let carried = 6;
    const elsewhere = { carried: () => false, checkpoint: async () => carried };
    const progress = viewProgress(wait, bound, elsewhere);
    const reached = progress.until(['inbox'], 7);
    carried = 8;
    await pass(bound);
    expect(await reached).toBe(true);
  });

  it('gives up at the bound although the store never answers', async () => {
    const { wait, pass } = standingClock();
    const elsewhere = { carried: () => true, checkpoint: () => new Promise<number>(() => undefined) };
    const progress = viewProgress(wait, bound, elsewhere);
    const reached = progress.until(['inbox'], 7);
    await pass(bound);
    await pass(500);
    expect(await reached).toBe(false);
  });
});
