import { hash } from 'node:crypto';
import type { NewEvent } from '../ports.ts';

/** What of an event is hashed: all that was written of it, and neither its position nor the store's own clock. */
export type Hashed = NewEvent & { stream: string; revision: number };

// RFC 8785: names in the order of their UTF-16 code units, texts and numbers as ECMAScript writes them. What JSON leaves
// out is left out here too, so that an event has the same bytes before it is stored and after.
const written = (value: unknown): string => {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(written).join(',')}]`;
  const names = Object.keys(value).sort();
  let text = '';
  for (const name of names) {
    const member = (value as Record<string, unknown>)[name];
    if (member === undefined) continue;
    text += `${text === '' ? '' : ','}${JSON.stringify(name)}:${written(member)}`;
  }
  return `{${text}}`;
};

/** The canonical text of an event: JSON by RFC 8785 of `{stream, revision, id, type, data, meta}`. */
export const canonicalText = ({ stream, revision, id, type, data, meta }: Hashed): string =>
  written({ stream, revision, id, type, data, meta });

/** Hash of a canonical text as the next event of its stream names it: SHA-256, base64url. */
export const chainHashOf = (text: string): string => hash('sha256', text, 'base64url');

/** What the next event of a stream names as the one before it. */
export const chainHash = (event: Hashed): string => chainHashOf(canonicalText(event));
