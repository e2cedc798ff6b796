import { createSecretKey, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { goldenDataKeys } from '../support/goldenEvents.ts';

const key = () => createSecretKey(randomBytes(32));
const keys = { master: key(), lookup: key(), signing: {}, retired: [] };
const sealing = createSealing(keys, goldenDataKeys());

describe('what is sealed for a short while', () => {
  const sealed = sealing.sealTransient({ name: '王芳' }, 'draft-1');

  it('opens in its place, and shows nothing before', () => {
    expect(sealing.openTransient(sealed, 'draft-1')).toEqual({ name: '王芳' });
    expect(Buffer.from(sealed, 'base64url').includes('王芳')).toBe(false);
  });

  it.each([
    ['in another place', sealing, sealed, 'draft-2'],
    ['altered', sealing, `${sealed.slice(0, -4)}AAAA`, 'draft-1'],
    ['cut off', sealing, sealed.slice(0, 10), 'draft-1'],
    [
      'after the master key was replaced',
      createSealing({ ...keys, master: key() }, goldenDataKeys()),
      sealed,
      'draft-1',
    ],
  ])('is as if it had ended: %s', (_, by, text, context) => {
    expect(by.openTransient(text, context)).toBeUndefined();
  });
});
