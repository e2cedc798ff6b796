import { crc32, deflateRawSync } from 'node:zlib';

/** An entry of a zip file for tests; `declares` makes its headers say another size than it has, `flags` sets bits of them. */
export type ZipEntry = { name: string; content: string | Uint8Array; declares?: number; flags?: number };

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? Buffer.from(content) : content;

/** What the local header and the central directory say alike, from the version on. */
const common = ({ name, content, declares, flags = 0 }: ZipEntry, packed: Uint8Array): Buffer => {
  const head = Buffer.alloc(26);
  const whole = bytesOf(content);
  head.writeUInt16LE(20, 0);
  head.writeUInt16LE(flags, 2);
  head.writeUInt16LE(8, 4);
  head.writeUInt32LE(0x2100_0000, 6);
  head.writeUInt32LE(crc32(whole), 10);
  head.writeUInt32LE(packed.length, 14);
  head.writeUInt32LE(declares ?? whole.length, 18);
  head.writeUInt16LE(Buffer.byteLength(name), 22);
  return head;
};

const signature = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};

/** A zip file with these entries, deflated. */
export const zipOf = (entries: readonly ZipEntry[]): Buffer => {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const entry of entries) {
    const packed = deflateRawSync(bytesOf(entry.content), { level: 9 });
    const head = common(entry, packed);
    const local = Buffer.concat([signature(0x0403_4b50), head, Buffer.from(entry.name), packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([signature(0x0201_4b50), Buffer.from([20, 0]), head, tail, Buffer.from(entry.name)]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, central, signature(0x0605_4b50), end]);
};
