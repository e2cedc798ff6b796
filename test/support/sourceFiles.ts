import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the project: its path from the root with `/`, and its text. */
export type SourceFile = { path: string; text: string };

const root = fileURLToPath(new URL('../..', import.meta.url));

const ALIASES: Record<string, string> = {
  '#domain/': 'src/domain/',
  '#application/': 'src/application/',
  '#projections/': 'src/projections/',
  '#infrastructure/': 'src/infrastructure/',
  '#web/': 'web/',
};

const TOKENS = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g;
const IMPORTS = /\b(?:from\s*|import\s*\(\s*|import\s+|require\(\s*)(['"])([^'"\n]+)\1/g;

/** Every file under the named folders whose name matches. */
export const filesUnder = (folders: readonly string[], name: RegExp): SourceFile[] =>
  folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && name.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => ({
        path: path.slice(root.length).replaceAll('\\', '/'),
        text: readFileSync(path, 'utf8'),
      })),
  );

/** The text without comments; what stands in quotes stays. */
export const withoutComments = (text: string): string =>
  text.replace(TOKENS, (token) => (token.startsWith('/') ? ' ' : token));

/** What a file imports: paths from the root for the project's own files, names of packages as written. */
export const importsOf = ({ path, text }: SourceFile): string[] =>
  [...withoutComments(text).matchAll(IMPORTS)].map(([, , target = '']) => resolved(path, target));

const resolved = (importer: string, target: string): string => {
  if (target.startsWith('.')) return posix.join(posix.dirname(importer), target);
  const alias = Object.keys(ALIASES).find((prefix) => target.startsWith(prefix));
  return alias === undefined ? target : `${ALIASES[alias]}${target.slice(alias.length)}`;
};
