import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const source = join(import.meta.dirname, '../servers/ferretdb');
const cache = join(import.meta.dirname, '../../node_modules/.cache/ferretdb');
const withGo = { ...process.env, PATH: `${process.env['PATH']}${delimiter}/usr/local/go/bin` };

/** A server that speaks MongoDB's protocol; `kill`, `start`, `pause` and `resume` do to it what befalls servers. */
export type Ferretdb = {
  url: string;
  kill: () => Promise<void>;
  start: () => Promise<void>;
  pause: () => void;
  resume: () => void;
  dispose: () => Promise<void>;
};

/** Building takes minutes the first time, so a newcomer's `npm test` does without: CI and `npm run test:stores` build. */
const mayBuild = process.env['CI'] !== undefined || process.env['BUILD_SERVERS'] !== undefined;

/** The program of `test/servers/ferretdb`, built where its source changed; rejects where it is not built and may not be. */
export const builtFerretdb = async (): Promise<string> => {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'go.sum', 'main.go']) hash.update(readFileSync(join(source, file)));
  const program = join(cache, `ferretdb-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(program)) return program;
  if (!mayBuild) throw new Error('it is not built yet: npm run test:stores builds it, with Go 1.22 or later');
  mkdirSync(cache, { recursive: true });
  const draft = `${program}.${process.pid}`;
  const args = ['build', '-buildvcs=false', '-tags', 'ferretdb_no_postgresql', '-o', draft, '.'];
  await promisify(execFile)('go', args, { cwd: source, env: withGo });
  renameSync(draft, program);
  return program;
};

/** Starts the program on a free port over a directory of its own. It ends with this process, however that ends. */
export const startFerretdb = async (program: string): Promise<Ferretdb> => {
  const directory = mkdtempSync(join(tmpdir(), 'ferretdb-'));
  let { child, address } = await launch(program, directory, '127.0.0.1:0');
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };
  return {
    url: `mongodb://${address}/contract`,
    kill,
    start: async () => {
      ({ child, address } = await launch(program, directory, address));
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    dispose: async () => {
      await kill();
      rmSync(directory, { recursive: true });
    },
  };
};

/** Resolves once the server listens: it then says where. */
const launch = async (program: string, directory: string, listen: string) => {
  const args = ['-listen', listen, '-directory', directory, '-until-stdin-ends'];
  const child: ChildProcess = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  if (child.stdout === null) throw new Error('The server has no output to say where it listens.');
  for await (const line of createInterface(child.stdout)) {
    const [, address] = /^mongodb:\/\/([^/]+)\//.exec(line) ?? [];
    if (address !== undefined) return { child, address };
  }
  throw new Error(`${program} ended before it listened.`);
};
