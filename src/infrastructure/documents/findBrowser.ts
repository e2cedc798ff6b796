import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { unpackChromium } from './packagedChromium.ts';

/** How to start a browser (for puppeteer's `launch`), or the sentence that says why there is none and what to do. */
export type FoundBrowser = { executablePath: string; args: string[] } | { missing: string };

const run = promisify(execFile);

const NAMES = ['chrome-headless-shell', 'google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser'];

const INSTALLED_ELSEWHERE = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const FLAGS = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--font-render-hinting=none',
];

/** The first browser that starts: PUPPETEER_EXECUTABLE_PATH, one on this machine, the one inside the npm package. */
export const findBrowser = async (environment: NodeJS.ProcessEnv = process.env): Promise<FoundBrowser> => {
  const executablePath = await firstThatStarts(candidates(environment));
  if (executablePath !== undefined) return { executablePath, args: await flags() };
  const unpacked = await unpackChromium();
  if ('missing' in unpacked) return unpacked;
  if (await starts(unpacked.executablePath)) return { ...unpacked, args: await flags() };
  return {
    missing: `The packaged Chromium does not start here (${unpacked.executablePath}). Install Chrome or Chromium, or set PUPPETEER_EXECUTABLE_PATH.`,
  };
};

const candidates = (environment: NodeJS.ProcessEnv): string[] => {
  const named = environment['PUPPETEER_EXECUTABLE_PATH'];
  const folders = (environment['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...(named ? [named] : []), ...onPath, ...INSTALLED_ELSEWHERE];
};

const firstThatStarts = async (paths: readonly string[]): Promise<string | undefined> => {
  for (const path of paths) if (await starts(path)) return path;
  return undefined;
};

// Asked for its version because Ubuntu's chromium-browser is a script that only says to install a snap.
const starts = async (path: string): Promise<boolean> => {
  try {
    await access(path, constants.X_OK);
    if (process.platform !== 'win32') await run(path, ['--version'], { timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
};

const flags = async (): Promise<string[]> => ((await sandboxWorks()) ? FLAGS : ['--no-sandbox', ...FLAGS]);

// Chromium's sandbox refuses root and needs user namespaces, which containers often forbid: then it would not start.
const sandboxWorks = async (): Promise<boolean> => {
  if (process.platform !== 'linux') return true;
  if (process.getuid?.() === 0) return false;
  return run('unshare', ['--user', '--map-root-user', '--net', 'true'], { timeout: 5_000 }).then(
    () => true,
    () => false,
  );
};
