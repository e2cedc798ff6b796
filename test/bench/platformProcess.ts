import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

const root = join(import.meta.dirname, '../..');

/** A server in a process of its own. */
export type ServerProcess = { child: ChildProcess; url: string; stop: () => Promise<void> };

/** The platform as `npm start` starts it, with how long that took until both sites answered. */
export type PlatformProcess = ServerProcess & { managementUrl: string; startMs: number };

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** Waits until a page answers; rejects where the process has ended instead. */
const answers = async (child: ChildProcess, url: string): Promise<void> => {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode} before it answered.`);
    const status = await fetch(url, { redirect: 'manual' }).then(
      (response) => response.status,
      () => 0,
    );
    if (status > 0 && status < 500) return;
    await wait(5);
  }
};

const stopping = (child: ChildProcess) => async (): Promise<void> => {
  child.kill('SIGTERM');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
};

/** Starts the platform on a data directory, both sites on free ports, and waits until both answer. */
export const startPlatformProcess = async (dataDir: string): Promise<PlatformProcess> => {
  const [publicPort, managementPort] = [await freePort(), await freePort()];
  const started = performance.now();
  const child = spawn(process.execPath, ['src/main.ts'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: 'node_modules/.cache/compiled',
      DATA_DIR: dataDir,
      PUBLIC_PORT: String(publicPort),
      MANAGEMENT_PORT: String(managementPort),
      // The load comes from many addresses, as it does in life: each may submit so often only.
      TRUSTED_PROXIES: '127.0.0.1',
    },
  });
  const [url, managementUrl] = [`http://127.0.0.1:${publicPort}`, `http://127.0.0.1:${managementPort}`];
  await Promise.all([answers(child, url), answers(child, managementUrl)]);
  return { child, url, managementUrl, startMs: performance.now() - started, stop: stopping(child) };
};

/** Starts a bench server that takes a data directory and a port. */
export const startServerProcess = async (script: string, dataDir: string): Promise<ServerProcess> => {
  const port = await freePort();
  const child = spawn(process.execPath, [join(import.meta.dirname, script), dataDir, String(port)], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`;
  await answers(child, url);
  return { child, url, stop: stopping(child) };
};

/** Memory that a process holds, in MB; NaN where the system does not tell. */
export const residentMb = ({ pid }: ChildProcess): number => {
  try {
    const [, kb] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return Math.round(Number(kb) / 1024);
  } catch {
    return Number.NaN;
  }
};
