import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';

const require = createRequire(import.meta.url);

const ARCHIVES = ['chromium.br', 'fonts.tar.br', 'al2023.tar.br', 'swiftshader.tar.br'];

/**
 * Unpacks the Chromium inside @sparticuz/chromium once (two seconds, 210 MB) beside the installed packages.
 * Its folder is private: the package's own place, /tmp/chromium, would run whatever someone else put there.
 */
export const unpackChromium = async (): Promise<{ executablePath: string } | { missing: string }> => {
  if (process.platform !== 'linux' || process.arch !== 'x64') return missing(`none for ${process.platform}`);
  try {
    const archives = join(dirname(require.resolve('@sparticuz/chromium')), '..', 'bin');
    const home = join(nodeModulesOf(archives), '.cache', `packaged-chromium-${await versionOf(archives)}`);
    if (!existsSync(join(home, 'start'))) await unpackInto(home, archives);
    return { executablePath: join(home, 'start') };
  } catch (failure) {
    return missing(String(failure));
  }
};

const missing = (why: string) => ({
  missing: `No browser found, and the packaged one cannot be used (${why}). Install Chrome or Chromium, or set PUPPETEER_EXECUTABLE_PATH.`,
});

const nodeModulesOf = (path: string): string => {
  const mark = `${sep}node_modules${sep}`;
  return resolve(path.slice(0, path.lastIndexOf(mark) + mark.length));
};

const versionOf = async (archives: string): Promise<string> => {
  const { version } = JSON.parse(await readFile(join(archives, '..', 'package.json'), 'utf8')) as { version: string };
  return version;
};

// Unpacked aside and renamed, so that processes that start together never see half a browser.
const unpackInto = async (home: string, archives: string): Promise<void> => {
  await mkdir(dirname(home), { recursive: true });
  const aside = await mkdtemp(`${home}-`);
  try {
    await inflateAll(archives, aside);
    await writeFile(join(aside, 'fonts.conf'), FONTS);
    await writeFile(join(aside, 'start'), START);
    // Everybody may run it, nobody but its owner may change it.
    for (const name of ['start', 'chromium', '.']) await chmod(join(aside, name), 0o755);
    await rename(aside, home);
  } catch (failure) {
    await rm(aside, { recursive: true, force: true });
    if (!existsSync(join(home, 'start'))) throw failure;
  }
};

const inflateAll = async (archives: string, target: string): Promise<void> => {
  const { inflate } = await import('@sparticuz/chromium');
  const usual = process.env['TMPDIR'];
  // `inflate` takes its target from os.tmpdir() while it is being called, so nobody else sees the change.
  process.env['TMPDIR'] = target;
  const inflating = ARCHIVES.map((archive) => inflate(join(archives, archive)));
  if (usual === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = usual;
  await Promise.all(inflating);
};

// Its own libraries for it alone, not for whatever else this process starts.
const START = `#!/bin/sh
here=\${0%/*}
export LD_LIBRARY_PATH="$here/al2023/lib" FONTCONFIG_FILE="$here/fonts.conf" XDG_CACHE_HOME="$here/cache"
export HOME="\${HOME:-$here}"
exec "$here/chromium" "$@"
`;

const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;
