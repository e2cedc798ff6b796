import fc from 'fast-check';
import { expect } from 'vitest';
import type { CorrectionOutcome } from '#application/correctionCommands.ts';
import type { StaffAct } from '#application/performAct.ts';
import type { Verified } from '#application/staffCommands.ts';
import { lookUpCouple } from '#application/verification.ts';
import { registerDueOn } from '#domain/calendar/deadlines.ts';
import { policyOn } from '#domain/calendar/policy.ts';
import { operator } from '../../support/application.ts';
import { type Act, act, anyMade, done, pick } from './applicantActs.ts';
import { early, type Known, type Model, type ModelStatus, todayOf, untimely, type World } from './world.ts';

/**
 * Who acts, and on which page: at the right office or another, on the newest revision or the one before; `aimed`: on one that
 * the act is timely for, where there is any.
 */
type Manner = { at: number; aimed: boolean; foreign: boolean; stale: boolean; account: string };

const manner: fc.Arbitrary<Manner> = fc.record({
  at: fc.nat(20),
  aimed: fc.integer({ min: 0, max: 2 }).map((n) => n > 0),
  foreign: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  stale: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  account: fc.constantFrom('first', 'second'),
});

/** One kind of staff act: when it is timely, what else refuses it, and what it leaves. */
type Deed = {
  timely: readonly ModelStatus[];
  send: (world: World, known: Known, by: StaffAct) => Promise<CorrectionOutcome>;
  /** The rejection that a timely act meets all the same, if it does. */
  refused?: (known: Known) => object | undefined;
  /** What is so afterwards, and how many events tell of it: none where nothing is new. */
  leaves: (world: World, known: Known, account: string) => { events: number; now: Partial<Known> };
};

const target = (model: Model, { at, aimed }: Manner, timely: readonly ModelStatus[]): Known => {
  const fitting = model.registrations.filter(({ status }) => timely.includes(status));
  return pick(aimed && fitting.length > 0 ? { registrations: fitting } : model, at);
};

/** What the act is expected to be refused for, if it is. */
const refusal = (deed: Deed, known: Known, { foreign, stale }: Manner): object | undefined => {
  if (foreign) return { outcome: 'forbidden', reason: 'office' };
  if (stale) return { outcome: 'stale', revision: known.revision };
  if (!deed.timely.includes(known.status)) {
    return { outcome: 'rejected', rejection: untimely(known) };
  }
  const rejection = deed.refused?.(known);
  return rejection && { outcome: 'rejected', rejection };
};

const perform = async (deed: Deed, how: Manner, model: Model, world: World): Promise<void> => {
  const known = target(model, how, deed.timely);
  const foreigner = world.offices.find(({ code }) => code !== known.office)?.code ?? '';
  const by: StaffAct = {
    staff: operator(how.foreign ? foreigner : known.office, how.account),
    commandId: world.services.deps.ids(),
    basedOn: known.revision - (how.stale ? 1 : 0),
  };
  const expected = refusal(deed, known, how);
  const { events, now } = deed.leaves(world, known, how.account);
  const outcome = await deed.send(world, known, by);
  if (expected !== undefined) {
    expect(outcome).toMatchObject(expected);
    return;
  }
  Object.assign(known, now, { revision: known.revision + events });
  expect(outcome).toMatchObject({ outcome: 'done', repeated: false, revision: known.revision });
  if (events > 0) done(model, known, outcome, () => deed.send(world, known, by));
};

const takes = (known: Known, account: string) => (known.handler === account ? 0 : 1);

const receive: Deed = {
  timely: [...early, 'accepted'],
  send: ({ services }, { id }, by) => services.staff.receiveTask(id, by),
  leaves: (_, known, account) => ({
    events: takes(known, account),
    now: { status: known.status === 'accepted' ? 'accepted' : 'received', handler: account },
  }),
};

const accept: Deed = {
  timely: early,
  send: ({ services }, { id }, by) => services.staff.accept(id, by),
  leaves: (world, known, account) => {
    const today = todayOf(world);
    const due = registerDueOn(today, world.services.deps.calendarOf(known.office), policyOn(today).limits);
    if (due.outcome !== 'day') throw new Error('The clock of a run went too far.');
    const now = { status: 'accepted', handler: account, registerDueOn: due.day } as const;
    return { events: 1 + takes(known, account), now };
  },
};

const reject: Deed = {
  timely: early,
  send: ({ services }, { id }, by) => services.staff.reject(id, by, ['untrueMarriage'], '结婚登记日期有误'),
  leaves: (world, known, account) => ({
    events: 1 + takes(known, account),
    now: { status: 'rejected', handler: account, endedOn: todayOf(world), text: '结婚登记日期有误' },
  }),
};

const redirectable: readonly ModelStatus[] = [...early, 'accepted'];

const redirect = (to: number): Deed => ({
  timely: redirectable,
  send: ({ services, offices }, { id }, by) => services.staff.redirect(id, by, offices[to]?.code ?? '', '就近便民'),
  leaves: ({ offices }, { status, office, passedFrom = [] }) => ({
    events: 1,
    now: {
      office: offices[to]?.code ?? '',
      passedFrom: [...passedFrom, office],
      handler: undefined,
      status: status === 'accepted' ? 'accepted' : 'submitted',
    },
  }),
});

type Answer = 'agrees' | 'unreachable' | 'unreachableButSeen';

/** Looks the couple up as the verification screen does, in a population system that answers so. */
const verifiedBy = async (answer: Answer, world: World, { id, data }: Known, by: StaffAct): Promise<Verified> => {
  const person = (spouse: 'wife' | 'husband') => ({
    ...data[spouse],
    householdDivision: data[`${spouse}Household`].division,
  });
  const { certificateNumber, registeredOn } = data.marriage;
  const record = {
    wife: person('wife'),
    husband: person('husband'),
    marriage: { certificateNumber, registeredOn },
    children: data.children,
  };
  world.app.population.answer =
    answer === 'agrees' ? { outcome: 'found', record } : { outcome: 'unreachable', reason: 'timeout' };
  const { deps, verifications } = world.services;
  const shown = await lookUpCouple(deps, by.staff, id, data);
  return verifications.verified(shown, answer === 'unreachableButSeen' ? '已核对结婚证原件' : '');
};

const register = (answer: Answer): Deed => ({
  timely: ['accepted'],
  send: async (world, known, by) =>
    world.services.staff.register(known.id, by, await verifiedBy(answer, world, known, by)),
  refused: () => (answer === 'unreachable' ? { type: 'unverified' } : undefined),
  leaves: (world, known, account) => ({
    events: 1 + takes(known, account),
    now: { status: 'registered', handler: account, endedOn: todayOf(world) },
  }),
});

const decline = (answer: Answer): Deed => ({
  timely: ['accepted'],
  send: async (world, known, by) => {
    const verified = await verifiedBy(answer, world, known, by);
    return world.services.staff.decline(known.id, by, verified, ['notVerifiable'], '无法核实');
  },
  leaves: (world, known, account) => ({
    events: 1 + takes(known, account),
    now: { status: 'declined', handler: account, endedOn: todayOf(world), text: '无法核实' },
  }),
});

const because = {
  reason: '填报有误，与证件不符',
  documents: [{ kind: 'idCard', number: '1', shows: '证件所载' }],
} as const;

const correctedMobile = ({ data, revision }: Known) => {
  const mobile = `1390000${String(revision % 10_000).padStart(4, '0')}`;
  return { ...data, declaration: { ...data.declaration, mobile } };
};

const correct: Deed = {
  timely: ['registered'],
  send: ({ services }, known, by) =>
    services.staff.correct(known.id, by, { ...because, data: correctedMobile({ ...known, revision: by.basedOn }) }),
  leaves: (_, known) => ({
    events: 1,
    now: { data: correctedMobile(known), corrected: (known.corrected ?? 0) + 1 },
  }),
};

/** Names are corrected by two people; in the model they are proposed, and dismissed at times. */
const propose: Deed = {
  timely: ['registered'],
  send: ({ services }, { id, data }, by) => {
    const other = { ...data, wife: { ...data.wife, name: `${data.wife.name}芳` } };
    return services.staff.proposeCorrection(id, by, { ...because, data: other });
  },
  refused: ({ waiting }) => (waiting === undefined ? undefined : { type: 'waiting', correction: waiting }),
  leaves: (_, { proposals = 0 }) => ({ events: 1, now: { proposals: proposals + 1, waiting: proposals + 1 } }),
};

const dismiss: Deed = {
  timely: ['registered'],
  send: ({ services }, { id, proposals = 1 }, by) =>
    services.staff.dismissCorrection(id, by, proposals, '证件复印件不清晰'),
  refused: ({ waiting }) => (waiting === undefined ? { type: 'settled' } : undefined),
  leaves: () => ({ events: 1, now: { waiting: undefined } }),
};

const revoked = '经查证件系伪造，登记依法撤销';

/** By the level above; whoever comes from another township stands above nothing. */
const revoke: Deed = {
  timely: ['registered'],
  send: ({ services }, known, by) => {
    const above = services.deps.offices.find(known.office)?.parent ?? '';
    const office = by.staff.office === known.office ? above : by.staff.office;
    const staff = { ...operator(office, by.staff.account), authorisations: ['supervise'] as const };
    const given = { reasons: ['forgedDocuments'] as const, text: revoked, evidence: '民政部门来函一份' };
    return services.staff.revoke(known.id, { ...by, staff }, { ...given, heardOn: '2026-11-23', statement: '无异议' });
  },
  leaves: (world) => ({
    events: 1,
    now: { status: 'revoked', endedOn: todayOf(world), text: revoked, waiting: undefined },
  }),
};

const withdrawAtCounter: Deed = {
  timely: early,
  send: ({ services }, { id, data }, by) => {
    const atCounter = { of: 'husband', document: 'idCard', documentNumber: data.husband.idNumber } as const;
    return services.staff.withdrawAtCounter(id, by, atCounter);
  },
  leaves: (world) => ({ events: 1, now: { status: 'withdrawn', endedOn: todayOf(world) } }),
};

type Choose = (model: Model, world: World, how: Manner) => Deed;

const always = (deed: Deed): fc.Arbitrary<Choose> => fc.constant(() => deed);
const on = (make: (answer: Answer) => Deed, ...answers: readonly Answer[]): fc.Arbitrary<Choose> =>
  fc.constantFrom(...answers).map((answer) => () => make(answer));

const deeds: readonly (readonly [name: string, fc.Arbitrary<Choose>])[] = [
  ['receive', always(receive)],
  ['accept', always(accept)],
  ['accept', always(accept)],
  ['reject', always(reject)],
  // Passed on to itself a registration would not move; that is a matter of the decider's own tests.
  [
    'redirect',
    fc.integer({ min: 1, max: 2 }).map((by) => (model, { offices }, how) => {
      const here = offices.findIndex(({ code }) => code === target(model, how, redirectable).office);
      return redirect((here + by) % offices.length);
    }),
  ],
  ['register', on(register, 'agrees', 'agrees', 'unreachable', 'unreachableButSeen')],
  ['register', on(register, 'agrees', 'unreachableButSeen')],
  ['decline', on(decline, 'agrees', 'unreachable')],
  ['correct', always(correct)],
  ['propose', always(propose)],
  ['dismiss', always(dismiss)],
  ['revoke', always(revoke)],
  ['withdrawAtCounter', always(withdrawAtCounter)],
];

/** What offices do, sound or not. */
export const staffActs: readonly fc.Arbitrary<Act>[] = deeds.map(([name, deed]) =>
  fc
    .tuple(deed, manner)
    .map(([choose, how]) =>
      act(`${name}(${JSON.stringify(how)})`, anyMade, (model, world) =>
        perform(choose(model, world, how), how, model, world),
      ),
    ),
);
