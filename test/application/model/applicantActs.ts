import fc from 'fast-check';
import { expect } from 'vitest';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { forSecondChild, type Spelling, spelt, swapped } from '../../support/couples.ts';
import { dueDays, early, type Known, live, type Model, todayOf, untimely, type World } from './world.ts';

export type Act = fc.AsyncCommand<Model, World>;

/** The registration a number points at. */
export const pick = (model: Model, at: number): Known => {
  const known = model.registrations[at % model.registrations.length];
  if (known === undefined) throw new Error('A check let through what it should not.');
  return known;
};

export const act = (name: string, check: (model: Model) => boolean, run: Act['run']): Act => ({
  check: (model) => check(model as Model),
  run,
  toString: () => name,
});
export const anyMade = (model: Model) => model.registrations.length > 0;

/** Tells the model that an act was done, and how to send it again. */
export const done = (model: Model, known: Known, outcome: unknown, send: () => Promise<{ outcome: string }>): void => {
  expect(outcome).toMatchObject({ outcome: 'done', repeated: false, revision: known.revision });
  model.again = { of: known, send };
};

/** The couple and child that a registration is of. */
export const keyOf = (data: RegistrationData) => `${data.wife.idNumber}|${data.application.parity}`;

/** What the model knows of one that was just submitted. */
export const made = (world: World, id: string, data: RegistrationData, predecessor?: string): Known => {
  const office = data.declaration.place;
  const submittedAt = new Date(world.app.clock.now).toISOString();
  const due = dueDays(world, office);
  return { id, couple: keyOf(data), data, status: 'submitted', office, revision: 0, submittedAt, ...due, predecessor };
};

/** Submits, and expects a registration, or to be told which office holds the couple's live one. */
const submit = async (
  model: Model,
  world: World,
  { data, spelling, after }: { data: RegistrationData; spelling: Spelling; after?: string },
) => {
  const { applicant, deps } = world.services;
  const id = deps.ids();
  const commandId = deps.ids();
  const send = () => applicant.submit(id, spelt(data, spelling), { commandId }, after);
  const holder = model.registrations.find((one) => one.couple === keyOf(data) && live.includes(one.status));
  const outcome = await send();
  if (holder !== undefined) {
    expect(outcome).toMatchObject({ outcome: 'duplicate', office: holder.office, reviewDueOn: holder.reviewDueOn });
    return;
  }
  const known = made(world, id, data, after);
  model.registrations.push(known);
  done(model, known, outcome, send);
};

const spelling = fc.constantFrom<Spelling>('plain', 'small', 'wide', 'blanks');
const someone = fc.nat(2);
const some = fc.nat(20);

const submits = fc
  .record({ couple: someone, second: fc.boolean(), spelling })
  .map(({ couple, second, spelling: how }) =>
    act(
      `submit(couple ${couple}, ${second ? 'second' : 'first'} child, ${how})`,
      () => true,
      (model, world) => {
        const data = world.couples[couple] as RegistrationData;
        return submit(model, world, { data: second ? forSecondChild(data) : data, spelling: how });
      },
    ),
  );

const submitsSwapped = someone.map((couple) =>
  act(
    `submitSwapped(couple ${couple})`,
    () => true,
    async (_, { services, couples }) => {
      const data = swapped(couples[couple] as RegistrationData);
      const outcome = await services.applicant.submit(services.deps.ids(), data, { commandId: services.deps.ids() });
      expect(outcome).toMatchObject({ outcome: 'rejected', rejection: { type: 'invalid' } });
    },
  ),
);

const resubmits = some.map((at) =>
  act(`resubmit(${at})`, anyMade, async (model, world) => {
    const { data, id } = pick(model, at);
    await submit(model, world, { data, spelling: 'plain', after: id });
  }),
);

const withdraws = some.map((at) =>
  act(`withdraw(${at})`, anyMade, async (model, world) => {
    const known = pick(model, at);
    const commandId = world.services.deps.ids();
    const send = () => world.services.applicant.withdraw(known.id, { commandId });
    const outcome = await send();
    if (!early.includes(known.status)) {
      expect(outcome).toEqual({ outcome: 'rejected', rejection: untimely(known) });
      return;
    }
    Object.assign(known, { status: 'withdrawn', revision: known.revision + 1, endedOn: todayOf(world) });
    done(model, known, outcome, send);
  }),
);

const erases = some.map((at) =>
  act(`erase(${at})`, anyMade, async (model, world) => {
    const known = pick(model, at);
    const commandId = world.services.deps.ids();
    const send = () => world.services.applicant.erase(known.id, { commandId });
    const outcome = await send();
    if (known.status !== 'withdrawn') {
      const type = ['rejected', 'declined', 'registered', 'revoked'].includes(known.status)
        ? 'withinRetention'
        : 'untimely';
      expect(outcome).toMatchObject({ outcome: 'rejected', rejection: { type } });
      return;
    }
    if (known.erased) return expect(outcome).toMatchObject({ outcome: 'done', revision: known.revision });
    Object.assign(known, { erased: true, revision: known.revision + 1 });
    done(model, known, outcome, send);
  }),
);

type Change = 'mobile' | 'place' | 'nothing' | 'parity';

const changed = ({ data }: Known, change: Change, { offices }: World, to: number): RegistrationData => {
  if (change === 'nothing') return data;
  if (change === 'parity')
    return data.application.parity === 1 ? forSecondChild(data) : { ...data, application: { parity: 1 }, children: [] };
  if (change === 'mobile') return { ...data, declaration: { ...data.declaration, mobile: `1380000000${to}` } };
  const { code, village } = offices[to] as World['offices'][number];
  const wifeResidence = { ...data.wifeResidence, division: village };
  return { ...data, wifeResidence, declaration: { ...data.declaration, place: code } };
};

/** What an amendment is expected to be refused for, if it is. */
const refusal = (known: Known, data: RegistrationData, stale: boolean) => {
  if (stale) return { outcome: 'stale', revision: known.revision };
  const rejected = (rejection: object) => ({ outcome: 'rejected', rejection });
  if (!early.includes(known.status)) return rejected(untimely(known));
  if (data.application.parity !== known.data.application.parity) return rejected({ type: 'otherCouple' });
  return JSON.stringify(data) === JSON.stringify(known.data) ? rejected({ type: 'unchanged' }) : undefined;
};

const amends = fc
  .record({
    at: some,
    change: fc.constantFrom<Change>('mobile', 'place', 'place', 'nothing', 'parity'),
    to: someone,
    stale: fc.boolean(),
  })
  .map(({ at, change, to, stale }) =>
    act(`amend(${at}, ${change} ${to}${stale ? ', stale' : ''})`, anyMade, async (model, world) => {
      const known = pick(model, at);
      const data = changed(known, change, world, to);
      const basedOn = known.revision - (stale ? 1 : 0);
      const commandId = world.services.deps.ids();
      const send = () => world.services.applicant.amend(known.id, data, { commandId, basedOn });
      const expected = refusal(known, data, stale);
      const outcome = await send();
      if (expected !== undefined) {
        expect(outcome).toMatchObject(expected);
        return;
      }
      const moved = data.declaration.place !== known.data.declaration.place && data.declaration.place !== known.office;
      if (moved) Object.assign(known, { status: 'submitted', office: data.declaration.place, handler: undefined });
      Object.assign(known, { data, revision: known.revision + 1 });
      done(model, known, outcome, send);
    }),
  );

const repeats = fc.constant(
  act(
    'repeat()',
    (model) => model.again !== undefined,
    async ({ again }) => {
      expect(await again?.send()).toMatchObject({ outcome: 'done', repeated: true, revision: again?.of.revision });
    },
  ),
);

const waits = fc.integer({ min: 1, max: 30 }).map((hours) =>
  act(
    `wait(${hours} h)`,
    () => true,
    async (_, { app }) => {
      app.clock.now += hours * 3_600_000;
    },
  ),
);

/** What applicants do, sound or not, and the time that passes. */
export const applicantActs: readonly fc.Arbitrary<Act>[] = [
  submits,
  submits,
  submitsSwapped,
  resubmits,
  withdraws,
  erases,
  amends,
  repeats,
  waits,
];
