import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Standing } from '#application/followLog.ts';
import { buildManagementSite } from '#web/managementSite.ts';
import { type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';

let app: Running;
let site: Awaited<ReturnType<typeof buildManagementSite>>;
const names = ['registration', 'search', 'inbox', 'issueCertificate'];
let standing: Record<string, Standing> = {};

beforeAll(async () => {
  app = await startApplication();
  const cookieSecret = 'a secret for tests, long enough to be taken';
  site = await buildManagementSite({
    services: app.services,
    cookieSecret,
    carried: { names, standing: () => standing },
  });
  const { applicant, deps } = app.services;
  await applicant.submit(deps.ids(), declarationOf('520111004005'), { commandId: deps.ids() });
});
afterAll(async () => {
  await site.close();
  await app.stop();
});

type Ready = { status: string; position: number; parts: { name: string; state: string; behind: number }[] };
const ready = async () => {
  const answer = await site.inject({ url: '/readyz' });
  return { statusCode: answer.statusCode, ...answer.json<Ready>() };
};

describe('/readyz', () => {
  test('says of an instance that carries nothing how far another one has carried every view and reaction', async () => {
    standing = {};
    const told = await ready();
    expect(told).toMatchObject({ statusCode: 200, status: 'ready' });
    expect(told.parts.map(({ name }) => name)).toEqual(names);
    for (const { state, behind } of told.parts) {
      expect(state).toBe('carriedElsewhere');
      expect(behind).toBeGreaterThanOrEqual(0);
    }
  });

  test('says of what it carries itself where that stands, and why it stopped', async () => {
    const failure = { position: 1, type: 'Submitted', stream: 'registration-x', message: 'broken' };
    standing = { search: { state: 'running', position: 2 }, inbox: { state: 'stopped', position: 0, failure } };
    const told = await ready();
    expect(told).toMatchObject({ statusCode: 503, status: 'stopped' });
    expect(told.parts).toMatchObject([
      { name: 'registration', state: 'carriedElsewhere' },
      { name: 'search', state: 'running', behind: told.position - 2 },
      { name: 'inbox', state: 'stopped', failure },
      { name: 'issueCertificate', state: 'carriedElsewhere' },
    ]);
  });
});
