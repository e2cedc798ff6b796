import { checkCharacter, hasRightCheck } from '../checkCharacter.ts';

// Crockford's base 32: no I, L, O, U.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const randomCharacters = 15;
const bytesNeeded = 10;

const grouped = (code: string): string => code.replace(/(.{4})(?=.)/g, '$1-');

/** The query code of 10 or more random bytes (R3): 75 bits and a check character, `XXXX-XXXX-XXXX-XXXX`. */
export const queryCodeFrom = (bytes: Uint8Array): string => {
  if (bytes.length < bytesNeeded) throw new RangeError(`A query code needs ${bytesNeeded} bytes, not ${bytes.length}`);
  const characters = Array.from({ length: randomCharacters }, (_, index) => {
    const [first, offset] = [(index * 5) >> 3, (index * 5) % 8];
    const twoBytes = ((bytes[first] ?? 0) << 8) | (bytes[first + 1] ?? 0);
    return alphabet.charAt((twoBytes >> (11 - offset)) & 31);
  }).join('');
  return grouped(characters + checkCharacter(alphabet, characters));
};

/**
 * A query code as typed, brought to `XXXX-XXXX-XXXX-XXXX`: case, width, blanks, dashes, O for 0, I and L for 1 are
 * forgiven; undefined where it has another length, other characters or a wrong check character.
 */
export const normaliseQueryCode = (text: string): string | undefined => {
  // Codes are short; a long text is none, and not worth the work.
  if (text.length > 100) return undefined;
  const code = text
    .normalize('NFKC')
    .replace(/[\s‐‑‒–—―−_.-]/g, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  return code.length === randomCharacters + 1 && hasRightCheck(alphabet, code) ? grouped(code) : undefined;
};
