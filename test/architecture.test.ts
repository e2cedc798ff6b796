import { describe, expect, test } from 'vitest';
import { roomOf, violationsIn } from './support/architectureRules.ts';
import { filesUnder } from './support/sourceFiles.ts';

const MOST_LINES = 300;
const MOST_FOLDERS = 4;
const code = filesUnder(['src', 'web'], /\.(ts|js|mjs)$/);
const everything = filesUnder(['src', 'web', 'test', 'scripts'], /./);

describe('the architecture that the files really have', () => {
  test.each(['domain', 'projections', 'application', 'infrastructure', 'web', 'root'])(
    'has scanned files of %s',
    (room) => {
      expect(code.filter(({ path }) => roomOf(path) === room)).not.toEqual([]);
    },
  );

  test('imports along the arrows, is told time and chance, and decides every case', () => {
    expect(code.flatMap(violationsIn)).toEqual([]);
  });

  test(`has no file of code above ${MOST_LINES} lines`, () => {
    const lengths = code.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    expect(lengths.filter(({ lines }) => lines > MOST_LINES)).toEqual([]);
  });

  test('opens nothing sealed about people on the sites: queries do, and record who looks (S6)', () => {
    const opening =
      /sealing\.open\(|#application\/(opened|accountOpened|handleCommand)\.ts'|\bdecode\b.* from '#application/;
    const lines = code
      .filter(({ path }) => roomOf(path) === 'web')
      .flatMap(({ path, text }) => text.split('\n').map((line) => `${path}: ${line}`));
    expect(lines.filter((line) => opening.test(line) && !line.includes('import type'))).toEqual([]);
    expect(opening.test("import { openData } from '#application/opened.ts';")).toBe(true);
  });

  test(`has no folder deeper than ${MOST_FOLDERS}`, () => {
    expect(everything.map(({ path }) => path).filter((path) => path.split('/').length - 1 > MOST_FOLDERS)).toEqual([]);
  });
});

describe('the rules themselves', () => {
  test.each([
    ['src/domain/a.ts', `import { readFile } from 'node:fs';`],
    ['src/domain/a.ts', `import type { Clock } from '#application/ports.ts';`],
    ['src/domain/people/a.ts', `export { find } from '../../projections/inbox.ts';`],
    ['src/domain/a.ts', `import 'fastify';`],
    ['src/domain/a.ts', `type Key = import('node:crypto').KeyObject;`],
    ['src/domain/a.ts', 'switch (kind) {\n  case 1:\n    break;\n  default:\n    break;\n}'],
    ['src/projections/a.ts', `import { handle } from '#application/handleCommand.ts';`],
    ['src/application/a.ts', `const store = await import('#infrastructure/sqlite/eventStore.ts');`],
    ['src/application/reactions/a.ts', `import { DatabaseSync } from 'node:sqlite';`],
    ['src/application/a.ts', `import {\n  one,\n  two,\n} from '../main.ts';`],
    ['src/infrastructure/a.ts', `import { page } from '#web/routes/page.ts';`],
    ['web/routes/a.ts', `import { find } from '../../src/infrastructure/sqlite/viewStore.ts';`],
    ['web/routes/a.ts', `import { given } from '../../test/support/given.ts';`],
    ['web/routes/a.ts', 'const now = new Date();'],
    ['src/application/a.ts', 'const now = Date.now();'],
    ['src/projections/a.ts', 'const chance = Math.random();'],
    ['src/domain/a.ts', 'const id = crypto.randomUUID();'],
    ['src/elsewhere/a.ts', ''],
  ])('find what is planted in %s: %s', (path, text) => {
    expect(violationsIn({ path, text })).toHaveLength(1);
  });

  test.each([
    ['src/domain/a.ts', `import { z } from 'zod';\n// not Date.now()\nconst day = new Date(Date.UTC(2026, 0, 1));`],
    ['src/domain/a.ts', `const glob = 'a/*'; /* import x from 'node:fs' */ import { b } from './people/b.ts';`],
    [
      'src/application/a.ts',
      `import { fold } from '#projections/projection.ts';\nimport type { K } from 'node:crypto';`,
    ],
    ['src/infrastructure/sqlite/a.ts', `import type { EventStore } from '#application/ports.ts';\nDate.now();`],
    ['web/routes/a.ts', `import { queries } from '#application/queries.ts';\nconst at = new Date(clock());`],
    ['web/assets/inbox.js', 'const now = Date.now();'],
    ['src/main.ts', `import { managementSite } from '#web/managementSite.ts';`],
    ['src/demo/people.ts', `import { open } from '#infrastructure/sqlite/open.ts';`],
  ])('leave alone what keeps to them in %s', (path, text) => {
    expect(violationsIn({ path, text })).toEqual([]);
  });
});
