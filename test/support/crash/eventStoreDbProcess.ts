import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Ferretdb } from '../ferretdb.ts';

/** A server as a process: killed, started on the same address over what it had, stopped and let go on. */
export type Engine = Ferretdb;

const program = join(import.meta.dirname, 'eventStoreDbProgram.ts');

const launch = async (journal: string, port: string) => {
  const child: ChildProcess = spawn(process.execPath, [program, journal, port], { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('The stand-in has no output to say where it listens.');
  for await (const line of createInterface(child.stdout)) return { child, url: line };
  throw new Error('The stand-in ended before it listened.');
};

/** Starts the stand-in for EventStoreDB as a process of its own; what it acknowledged outlives it. */
export const startEventStoreDb = async (): Promise<Engine> => {
  const directory = mkdtempSync(join(tmpdir(), 'eventstoredb-'));
  const journal = join(directory, 'journal');
  let { child, url } = await launch(journal, '0');
  const port = new URL(url.replace('esdb:', 'http:')).port;
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url,
    kill,
    start: async () => {
      ({ child, url } = await launch(journal, port));
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    dispose: async () => {
      await kill();
      rmSync(directory, { recursive: true });
    },
  };
};
