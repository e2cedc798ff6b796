import { crc32 } from 'node:zlib';
import type { ReadImage } from './readScan.ts';

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');

/** What a picture needs to look as it does; texts, times, positions and whatever else is left out. */
const kept: ReadonlySet<string> = new Set(['IHDR', 'PLTE', 'IDAT', 'IEND', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'pHYs']);

/** Whether a file says that it is PNG. */
export const isPng = (bytes: Buffer): boolean => bytes.subarray(0, signature.length).equals(signature);

/** The chunks of a PNG from a place on; undefined where one is cut off, wrong by its checksum, or anything follows the last. */
const chunksFrom = (bytes: Buffer): readonly { type: string; whole: Buffer; data: Buffer }[] | undefined => {
  const chunks = [];
  for (let at = signature.length; at < bytes.length; ) {
    if (at + 12 > bytes.length) return undefined;
    const end = at + 12 + bytes.readUInt32BE(at);
    if (end > bytes.length) return undefined;
    const body = bytes.subarray(at + 4, end - 4);
    if (crc32(body) !== bytes.readUInt32BE(end - 4)) return undefined;
    chunks.push({ type: body.toString('latin1', 0, 4), whole: bytes.subarray(at, end), data: body.subarray(4) });
    at = end;
  }
  return chunks;
};

/** A PNG without what is not picture; undefined where it is none, from its first byte to its last. */
export const readPng = (bytes: Buffer): ReadImage | undefined => {
  const chunks = chunksFrom(bytes);
  const types = chunks?.map(({ type }) => type) ?? [];
  const isWhole = types[0] === 'IHDR' && types.indexOf('IEND') === types.length - 1 && types.includes('IDAT');
  const [head] = chunks ?? [];
  if (chunks === undefined || head === undefined || !isWhole || head.data.length !== 13) return undefined;
  const picture = chunks.filter(({ type }) => kept.has(type)).map(({ whole }) => whole);
  const [width, height] = [head.data.readUInt32BE(0), head.data.readUInt32BE(4)];
  return { width, height, bytes: Buffer.concat([signature, ...picture]) };
};
