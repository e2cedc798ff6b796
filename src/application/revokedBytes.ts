import { createHash } from 'node:crypto';
import { type VoidReason, voidReasons } from '#domain/certificate/decide.ts';

/** A certificate that no longer holds, and why. */
export type Voided = { number: string; reason: VoidReason };

/** When a list was made and when the next one is due (UTC ISO 8601), and after how many days a reader is warned. */
export type ListTimes = { issuedAt: string; nextUpdate: string; warnAfterDays: number };

/**
 * Bytes of a number's SHA-256 that stand in the list. A number that is not in a list of 100 000 looks as if it were with a
 * chance of 1e5 / 2^72; over 10 million checks that is 1e12 / 4.7e21 = 2.1e-10 (8 bytes: 5.4e-8).
 */
const hashBytes = 9;

const hashOf = (number: string): bigint =>
  BigInt(
    `0x${createHash('sha256')
      .update(number)
      .digest('hex')
      .slice(0, 2 * hashBytes)}`,
  );

/** A number in groups of 7 bits, the lowest first, the high bit set on all but the last (LEB128). */
const pushVarint = (into: number[], value: bigint): void => {
  let rest = value;
  while (rest >= 128n) {
    into.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  into.push(Number(rest));
};

const rising = (one: bigint, other: bigint): number => (one < other ? -1 : 1);

/**
 * The list as it is signed: one line of JSON that says of when it is and how many numbers it has for each reason, then
 * their hashes, rising within each reason, each as its distance from the one before. Order of `voided` does not matter.
 */
export const revokedPayload = (voided: readonly Voided[], times: ListTimes): Uint8Array => {
  const bytes: number[] = [];
  const reasons = voidReasons.map((reason) => {
    const hashes = new Set(voided.filter((one) => one.reason === reason).map(({ number }) => hashOf(number)));
    let before = 0n;
    for (const hash of [...hashes].sort(rising)) {
      pushVarint(bytes, hash - before);
      before = hash;
    }
    return [reason, hashes.size] as const;
  });
  const count = reasons.reduce((sum, [, size]) => sum + size, 0);
  const head = { list: 'revoked-certificates', version: 1, ...times, hashBytes, count, reasons };
  return Buffer.concat([Buffer.from(`${JSON.stringify(head)}\n`), Uint8Array.from(bytes)]);
};
