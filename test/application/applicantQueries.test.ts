import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openingTime } from '#application/applicantQueries.ts';
import { createServices } from '#application/services.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { type Running, startApplication } from '../support/application.ts';
import { coupleOf } from '../support/couples.ts';

let app: Running;
let one: { id: string; code: string; data: RegistrationData };
let other: { id: string; code: string; data: RegistrationData };

const submitted = async (n: number) => {
  const { applicant, deps } = app.services;
  const id = deps.ids();
  const data = coupleOf(n, '520111004001');
  await applicant.submit(id, data, { commandId: deps.ids() });
  return { id, code: applicant.queryCode(id), data };
};

beforeAll(async () => {
  app = await startApplication();
  one = await submitted(1);
  other = await submitted(2);
  const { deps } = app.services;
  await deps.awaitViews(['search', 'queryCode'], await deps.eventStore.lastPosition());
});
afterAll(() => app.stop());

/** Opening, with each wait noted and let go by hand. */
const patient = () => {
  const waits: number[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const { applicant } = createServices({
    ...app.services.deps,
    wait: (ms) => {
      waits.push(ms);
      return promise;
    },
  });
  return { open: applicant.open, waits, letGo: resolve };
};

/** A code that nobody was given, its check character right. */
const unusedCode = () => app.services.applicant.queryCode(app.services.deps.ids());

describe('opening a registration', () => {
  it('takes the code with either spouse’s name, however they are typed', async () => {
    const { open, letGo } = patient();
    letGo();
    const wide = one.code.toLowerCase().replaceAll('-', '　').replaceAll('0', 'o');
    expect(await open(one.code, one.data.wife.name)).toBe(one.id);
    expect(await open(` ${wide} `, ` ${one.data.husband.name.slice(0, 1)} ${one.data.husband.name.slice(1)}`)).toBe(
      one.id,
    );
  });

  it.each([
    ['a wrong name', () => [one.code, '李雷'] as const],
    ['no name', () => [one.code, ''] as const],
    ['the name of another couple', () => [one.code, other.data.wife.name] as const],
    ['the code of another couple', () => [other.code, one.data.wife.name] as const],
    ['a code that nobody has', () => [unusedCode(), one.data.wife.name] as const],
    ['a code with one character wrong', () => [`${one.code.slice(0, -1)}?`, one.data.wife.name] as const],
    ['no code', () => ['', one.data.wife.name] as const],
    ['a very long code', () => ['A'.repeat(100_000), one.data.wife.name] as const],
    ['the right code and name', () => [one.code, one.data.wife.name] as const],
  ])('answers %s only when the one time of all answers is over', async (what, given) => {
    const { open, waits, letGo } = patient();
    let answered = false;
    const opening = open(...given()).finally(() => {
      answered = true;
    });
    await app.services.deps.wait(20);
    expect([answered, waits]).toEqual([false, [openingTime]]);
    letGo();
    expect(await opening).toBe(what === 'the right code and name' ? one.id : undefined);
  });

  it('shows nothing of an id that does not exist', async () => {
    expect(await app.services.applicant.view(app.services.deps.ids())).toBeUndefined();
  });

  it('works at once for who has just submitted: an act waits for every view that letting in reads', async () => {
    const { deps } = app.services;
    const read = new Set<string>();
    const awaited = new Set<string>();
    const { applicant } = createServices({
      ...deps,
      wait: async () => undefined,
      viewStore: {
        ...deps.viewStore,
        get: (view, ids) => {
          read.add(view);
          return deps.viewStore.get(view, ids);
        },
      },
      awaitViews: (views, position) => {
        for (const view of views) awaited.add(view);
        return deps.awaitViews(views, position);
      },
    });
    const id = deps.ids();
    const data = coupleOf(3, '520111004001');
    await applicant.submit(id, data, { commandId: deps.ids() });
    expect(await applicant.open(applicant.queryCode(id), data.wife.name)).toBe(id);
    expect((await applicant.view(id))?.data).toEqual(data);
    expect([...read].toSorted()).toEqual(['queryCode', 'registration', 'search']);
    expect([...read].filter((view) => !awaited.has(view))).toEqual([]);
  });
});
