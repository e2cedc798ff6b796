import fc from 'fast-check';
import { expect } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { registerDueOn } from '#domain/calendar/deadlines.ts';
import { policyOn } from '#domain/calendar/policy.ts';
import type { SeenDocument } from '#domain/registration/documents.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { operator } from '../../support/application.ts';
import { forSecondChild } from '../../support/couples.ts';
import { type Act, act, anyMade, done, keyOf, made, pick } from './applicantActs.ts';
import { type Known, live, type Model, todayOf, type World } from './world.ts';

type Entry = { data: RegistrationData; office: string; review: boolean; account: string; after?: Known };

const ended: readonly string[] = ['rejected', 'declined', 'withdrawn', 'revoked'];

const enterer = (office: string, account: string): Staff => ({
  ...operator(office, account),
  authorisations: ['enterOnSite', 'review'],
});

const seen = ({ wife, marriage }: RegistrationData): readonly SeenDocument[] => [
  { kind: 'idCard', number: wife.idNumber, shows: '' },
  { kind: 'marriageCertificate', number: marriage.certificateNumber, shows: '' },
];

/** What an entry is expected to come to instead of a registration, if it is. */
const refusal = (model: Model, { data, office, after }: Entry): object | undefined => {
  if (data.declaration.place !== office) return { outcome: 'forbidden', reason: 'office' };
  if (after !== undefined && (after.erased || !ended.includes(after.status))) return { outcome: 'notEnded' };
  const holder = model.registrations.find((one) => one.couple === keyOf(data) && live.includes(one.status));
  return holder && { outcome: 'duplicate', office: holder.office, reviewDueOn: holder.reviewDueOn };
};

/** As it is once its enterer has reviewed it in the same sitting. */
const reviewed = (world: World, known: Known, account: string): Known => {
  const today = todayOf(world);
  const due = registerDueOn(today, world.services.deps.calendarOf(known.office), policyOn(today).limits);
  if (due.outcome !== 'day') throw new Error('The clock of a run went too far.');
  return { ...known, status: 'accepted', handler: account, registerDueOn: due.day, revision: 2 };
};

const enter = async (model: Model, world: World, entry: Entry): Promise<void> => {
  const { data, office, review, account, after } = entry;
  const { onSite, deps } = world.services;
  const [id, commandId, predecessor] = [deps.ids(), deps.ids(), after?.id];
  const given = { documents: seen(data), review, predecessor };
  const send = () => onSite.enter(id, data, { staff: enterer(office, account), commandId }, given);
  const expected = refusal(model, entry);
  const outcome = await send();
  if (expected !== undefined) {
    expect(outcome).toMatchObject(expected);
    return;
  }
  const submitted = made(world, id, data, predecessor);
  const known = review ? reviewed(world, submitted, account) : submitted;
  model.registrations.push(known);
  done(model, known, outcome, send);
};

const how = { review: fc.boolean(), account: fc.constantFrom('first', 'second') };

const enters = fc
  .record({
    couple: fc.nat(2),
    second: fc.boolean(),
    foreign: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
    ...how,
  })
  .map(({ couple, second, foreign, review, account }) =>
    act(
      `enterOnSite(couple ${couple}, ${second ? 'second' : 'first'} child${foreign ? ', elsewhere' : ''}${review ? ', reviewed' : ''})`,
      () => true,
      (model, world) => {
        const own = world.couples[couple] as RegistrationData;
        const data = second ? forSecondChild(own) : own;
        const office = world.offices[foreign ? (couple + 1) % 3 : couple]?.code ?? '';
        return enter(model, world, { data, office, review, account });
      },
    ),
  );

const continues = fc.record({ at: fc.nat(20), ...how }).map(({ at, review, account }) =>
  act(`continueOnSite(${at}${review ? ', reviewed' : ''})`, anyMade, (model, world) => {
    const after = pick(model, at);
    return enter(model, world, { data: after.data, office: after.data.declaration.place, review, account, after });
  }),
);

/** What staff enter in a couple's presence, sound or not (R8). */
export const onSiteActs: readonly fc.Arbitrary<Act>[] = [enters, continues];
