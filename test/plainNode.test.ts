import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { filesUnder } from './support/sourceFiles.ts';

/** Strips the types of each file as Node does, and has its own parser read what is left; prints what cannot be read. */
const reading = `
  import { readFileSync } from 'node:fs';
  import { stripTypeScriptTypes } from 'node:module';
  import { SourceTextModule } from 'node:vm';
  const unread = [];
  for (const path of process.argv.slice(1)) {
    try {
      new SourceTextModule(stripTypeScriptTypes(readFileSync(path, 'utf8')));
    } catch (fault) {
      unread.push(path + ': ' + fault.message);
    }
  }
  console.log(JSON.stringify(unread));
`;
const options = ['--no-warnings', '--experimental-vm-modules', '--input-type=module', '--eval', reading];

const unreadIn = async (paths: readonly string[]): Promise<readonly string[]> =>
  JSON.parse((await promisify(execFile)(process.execPath, [...options, ...paths])).stdout);

describe('plain Node, which runs the program,', () => {
  test('reads every file, whatever the tools that run the tests forgive', async () => {
    const paths = filesUnder(['src', 'web'], /\.ts$/).map(({ path }) => path);
    expect(paths.length).toBeGreaterThan(100);
    expect(await unreadIn(paths)).toEqual([]);
  });
});
