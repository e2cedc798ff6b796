import { SaxesParser } from 'saxes';
import { FileRefused } from './refused.ts';

type Attributes = Readonly<Record<string, string>>;

/** What a reader does where elements begin and end, by their names without prefix, and with text. */
export type XmlReader = {
  open: { readonly [name: string]: (attributes: Attributes) => void };
  close?: { readonly [name: string]: () => void };
  text?: (text: string) => void;
};

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

const parserFor = ({ open, close = {}, text }: XmlReader) => {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  parser.on('error', (cause) => {
    throw new FileRefused('damaged', cause);
  });
  parser.on('doctype', () => {
    throw new FileRefused('unsafe');
  });
  parser.on('opentag', ({ name, attributes }) => {
    const local = localName(name);
    if (Object.hasOwn(open, local)) open[local]?.(attributes);
  });
  parser.on('closetag', ({ name }) => {
    const local = localName(name);
    if (Object.hasOwn(close, local)) close[local]?.();
  });
  if (text !== undefined) {
    parser.on('text', text);
    parser.on('cdata', text);
  }
  return parser;
};

/**
 * Reads XML as it comes, keeping nothing. Document types are refused, so no entity is ever expanded: `unsafe`. What is not
 * well formed, or not UTF-8: `damaged`.
 */
export const readXml = async (pieces: AsyncIterable<Uint8Array>, reader: XmlReader): Promise<void> => {
  const parser = parserFor(reader);
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of pieces) parser.write(decoder.decode(piece, { stream: true }));
    parser.write(decoder.decode());
    parser.close();
  } catch (cause) {
    throw cause instanceof FileRefused ? cause : new FileRefused('damaged', cause);
  }
};
