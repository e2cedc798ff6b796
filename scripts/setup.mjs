// Brings node_modules to what package-lock.json says. Plain JavaScript: a newcomer's own Node (20 or later) runs it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const WANTED_NODE = 24;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.setup-stamp');
const platform = `${process.platform}-${process.arch}`;
const lockHash = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex');
const wantedStamp = `${lockHash} ${platform}\n`;

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wantedStamp) {
  install();
  requireNode();
  writeFileSync(stamp, wantedStamp);
}

function install() {
  console.log('正在安装依赖（npm ci，约半分钟） · Installing what is missing (npm ci, about half a minute) …');
  const options = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const { error, status } = npm([...options, '--loglevel=error']);
  if (error) fail(`找不到 npm（${error.message}）。`, 'npm was not found. Install Node.js with npm, then try again.');
  if (status !== 0) {
    fail(
      `npm ci 没有完成（退出码 ${status}），原因见上。请检查网络或代理（npm ping）后重试。`,
      'npm ci did not finish; the reason stands above. Check the network or proxy with "npm ping", then run the same ' +
        'command again. After editing package.json, run "npm install" once to bring the lock file along.',
    );
  }
}

// npm's own script under the running Node where npm started us: the same on every platform, no shell in between.
function npm(options) {
  const script = process.env.npm_execpath;
  const env = homedir() === '' ? { ...process.env, npm_config_cache: join(tmpdir(), 'npm-cache') } : process.env;
  const how = { cwd: root, env, stdio: 'inherit' };
  if (script?.endsWith('.js')) return spawnSync(process.execPath, [script, ...options], how);
  return spawnSync('npm', options, { ...how, shell: process.platform === 'win32' });
}

// npm scripts find node_modules/.bin/node first, so one that cannot run here (musl, an old glibc) has to go.
function requireNode() {
  const links = ['node', 'node.cmd', 'node.ps1'].map((name) => join(modules, '.bin', name));
  const packaged = join(modules, `node-${platform.replace('win32', 'win')}`, 'bin', 'node');
  if (runs(process.platform === 'win32' ? `${packaged}.exe` : packaged)) return;
  for (const link of links) rmSync(link, { force: true });
  if (majorOf(runs('node')) >= WANTED_NODE) return;
  fail(
    `npm 上没有适用于 ${platform} 的 Node ${WANTED_NODE}，本机的 Node 又太旧（${process.version}）。`,
    `There is no Node ${WANTED_NODE} package for ${platform}, and this machine's Node is older. ` +
      `Install Node ${WANTED_NODE} from https://nodejs.org, then run the same command again.`,
  );
}

/** The version that a Node answers with, or undefined where it cannot run. */
function runs(node) {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : undefined;
}

function majorOf(version) {
  return Number.parseInt(version?.slice(1) ?? '0', 10);
}

function fail(chinese, english) {
  console.error(`${chinese}\n${english}`);
  process.exit(1);
}
