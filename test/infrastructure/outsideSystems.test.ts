import { expect, test } from 'vitest';
import { ConfigError, readConfig } from '#infrastructure/config.ts';

const live = {
  DEMO: '0',
  PIS_URL: 'http://pis.test',
  EXCHANGE_URL: 'http://exchange.test',
  IDENTITY_URL: 'http://id.test',
};

test('a live platform has the outside systems that it asks', () => {
  expect(readConfig(live)).toMatchObject({ IDENTITY_URL: 'http://id.test' });
});

test.each(['PIS_URL', 'EXCHANGE_URL', 'IDENTITY_URL'])('without %s it does not start, and says why', (missing) => {
  expect(() => readConfig({ ...live, [missing]: undefined })).toThrow(ConfigError);
  expect(() => readConfig({ ...live, [missing]: undefined })).toThrow(missing);
});
