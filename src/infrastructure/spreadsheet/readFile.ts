import { type FileRead, fileLimits, type ReadFile } from '#application/spreadsheets.ts';
import { FileRefused } from './refused.ts';
import { readTextFile } from './textFile.ts';
import { readWorkbook } from './workbook.ts';

const startsWith = (bytes: Uint8Array, ...signature: readonly number[]): boolean =>
  signature.every((byte, index) => bytes[index] === byte);

/** OLE2 files are Excel's before 2007, and what Excel writes around a workbook that has a password. */
const refusalOfOle2 = (bytes: Uint8Array) => {
  const name = Buffer.from('EncryptedPackage', 'utf16le');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(name) ? 'protected' : 'oldExcel';
};

const read = async (bytes: Uint8Array): Promise<FileRead> => {
  if (bytes.length > fileLimits.bytes) throw new FileRefused('tooLarge');
  if (bytes.length === 0) throw new FileRefused('empty');
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) throw new FileRefused(refusalOfOle2(bytes));
  if (startsWith(bytes, 0x50, 0x4b)) return { outcome: 'read', format: 'xlsx', sheets: await readWorkbook(bytes) };
  return { outcome: 'read', format: 'csv', sheets: readTextFile(bytes) };
};

/** Reads a file that somebody uploaded (O6), whatever it is. */
export const readFile: ReadFile = async (bytes) => {
  try {
    return await read(bytes);
  } catch (refused) {
    if (refused instanceof FileRefused) return { outcome: 'refused', reason: refused.reason };
    throw refused;
  }
};
