import { describe, expect, test } from 'vitest';
import { ConfigError, readConfig, secondFactorOf } from '#infrastructure/config.ts';

const live = {
  DEMO: '0',
  PIS_URL: 'http://pis.test',
  EXCHANGE_URL: 'http://exchange.test',
  IDENTITY_URL: 'http://id.test',
};

describe('of whom a second factor is demanded', () => {
  test.each([
    [{}, 'nobody'],
    [{ SECOND_FACTOR: 'everyone' }, 'everyone'],
    [live, 'admins'],
    [{ ...live, SECOND_FACTOR: 'everyone' }, 'everyone'],
  ])('%j: %s', (settings, policy) => {
    expect(secondFactorOf(readConfig(settings))).toBe(policy);
  });

  test.each([{ ...live, SECOND_FACTOR: 'nobody' }, { SECOND_FACTOR: 'some' }, { MANAGEMENT_URL: 'ftp://x' }])(
    'refuses to start with %j',
    (settings) => {
      expect(() => readConfig(settings)).toThrow(ConfigError);
    },
  );
});
