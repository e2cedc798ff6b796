import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';
import { fileLimits } from '#application/spreadsheets.ts';
import { FileRefused } from './refused.ts';

const mostEntries = 2000;

/** A zip file whose contents were found to stay within the limits. */
export type Archive = {
  has: (name: string) => boolean;
  /** The bytes of an entry, piece by piece; none where it is absent. Throws `damaged` where it is not what it declares. */
  read: (name: string) => AsyncIterable<Uint8Array>;
};

const refuseUnlessKnown = (cause: unknown): never => {
  throw cause instanceof FileRefused ? cause : new FileRefused('damaged', cause);
};

/** Only entries that declare what they hold, all together within the limit; names are in lower case. */
const entriesOf = async (zip: ZipFile): Promise<ReadonlyMap<string, Entry>> => {
  if (zip.entryCount > mostEntries) throw new FileRefused('tooMuchInside');
  const entries = new Map<string, Entry>();
  let unpacked = 0;
  for await (const entry of zip.eachEntry()) {
    unpacked += entry.uncompressedSize;
    if (unpacked > fileLimits.unpackedBytes) throw new FileRefused('tooMuchInside');
    if (entry.isEncrypted()) throw new FileRefused('protected');
    entries.set(entry.fileName.toLowerCase(), entry);
  }
  return entries;
};

async function* piecesOf(zip: ZipFile, entry: Entry | undefined): AsyncIterable<Uint8Array> {
  if (entry === undefined) return;
  try {
    // Ends with a fault where more or less comes out than the central directory says.
    for await (const piece of await zip.openReadStreamPromise(entry)) yield piece as Uint8Array;
  } catch (cause) {
    refuseUnlessKnown(cause);
  }
}

/** Opens a zip file held in memory; nothing is unpacked before its directory was read. Throws `FileRefused`. */
export const openArchive = async (bytes: Uint8Array): Promise<Archive> => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const zip = await fromBufferPromise(buffer, { lazyEntries: true, autoClose: false }).catch(refuseUnlessKnown);
  const entries = await entriesOf(zip).catch(refuseUnlessKnown);
  return {
    has: (name) => entries.has(name.toLowerCase()),
    read: (name) => piecesOf(zip, entries.get(name.toLowerCase())),
  };
};
