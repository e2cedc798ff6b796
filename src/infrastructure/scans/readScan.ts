import type { ReadScan } from '#application/scanFiles.ts';
import { isJpeg, readJpeg } from './jpeg.ts';
import { checkPdf, isPdf } from './pdf.ts';
import { isPng, readPng } from './png.ts';

/** A picture, its width and height in pixels, without what is not picture. */
export type ReadImage = { width: number; height: number; bytes: Buffer };

const mostPixels = 100_000_000;
const longestSide = 20_000;

const image = (mediaType: 'image/jpeg' | 'image/png', read: ReadImage | undefined): ReturnType<ReadScan> => {
  if (read === undefined) return { outcome: 'refused', reason: 'unreadable' };
  const { width, height, bytes } = read;
  const isSensible = width > 0 && height > 0 && Math.max(width, height) <= longestSide && width * height <= mostPixels;
  return isSensible ? { outcome: 'read', mediaType, bytes } : { outcome: 'refused', reason: 'dimensions' };
};

const pdf = (bytes: Buffer): ReturnType<ReadScan> => {
  const found = checkPdf(bytes);
  if (found === 'plain') return { outcome: 'read', mediaType: 'application/pdf', bytes };
  return { outcome: 'refused', reason: found };
};

/** Tells by the bytes alone what a file is, and takes out of pictures what says where and by what they were made. */
export const readScan: ReadScan = (sent) => {
  const bytes = Buffer.from(sent.buffer, sent.byteOffset, sent.length);
  if (isJpeg(bytes)) return image('image/jpeg', readJpeg(bytes));
  if (isPng(bytes)) return image('image/png', readPng(bytes));
  return isPdf(bytes) ? pdf(bytes) : { outcome: 'refused', reason: 'kind' };
};
