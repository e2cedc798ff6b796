import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Random } from '../../../src/demo/random.ts';

/** Where a running process answers. */
export type Urls = { publicUrl: string; managementUrl: string };

/** A process of the program that dies, stops and goes on at a test's command. */
export type AppProcess = {
  pid: number;
  /** Resolves once both sites answer; rejects with what it said where it ended before. */
  ready: Promise<Urls>;
  /** Whether it was told to end, or ended. */
  over: () => boolean;
  /** Ends it at once (SIGKILL), also while it is stopped. */
  kill: () => Promise<void>;
  /** Lets it finish (SIGTERM). */
  stop: () => Promise<void>;
  pause: () => void;
  resume: () => void;
  /** Resolves with code or signal once it has ended. */
  ended: Promise<number | NodeJS.Signals | null>;
  said: () => string;
};

const repository = join(import.meta.dirname, '../../..');
const keptOfOutput = 40_000;
const startWithinMs = 60_000;

const environment = (given: Readonly<Record<string, string | undefined>>): NodeJS.ProcessEnv => {
  const { EVENT_STORE_URL: _, VIEW_STORE_URL: __, ...inherited } = process.env;
  return {
    ...inherited,
    NODE_COMPILE_CACHE: join(repository, 'node_modules/.cache/compiled'),
    PUBLIC_PORT: '0',
    MANAGEMENT_PORT: '0',
    TRUSTED_PROXIES: '127.0.0.1',
    LOG_LEVEL: 'warn',
    ...given,
  };
};

const urlsIn = (output: string): Urls | undefined => {
  const [, publicUrl] = /Public site\s+(\S+)/.exec(output) ?? [];
  const [, managementUrl] = /Management site\s+(\S+)\n/.exec(output) ?? [];
  if (publicUrl === undefined || managementUrl === undefined) return undefined;
  return { publicUrl: numeric(publicUrl), managementUrl: numeric(managementUrl) };
};

// `localhost` may be looked up as ::1 first.
const numeric = (url: string): string => url.replace('localhost', '127.0.0.1');

const listening = async (child: ChildProcess, said: () => string): Promise<Urls> => {
  for (const end = Date.now() + startWithinMs; Date.now() < end; await wait(5)) {
    const urls = urlsIn(said());
    if (urls !== undefined) return urls;
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The process ended: ${said()}`);
  }
  throw new Error(`The process did not start within ${startWithinMs} ms: ${said()}`);
};

/** Starts `src/main.ts` with these settings on ports of its own; it believes what tests forward of their addresses. */
export const startApp = (
  settings: Readonly<Record<string, string | undefined>>,
  program = 'src/main.ts',
): AppProcess => {
  const child = spawn(process.execPath, [program], { cwd: repository, env: environment(settings) });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-keptOfOutput);
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null);
  const ready = listening(child, () => output);
  ready.catch(() => undefined);
  const orphan = (): void => void child.kill('SIGKILL');
  process.once('exit', orphan);
  void ended.then(() => process.off('exit', orphan));
  let told = false;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    told = true;
    child.kill(signal);
    await ended;
  };
  return {
    pid: child.pid ?? 0,
    ready,
    ended,
    over: () => told || child.exitCode !== null || child.signalCode !== null,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    said: () => output,
  };
};

/** Where any of these processes answers, waited for while none of them does. */
export const anyOf =
  (running: () => readonly AppProcess[]) =>
  async (random: Random): Promise<Urls> => {
    for (;;) {
      const up = running().filter((one) => !one.over());
      const chosen = up[random.below(up.length)];
      const urls = await chosen?.ready.catch(() => undefined);
      if (urls !== undefined && chosen?.over() === false) return urls;
      await wait(20);
    }
  };
