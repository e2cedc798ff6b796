const unreadable = /\uFFFD|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
// Nothing that is asked for goes deeper than a handful.
const deepest = 32;

const isBroken = (text: string): boolean => text.includes('\0') || unreadable.test(text);

/**
 * What is wrong with what was sent, whatever it means: text that is not what its sender typed (broken UTF-8, NUL, half
 * a character), or nesting without end.
 */
export const faultIn = (sent: unknown): 'brokenText' | 'invalid' | undefined => {
  const open: (readonly [value: unknown, depth: number])[] = [[sent, 0]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [value, depth] = next;
    if (typeof value === 'string' && isBroken(value)) return 'brokenText';
    if (value === null || typeof value !== 'object') continue;
    if (depth === deepest) return 'invalid';
    for (const [key, inner] of Object.entries(value)) open.push([key, depth], [inner, depth + 1]);
  }
  return undefined;
};
