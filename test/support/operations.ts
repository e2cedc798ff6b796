import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { RecordedEvent } from '#application/ports.ts';
import { openEventStore } from '#infrastructure/sqlite/eventStore.ts';
import type { Running } from './application.ts';
import { declarationOf } from './declarations.ts';

const programs = join(import.meta.dirname, '../../src/operations');
const compiled = join(import.meta.dirname, '../../node_modules/.cache/compiled');

/** Starts a program of an operator over a data directory; `settings` are further environment variables. */
export const startProgram = (
  name: string,
  directory: string,
  options: readonly string[] = [],
  settings: Record<string, string> = {},
): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [join(programs, `${name}.ts`), ...options], {
    env: { ...process.env, NODE_COMPILE_CACHE: compiled, DATA_DIR: directory, DEMO: '0', ...settings },
  });

/** How it ended and all that it said. */
export const endOf = async (child: ChildProcessWithoutNullStreams): Promise<{ code: number | null; said: string }> => {
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
  return { code: code as number | null, said };
};

/** Runs such a program to its end. */
export const runProgram = (...args: Parameters<typeof startProgram>) => endOf(startProgram(...args));

/** Submits couples of one village, one after another. */
export const submitCouples = async (app: Running, from: number, count: number): Promise<void> => {
  const { applicant, deps } = app.services;
  const [village] = deps.divisions.search('贵筑', { level: 'village', limit: 1 });
  for (let n = from; n < from + count; n += 1) {
    const done = await applicant.submit(deps.ids(), declarationOf(village?.code ?? '', n), { commandId: deps.ids() });
    if (done.outcome !== 'done') throw new Error(JSON.stringify(done));
  }
};

/** Submits couples for as long as a program runs; how many there then are. */
export const submitWhile = async (app: Running, child: ChildProcessWithoutNullStreams, from: number) => {
  let count = from;
  while (child.exitCode === null && count < 220) {
    await submitCouples(app, count, 1);
    count += 1;
  }
  return count;
};

/** All events of an embedded log. */
export const eventsIn = async (directory: string): Promise<readonly RecordedEvent[]> => {
  const log = await openEventStore({ directory, readOnly: true });
  try {
    return await log.readAll(0, 1_000_000);
  } finally {
    await log.close();
  }
};

/** A folder for one test, and how it is removed. */
export const temporaryFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'operations-'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
};
