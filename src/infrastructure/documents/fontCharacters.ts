import { closeSync, openSync, readSync } from 'node:fs';

type Range = { from: number; to: number };

const readAt = (file: number, position: number, length: number): Buffer => {
  const bytes = Buffer.alloc(length);
  const read = readSync(file, bytes, 0, length, position);
  if (read !== length) throw new RangeError('The font file ends too early.');
  return bytes;
};

/** The bytes of a table, without reading the megabytes of outlines around it. */
const tableOf = (file: number, tag: string): Buffer => {
  const count = readAt(file, 0, 12).readUInt16BE(4);
  const directory = readAt(file, 12, count * 16);
  for (let entry = 0; entry < directory.length; entry += 16) {
    if (directory.toString('latin1', entry, entry + 4) !== tag) continue;
    return readAt(file, directory.readUInt32BE(entry + 8), directory.readUInt32BE(entry + 12));
  }
  throw new RangeError(`The font file has no table ${tag}.`);
};

/** Where the subtable of format 12 begins: the one that reaches beyond the basic plane. */
const format12 = (cmap: Buffer): number => {
  const count = cmap.readUInt16BE(2);
  for (let index = 0; index < count; index += 1) {
    const start = cmap.readUInt32BE(4 + index * 8 + 4);
    if (cmap.readUInt16BE(start) === 12) return start;
  }
  throw new RangeError('The font file has no character map of format 12.');
};

const rangesOf = (cmap: Buffer): readonly Range[] => {
  const start = format12(cmap);
  return Array.from({ length: cmap.readUInt32BE(start + 12) }, (_, index) => {
    const group = start + 16 + index * 12;
    return { from: cmap.readUInt32BE(group), to: cmap.readUInt32BE(group + 4) };
  });
};

/** Whether a TrueType font has a glyph for a code point (OpenType `cmap`, format 12). Throws where it is no such font. */
export const charactersOf = (path: string): ((codePoint: number) => boolean) => {
  const file = openSync(path, 'r');
  try {
    const ranges = rangesOf(tableOf(file, 'cmap'));
    return (codePoint) => {
      let low = 0;
      let high = ranges.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((ranges[middle]?.to ?? 0) < codePoint) low = middle + 1;
        else high = middle;
      }
      return (ranges[low]?.from ?? Number.POSITIVE_INFINITY) <= codePoint;
    };
  } finally {
    closeSync(file);
  }
};
