import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operator, type Running, startApplication } from '../support/application.ts';
import { coupleOf } from '../support/couples.ts';

const weining = '520526001001';
const hezhang = '520527001001';
let app: Running;
let couples = 0;

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.stop());

const submit = async (village: string, name: string): Promise<string> => {
  const { applicant, deps } = app.services;
  couples += 1;
  const couple = coupleOf(couples, village);
  const id = deps.ids();
  await applicant.submit(id, { ...couple, wife: { ...couple.wife, name } }, { commandId: deps.ids() });
  return id;
};

describe('a search within a subtree', () => {
  it('finds one’s own behind more of the same name in a county that reports elsewhere', async () => {
    await Promise.all(Array.from({ length: 60 }, () => submit(weining, '王明珠')));
    const own = await submit(hezhang, '王明珠');
    const found = await app.services.staff.search(operator('5205'), ' 王明珠 ');
    expect(found.map(({ row }) => row.id)).toEqual([own]);
  });

  it('goes on to a second page where the first was all of others, and stops at fifty', async () => {
    await Promise.all(Array.from({ length: 110 }, () => submit(weining, '李明珠')));
    const own = await submit(hezhang, '李明珠');
    const found = await app.services.staff.search(operator('5205'), '李明珠');
    expect(found.map(({ row }) => row.id)).toEqual([own]);
    expect(await app.services.staff.search(operator('520526'), '李明珠')).toHaveLength(50);
  });
});
