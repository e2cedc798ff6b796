import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { charactersOf } from './fontCharacters.ts';

// TrueType outlines: Chromium turns the CFF ones of installed fonts into a hundred Type 3 fonts.
const faces = [
  { weight: 400, file: '400Regular/NotoSerifSC_400Regular.ttf' },
  { weight: 700, file: '700Bold/NotoSerifSC_700Bold.ttf' },
] as const;
// Chinese and Latin set in lines need no shaping, and hinting is for screens.
const unneeded = ['GSUB', 'GPOS', 'GDEF', 'BASE', 'vhea', 'vmtx', 'VORG'];
const ascii = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('');

const pathOf = (file: string): string => {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@expo-google-fonts/noto-serif-sc/package.json')), file);
};

/** The faces that certificates are printed in (Noto Serif SC). Nothing is read before it is needed. */
export type CertificateFonts = {
  /** `@font-face` rules for the family `Certificate` that embed just the characters of a text, and ASCII. */
  cssFor: (text: string) => Promise<string>;
  /** Whether both faces have a glyph for every character. */
  canPrint: (text: string) => boolean;
};

const subsetsOf = async (files: readonly Buffer[], text: string): Promise<readonly Buffer[]> => {
  const { default: subsetFont } = await import('subset-font');
  const characters = [...new Set(ascii + text)].sort().join('');
  const options = { targetFormat: 'truetype', noHinting: true, noLayoutClosure: true, dropTables: unneeded } as const;
  return Promise.all(files.map((file) => subsetFont(file, characters, { ...options })));
};

/** Opens the fonts when they are first asked for. */
export const certificateFonts = (): CertificateFonts => {
  let files: Promise<readonly Buffer[]> | undefined;
  let characters: readonly ((codePoint: number) => boolean)[] | undefined;
  return {
    cssFor: async (text) => {
      files ??= Promise.all(faces.map(({ file }) => readFile(pathOf(file))));
      const subsets = await subsetsOf(await files, text);
      return faces
        .map(({ weight }, index) => {
          const data = subsets[index]?.toString('base64') ?? '';
          return `@font-face{font-family:Certificate;font-weight:${weight};src:url(data:font/ttf;base64,${data})}`;
        })
        .join('');
    },
    canPrint: (text) => {
      characters ??= faces.map(({ file }) => charactersOf(pathOf(file)));
      return [...text].every((one) => characters?.every((has) => has(one.codePointAt(0) ?? 0)));
    },
  };
};
