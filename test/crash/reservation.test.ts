import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { coupleOf, spelt } from '../support/couples.ts';
import { openSubmitter } from '../support/submitter.ts';

const data = coupleOf(7, '520111004001');
const late = { id: '019f0000-0000-7000-8000-000000000100', commandId: '019f0000-0000-7000-8000-000000000200' };

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'reservation-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

/** Starts a process that stops between reservation and submission; resolves once the reservation is durable. */
const reserving = async () => {
  const child = spawn(
    process.execPath,
    [
      join(import.meta.dirname, '../support/reserveAndStop.ts'),
      ...[directory, late.id, late.commandId, JSON.stringify(data)],
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = once(child, 'exit');
  for await (const line of createInterface(child.stdout)) if (line === 'reserved') break;
  return {
    kill: async () => {
      child.kill('SIGKILL');
      await exited;
      return child.signalCode;
    },
  };
};

describe('a process killed between the reservation of a couple and its submission', () => {
  it('leaves a couple that registers with the next process, and its own submission can never come', async () => {
    const dead = await reserving();
    expect(await dead.kill()).toBe('SIGKILL');

    const { services, log, close } = await openSubmitter(directory);
    const { applicant, deps } = services;
    const before = await log.readAll(0, 100);
    expect(before.map(({ type }) => type)).toEqual(['CoupleReserved.v1']);
    expect(before[0]?.data).toEqual({ registrationId: late.id });

    const submissions = await Promise.all(
      (['plain', 'wide', 'blanks'] as const).map((how) =>
        applicant.submit(deps.ids(), spelt(data, how), { commandId: deps.ids() }),
      ),
    );
    expect(submissions.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'duplicate', 'duplicate']);

    const again = await applicant.submit(late.id, data, { commandId: late.commandId });
    expect(again).toMatchObject({ outcome: 'duplicate', office: '520111004' });
    const types = (await log.readAll(0, 100)).map(({ type }) => type);
    expect(types.filter((type) => type === 'Submitted.v1')).toHaveLength(1);
    expect(types.filter((type) => type === 'SubmissionAbandoned.v1')).toHaveLength(1);
    await close();
  });

  it('leaves a couple whose own submission goes on, where it is the first to be sent again', async () => {
    await (await reserving()).kill();
    const { services, log, close } = await openSubmitter(directory);
    const again = await services.applicant.submit(late.id, data, { commandId: late.commandId });
    expect(again).toMatchObject({ outcome: 'done', repeated: false, state: { status: 'submitted' } });
    expect((await log.readAll(0, 100)).map(({ type }) => type)).toEqual(['CoupleReserved.v1', 'Submitted.v1']);
    await close();
  });

  it('while it only hangs, is fenced off by another process after a while', async () => {
    const hanging = await reserving();
    const { services, log, close } = await openSubmitter(directory);
    const { applicant, deps } = services;
    const other = await applicant.submit(deps.ids(), data, { commandId: deps.ids() });
    expect(other.outcome).toBe('done');
    const [first] = await log.readStream(`registration-${late.id}`);
    expect(first?.type).toBe('SubmissionAbandoned.v1');
    await hanging.kill();
    await close();
  });
});
