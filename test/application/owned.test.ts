import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { registrationViews } from '#application/applicantCommands.ts';
import { authorise } from '#application/authorise.ts';
import { declare, peopleOf } from '#application/declare.ts';
import { load } from '#application/handleCommand.ts';
import type { Authorisation } from '#domain/account/authorisations.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import type { SeenDocument } from '#domain/registration/documents.ts';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { coupleOf } from '../support/couples.ts';

const county = '520111';
const withCommittees = '520111004';
const some = demoOrganisations(loadDivisions()).filter(
  ({ code }) => ['52', '5201'].includes(code) || code.startsWith(county),
);
const open = ['submitted', 'received', 'accepted'] as const;
const held: readonly Authorisation[] = ['enterOnSite', 'review', 'register'];
let app: Running;
let couples = 0;

beforeAll(async () => {
  app = await startApplication(undefined, some);
});
afterAll(() => app.stop());

/** A registration as its test knows it: when it came in at which office, due when. */
type Made = { id: string; reviewDueOn: string; submittedOn: string };

type Step =
  | { kind: 'online' | 'entered' | 'reviewed' | 'byCommittee'; place: number }
  | { kind: 'receive' | 'accept' | 'register'; at: number }
  | { kind: 'redirect'; at: number; to: number }
  | { kind: 'merge'; from: number; into: number };

const place = fc.nat(30);
const at = fc.nat(10);
const steps: fc.Arbitrary<readonly Step[]> = fc
  .tuple(
    fc.array(fc.record({ kind: fc.constantFrom('online', 'entered', 'reviewed', 'byCommittee'), place }), {
      minLength: 1,
      maxLength: 6,
    }),
    fc.array(
      fc.oneof(
        fc.record({ kind: fc.constantFrom('receive' as const, 'accept' as const, 'register' as const), at }),
        fc.record({ kind: fc.constant('redirect' as const), at, to: place }),
      ),
      { maxLength: 8 },
    ),
    fc.record({ kind: fc.constant('merge' as const), from: place, into: place }),
    fc.nat(20),
  )
  .map(([come, acts, merge, when]) => {
    const all: Step[] = [...come, ...acts];
    return all.toSpliced(when % (all.length + 1), 0, merge);
  });

const staffOf = (office: string): Staff => ({ ...operator(office), authorisations: held });
const townships = () =>
  app.services.deps.offices
    .all()
    .filter(({ code, kind, status }) => kind === 'administration' && status === 'active' && /^\d{9}$/.test(code));
const pick = <T>(all: readonly T[], n: number): T => all[n % all.length] as T;

const seen = ({ wife, marriage }: RegistrationData): readonly SeenDocument[] => [
  { kind: 'idCard', number: wife.idNumber, shows: '' },
  { kind: 'marriageCertificate', number: marriage.certificateNumber, shows: '' },
];

/** Who enters a couple of a place: the office that handles it, or a committee under it where there is one. */
const entererFor = (data: RegistrationData, byCommittee: boolean): Staff => {
  const { offices } = app.services.deps;
  const office = offices.forPlace(data.declaration.place).code;
  const committee = offices.children(office).find(({ kind }) => kind === 'committee');
  return staffOf(byCommittee && committee !== undefined ? committee.code : office);
};

const villageFor = ({ kind, place: n }: Extract<Step, { place: number }>): string => {
  const { divisions } = app.services.deps;
  // Places of merged offices are declared on.
  const all = divisions.children(county).filter(({ code }) => app.services.deps.offices.find(code) !== undefined);
  const township = kind === 'byCommittee' ? withCommittees : pick(all, n).code;
  return pick(divisions.children(township), n).code;
};

const come = async (step: Extract<Step, { place: number }>): Promise<Made> => {
  const { deps, applicant, onSite } = app.services;
  couples += 1;
  const data = coupleOf(couples, villageFor(step));
  const [id, commandId] = [deps.ids(), deps.ids()];
  const staff = entererFor(data, step.kind === 'byCommittee');
  const entry = { documents: seen(data), review: step.kind === 'reviewed' };
  const outcome = await (step.kind === 'online'
    ? applicant.submit(id, data, { commandId })
    : onSite.enter(id, data, { staff, commandId }, entry));
  if (outcome.outcome !== 'done' || !('submittedOn' in outcome.state)) throw new Error(JSON.stringify(outcome));
  expect(outcome.state.office).toBe(declare(deps, id, data).office);
  return { id, reviewDueOn: outcome.state.reviewDueOn, submittedOn: outcome.state.submittedOn };
};

const stateOf = async (id: string) => {
  const { state, events } = await load(app.services.deps, registrationDecider, id);
  if (!('submittedOn' in state)) throw new Error('It was made.');
  return { state, revision: events.at(-1)?.revision ?? 0 };
};

const verified = {
  basis: { source: 'documents', answer: 'absent', askedAt: '2026-11-24T02:00:00.000Z', differences: [] },
  evidence: { evidence: '已核对结婚证原件' },
} as const;

/** What its office does with one of them; too early or too late nothing happens. */
const handle = async ({ id }: Made, step: Extract<Step, { at: number }>): Promise<void> => {
  const { staff, deps } = app.services;
  const { state, revision } = await stateOf(id);
  const by = { staff: staffOf(deps.offices.current(state.office)), commandId: deps.ids(), basedOn: revision };
  if (step.kind === 'receive') await staff.receiveTask(id, by);
  if (step.kind === 'accept') await staff.accept(id, by);
  if (step.kind === 'register') await staff.register(id, by, verified);
  if (step.kind === 'redirect') await staff.redirect(id, by, pick(townships(), step.to).code, '就近便民');
};

const merge = async ({ from, into }: Extract<Step, { from: number }>): Promise<void> => {
  const all = townships();
  const [gone, successor] = [pick(all, from).code, pick(all, into).code];
  // The township of the committees stays: others merge into it.
  if (gone === successor || gone === withCommittees) return;
  const staff = { ...operator(county, 'gly'), role: 'admin' as const };
  await app.services.organisations.merge(gone, { staff, commandId: app.services.deps.ids() }, successor);
};

/** One step, a minute after the one before. */
const happen = async (step: Step, made: Made[]): Promise<void> => {
  app.clock.now += 60_000;
  if ('place' in step) made.push(await come(step));
  else if ('from' in step) await merge(step);
  else if (made.length > 0) await handle(pick(made, step.at), step);
};

const settled = async () => {
  const { eventStore, viewStore } = app.stores;
  const isAtEnd = async () => {
    const end = await eventStore.lastPosition();
    return (await viewStore.checkpoint({ view: 'followMerger' })) >= end && end === (await eventStore.lastPosition());
  };
  await vi.waitFor(async () => expect(await isAtEnd()).toBe(true), { timeout: 20_000, interval: 5 });
  await app.services.deps.awaitViews(registrationViews, await eventStore.lastPosition());
};

/** Every office that there is or was, and which of these stand open in its inbox. */
const inboxes = async (): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { deps, staff } = app.services;
  const offices = deps.offices.all().map(({ code }) => code);
  const shown = offices.map(async (code) => {
    const reader = { ...staffOf('52'), authorisations: ['supervise' as const] };
    const pages = await Promise.all(open.map((status) => staff.inbox(reader, { status }, code)));
    const rows = pages.flatMap(({ lines }) => lines.map(({ row }) => row.id));
    return [code, rows] as const;
  });
  return new Map(await Promise.all(shown));
};

/** The one office in whose inbox it stands, where somebody may do what is due, by the day it was due at first. */
const isOwned = async (made: Made, shown: ReadonlyMap<string, readonly string[]>): Promise<void> => {
  const { offices, sealing } = app.services.deps;
  const { state } = await stateOf(made.id);
  const people = peopleOf(sealing, state.data);
  const act = state.status === 'accepted' || state.status === 'registered' ? 'register' : 'review';
  const asked = { act, office: state.office, people } as const;
  expect(state).toMatchObject({ reviewDueOn: made.reviewDueOn, submittedOn: made.submittedOn });
  expect(authorise(staffOf(offices.current(state.office)), asked, offices).outcome).toBe('allowed');
  expect(offices.registers(offices.current(state.office))).toBe(true);
  if (state.status === 'registered') return;
  const where = [...shown].flatMap(([code, ids]) => (ids.includes(made.id) ? [code] : []));
  expect(where).toEqual([state.office]);
  expect(offices.registers(state.office)).toBe(true);
};

describe('a registration with no visible owner', () => {
  it('does not come about, whoever enters, passes on and merges', { timeout: 120_000 }, async () => {
    const statuses = new Set<string>();
    await fc.assert(
      fc.asyncProperty(steps, async (all) => {
        const made: Made[] = [];
        for (const step of all) await happen(step, made);
        await settled();
        const shown = await inboxes();
        for (const one of made) {
          await isOwned(one, shown);
          statuses.add((await stateOf(one.id)).state.status);
        }
      }),
      { numRuns: 15 },
    );
    expect([...statuses]).toEqual(expect.arrayContaining(['submitted', 'accepted']));
    expect(app.services.deps.offices.all().some(({ status }) => status === 'merged')).toBe(true);
  });
});
