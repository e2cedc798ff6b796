/**
 * The check character of a text over an alphabet of M characters, M even: ISO 7064 hybrid MOD (M+1, M). It detects every
 * single substitution, and every swap of neighbours but those of two characters that follow each other in the
 * alphabet (the last and the first too), of which one pair in M(M−1)/2 escapes. Throws for characters outside the alphabet.
 */
export const checkCharacter = (alphabet: string, text: string): string => {
  const size = alphabet.length;
  return alphabet.charAt((size + 1 - fold(alphabet, text)) % size);
};

/** Whether a text ends in its check character; false for one with characters outside the alphabet. */
export const hasRightCheck = (alphabet: string, text: string): boolean => {
  if (text.length < 2 || [...text].some((character) => !alphabet.includes(character))) return false;
  return checkCharacter(alphabet, text.slice(0, -1)) === text.at(-1);
};

const fold = (alphabet: string, text: string): number => {
  const size = alphabet.length;
  if (size < 2 || size % 2 === 1) throw new RangeError('MOD (M+1, M) needs an alphabet of even size');
  return [...text].reduce((product, character) => {
    const value = alphabet.indexOf(character);
    if (value < 0) throw new RangeError('A character stands outside the alphabet');
    return (2 * ((product + value) % size || size)) % (size + 1);
  }, size);
};
