import type { ReadImage } from './readScan.ts';

const frames: ReadonlySet<number> = new Set([0xc0, 0xc1, 0xc2]);
const [start, end, scanStart, exif, comment] = [0xd8, 0xd9, 0xda, 0xe1, 0xfe];

/** What a picture needs to look as it does: JFIF, Adobe's colours, and no other part of an application. */
const isPicture = (marker: number): boolean =>
  (marker < 0xe0 || marker === 0xe0 || marker === 0xee) && marker !== comment;

/** Whether a file says that it is JPEG. */
export const isJpeg = (bytes: Buffer): boolean => bytes[0] === 0xff && bytes[1] === start && bytes[2] === 0xff;

/** Where the compressed data from a place on end: at the next marker that is no part of them. */
const dataEnd = (bytes: Buffer, from: number): number => {
  let at = bytes.indexOf(0xff, from);
  while (at >= 0) {
    const next = bytes[at + 1] ?? -1;
    if (next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at;
    at = bytes.indexOf(0xff, at + 2);
  }
  return bytes.length;
};

type Segment = { marker: number; whole: Buffer; data: Buffer };

/** The segments of a JPEG up to its end; undefined where one is cut off or anything follows the end. */
const segmentsOf = (bytes: Buffer): readonly Segment[] | undefined => {
  const segments: Segment[] = [];
  for (let at = 2; ; ) {
    const marker = bytes[at + 1];
    if (bytes[at] !== 0xff || marker === undefined) return undefined;
    if (marker === end) return at + 2 === bytes.length ? segments : undefined;
    if (at + 4 > bytes.length) return undefined;
    const dataAt = at + 2 + bytes.readUInt16BE(at + 2);
    if (dataAt > bytes.length) return undefined;
    const stop = marker === scanStart ? dataEnd(bytes, dataAt) : dataAt;
    segments.push({ marker, whole: bytes.subarray(at, stop), data: bytes.subarray(at + 4, dataAt) });
    at = stop;
  }
};

/** Which way up the picture is, by its EXIF; 1 where that does not say. */
const orientationOf = ({ data }: Segment): number => {
  if (data.toString('latin1', 0, 6) !== 'Exif\0\0' || data.length < 20) return 1;
  const tiff = data.subarray(6);
  const little = tiff.toString('latin1', 0, 2) === 'II';
  const short = (at: number) => (little ? tiff.readUInt16LE(at) : tiff.readUInt16BE(at));
  const first = little ? tiff.readUInt32LE(4) : tiff.readUInt32BE(4);
  if (first + 2 > tiff.length) return 1;
  for (let n = 0, at = first + 2; n < short(first) && at + 12 <= tiff.length; n += 1, at += 12) {
    const value = short(at + 8);
    if (short(at) === 0x0112 && value >= 1 && value <= 8) return value;
  }
  return 1;
};

/** An EXIF part that says which way up, and nothing else. */
const exifWith = (orientation: number): Buffer => {
  const entry = Buffer.from([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
  const body = Buffer.concat([Buffer.from('Exif\0\0MM\0*\0\0\0\x08\0\x01', 'latin1'), entry]);
  const head = Buffer.from([0xff, exif, 0, body.length + 2]);
  return Buffer.concat([head, body]);
};

/** A JPEG without camera, place, thumbnail and texts, still the right way up; undefined where it is none from first byte to last. */
export const readJpeg = (bytes: Buffer): ReadImage | undefined => {
  const segments = segmentsOf(bytes);
  const frame = segments?.find(({ marker }) => frames.has(marker));
  const hasData = segments?.some(({ marker }) => marker === scanStart) === true;
  if (segments === undefined || frame === undefined || !hasData || frame.data.length < 6) return undefined;
  const turned =
    segments
      .filter(({ marker }) => marker === exif)
      .map(orientationOf)
      .find((one) => one !== 1) ?? 1;
  const picture = segments.filter(({ marker }) => isPicture(marker)).map(({ whole }) => whole);
  const parts = [bytes.subarray(0, 2), ...(turned === 1 ? [] : [exifWith(turned)]), ...picture, Buffer.of(0xff, end)];
  return { width: frame.data.readUInt16BE(3), height: frame.data.readUInt16BE(1), bytes: Buffer.concat(parts) };
};
