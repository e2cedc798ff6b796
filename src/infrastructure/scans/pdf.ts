import { inflateSync } from 'node:zlib';

/** Names that stand for something that acts, carries other files, or hides what it is. */
const acting = [
  ...['JavaScript', 'OpenAction', 'Launch', 'EmbeddedFile', 'RichMedia', 'SubmitForm', 'ImportData', 'GoToE'],
  ...['Encrypt', 'Movie', 'Rendition'],
];
const actingShort = ['JS', 'AA', 'XFA', 'URI', 'GoToR', 'Sound'];
const named = (names: readonly string[]) => new RegExp(`/(?:${names.join('|')})(?![A-Za-z0-9])`);
const anywhere = new RegExp(`/(?:${acting.join('|')})`);
const outsideStreams = named(actingShort);

const mostInflated = 20 * 1024 * 1024;
const zipEnd = Buffer.from('PK\x05\x06', 'latin1');
const zipTail = 66_000;

/** Whether a file says that it is PDF. */
export const isPdf = (bytes: Buffer): boolean => /^%PDF-[12]\.\d/.test(bytes.toString('latin1', 0, 8));

/** Names can be written with escapes: `/J#61vaScript`. */
const unescaped = (text: string): string =>
  text.replace(/#([0-9a-fA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));

const acts = (text: string): boolean => anywhere.test(text) || outsideStreams.test(text);

/** What stands before each stream since its object began, and the stream itself. */
const streamsOf = (text: string) =>
  [...text.matchAll(/\bstream\r?\n([\s\S]*?)endstream/g)].map(({ index, 0: whole, 1: data = '' }) => {
    const before = text.slice(Math.max(text.lastIndexOf(' obj', index), 0), index);
    return { dictionary: unescaped(before), data, from: index, to: index + whole.length };
  });

type Streams = ReturnType<typeof streamsOf>;

/** Objects that stand in compressed streams, as text; undefined where one cannot be found or read. */
const packedObjects = (text: string, streams: Streams): readonly string[] | undefined => {
  const packed = streams.filter(({ dictionary }) => dictionary.includes('/ObjStm'));
  if (unescaped(text).split('/ObjStm').length - 1 > packed.length) return undefined;
  try {
    return packed.map(({ dictionary, data }) => {
      if (
        !/\/Filter\s*\[?\s*\/FlateDecode\s*\]?(?!\s*\/\w+Decode)/.test(dictionary) ||
        /\/DecodeParms/.test(dictionary)
      )
        throw new Error('unread');
      return inflateSync(Buffer.from(data, 'latin1'), { maxOutputLength: mostInflated }).toString('latin1');
    });
  } catch {
    return undefined;
  }
};

const withoutStreams = (text: string, streams: Streams): string => {
  const ends = [0, ...streams.map(({ to }) => to)];
  return ends.map((end, n) => text.slice(end, streams[n]?.from ?? text.length)).join(' ');
};

/**
 * Whether a PDF holds pages and nothing that acts: no script, no action on opening, no form that is sent, no file in it, no
 * encryption; `unreadable` where it is none from first byte to last, or hides what it holds.
 */
export const checkPdf = (bytes: Buffer): 'plain' | 'active' | 'unreadable' => {
  const text = bytes.toString('latin1');
  if (!/%%EOF\s*$/.test(text.slice(-1024)) || !/\/Page(?![A-Za-z])|\/ObjStm/.test(text)) return 'unreadable';
  if (bytes.subarray(-zipTail).includes(zipEnd)) return 'unreadable';
  if (anywhere.test(unescaped(text))) return 'active';
  const streams = streamsOf(text);
  const packed = packedObjects(text, streams);
  if (packed === undefined) return 'unreadable';
  const plain = [withoutStreams(text, streams), ...packed].map(unescaped);
  return plain.some(acts) ? 'active' : 'plain';
};
