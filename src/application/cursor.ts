/** Where a page ended: the values of the index members after `equals` (null where a row lacks one), then the id. */
export type CursorValues = readonly (string | number | null)[];

/** A cursor that no page of this index ever handed out; ask for the first page instead. */
export class InvalidCursor extends Error {
  override name = 'InvalidCursor';
}

const longest = 4096;

/** An opaque, URL-safe cursor. Index members are codes, dates and ids, never readable personal data. */
export const encodeCursor = (index: string, values: CursorValues): string =>
  Buffer.from(JSON.stringify([index, ...values])).toString('base64url');

/** The `count` values behind a cursor of this index; throws `InvalidCursor` where it is anything else. */
export const decodeCursor = (index: string, cursor: string, count: number): CursorValues => {
  const [named, ...values] = parse(cursor);
  if (named !== index || values.length !== count || !values.every(isKey) || typeof values.at(-1) !== 'string') {
    throw new InvalidCursor(`The cursor is not one of index ${index}; ask for the first page again.`);
  }
  return values;
};

const isKey = (value: unknown): value is string | number | null =>
  value === null || typeof value === 'string' || typeof value === 'number';

const parse = (cursor: string): readonly unknown[] => {
  if (cursor.length > longest || !/^[A-Za-z0-9_-]+$/.test(cursor)) return [];
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
};
