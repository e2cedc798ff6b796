import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { IdentityCheck } from '#application/identityCheck.ts';
import type { RegisteredPerson } from '#infrastructure/identity/sandbox.ts';

/** An adapter before a register that knows the people, and the same with little patience: its bound is soon over. */
export type UnderContract = { register: IdentityCheck; impatient: IdentityCheck; stop: () => Promise<void> };

const known: RegisteredPerson = { name: '王芳', idNumber: '520111199003072825' };
const slow: RegisteredPerson = { name: '龙再平', idNumber: '520103198505050015', plays: 'slow' };
const down: RegisteredPerson = { name: '令狐敏', idNumber: '520111199003072841', plays: 'down' };

/** What every adapter of the port must do, whatever answers behind it. */
export const identityCheckContract = (
  name: string,
  start: (people: readonly RegisteredPerson[]) => Promise<UnderContract>,
): void => {
  describe(`${name} as an identity check`, () => {
    let running: UnderContract;
    beforeAll(async () => {
      running = await start([known, slow, down]);
    });
    afterAll(() => running.stop());

    test.each([
      ['name and ID number of one person', known, 'matches'],
      ['the ID number in another spelling', { name: ' 王 芳', idNumber: ' 520111199003072825 ' }, 'matches'],
      ['another name', { ...known, name: '王方' }, 'differs'],
      ['an ID number that nobody has', { ...known, idNumber: '520111199003072868' }, 'differs'],
    ])('answers to %s', async (_, person, outcome) => {
      expect(await running.register.check(person)).toBe(outcome);
    });

    test('says so where no answer comes in time, or the connection breaks', async () => {
      expect(await running.impatient.check(slow)).toBe('unreachable');
      expect(await running.register.check(down)).toBe('unreachable');
    });

    test('answers many at once, each its own question', async () => {
      const asked = Array.from({ length: 30 }, (_, n) => (n % 2 === 0 ? known : { ...known, name: '王方' }));
      const answers = await Promise.all(asked.map((person) => running.register.check(person)));
      expect(answers).toEqual(asked.map(({ name: given }) => (given === known.name ? 'matches' : 'differs')));
    });
  });
};
