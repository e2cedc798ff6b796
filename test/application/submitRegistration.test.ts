import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';

let app: Running;
let village: string;
let couples = 0;

beforeAll(async () => {
  app = await startApplication();
  village = app.services.deps.divisions.search('贵筑', { level: 'village', limit: 1 })[0]?.code ?? '';
});
afterAll(() => app.stop());

const nextCouple = () => {
  couples += 1;
  return declarationOf(village, couples);
};
const submit = (data: ReturnType<typeof declarationOf>, id: string, commandId: string) =>
  app.services.applicant.submit(id, data, { commandId });

describe('one id, sent again', () => {
  test('given a registration, when its id is used for another couple, then that couple is not held', async () => {
    const { ids } = app.services.deps;
    const [id, commandId] = [ids(), ids()];
    await submit(nextCouple(), id, commandId);
    const others = nextCouple();
    expect(await submit(others, id, commandId)).toEqual({ outcome: 'otherContent' });
    expect(await submit(others, id, ids())).toMatchObject({ rejection: { type: 'alreadySubmitted' } });
    expect((await submit(others, ids(), ids())).outcome).toBe('done');
  });

  test('given an amendment since, when the submission is repeated, then it answers as the first time', async () => {
    const { ids } = app.services.deps;
    const [id, commandId] = [ids(), ids()];
    const data = nextCouple();
    await submit(data, id, commandId);
    const amended = { ...data, declaration: { ...data.declaration, mobile: '13911112222' } };
    await app.services.applicant.amend(id, amended, { commandId: ids(), basedOn: 0 });
    expect(await submit(data, id, commandId)).toMatchObject({ outcome: 'done', repeated: true });
    expect(await submit(amended, id, commandId)).toEqual({ outcome: 'otherContent' });
  });

  test('given many sendings at once, when they are one act, then all answer done and one registration stands', async () => {
    const { ids, eventStore } = app.services.deps;
    const [id, commandId] = [ids(), ids()];
    const data = nextCouple();
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => submit(data, id, commandId)));
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(Array.from({ length: 20 }, () => 'done'));
    expect(await eventStore.readStream(`registration-${id}`)).toHaveLength(1);
  });
});
