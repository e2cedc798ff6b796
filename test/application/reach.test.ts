import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { idNumberKey, peopleOf } from '#application/declare.ts';
import { handleCommand } from '#application/handleCommand.ts';
import { registerAccount } from '#application/registerAccount.ts';
import { rosterKeeping } from '#application/roster/kept.ts';
import { createServices } from '#application/services.ts';
import { authorisations, type Role, roles } from '#domain/account/authorisations.ts';
import { stockDecider } from '#domain/stock/decide.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { personNumbered } from '../support/accountScene.ts';
import { type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { officesOf } from '../support/offices.ts';
import {
  askingNobody,
  established,
  nextOf,
  type Parents,
  serviceCalls,
  type Target,
  uploadOf,
} from '../support/reachCalls.ts';

const offices = Object.keys(established);
const registering = ['520111004', '520111005', '520103019'];
const townships: Readonly<Record<string, string>> = {
  '520111004': '520111004005',
  '520111005': '520111005001',
  '520103019': '520103019001',
};

/** Whether a service let someone through: it answered with something that is neither a refusal nor nothing. */
const letThrough = (answer: unknown): boolean => {
  if (answer === undefined || answer === false) return false;
  if (Array.isArray(answer)) return answer.length > 0;
  return answer === true || (answer as { outcome?: string }).outcome !== 'forbidden';
};

let app: Running;
const registrations = new Map<string, { id: string; people: readonly string[] }>();
const accounts = new Map<string, string>();

/** Every office has serials and has sent some to the next: who may settle that is asked of each. */
const sendStock = async () => {
  const { deps } = app.services;
  for (const office of offices) {
    const [stock, act] = [
      `${office}-1`,
      () => ({ commandId: deps.ids(), actor: { kind: 'system', name: 'test' } as const }),
    ];
    const run = { from: 202600000001, to: 202600000010 };
    await handleCommand(deps, stockDecider, stock, { type: 'EnterPrintRun', run }, act());
    const sending = {
      stock,
      office,
      to: nextOf(office),
      relation: 'child',
      ranges: [run],
      handedOverBy: 'keeper',
    } as const;
    await handleCommand(deps, stockDecider, stock, { type: 'Dispatch', ...sending }, act());
  }
  await deps.awaitViews(['stock', 'shipment'], await app.stores.eventStore.lastPosition());
};

const prepare = async () => {
  await sendStock();
  const { deps, applicant } = app.services;
  for (const [n, office] of registering.entries()) {
    const id = deps.ids();
    const data = declarationOf(townships[office] ?? '', n);
    const outcome = await applicant.submit(id, data, { commandId: deps.ids() });
    if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
    registrations.set(office, { id, people: peopleOf(deps.sealing, data) });
  }
  let position = 0;
  for (const [n, office] of offices.entries()) {
    for (const [m, role] of roles.entries()) {
      const act = { commandId: deps.ids(), actor: { kind: 'system', name: 'test' } } as const;
      const made = await registerAccount(deps, { office, role, details: personNumbered(2 * n + m) }, act);
      if (made.outcome !== 'registered') throw new Error(JSON.stringify(made));
      accounts.set(`${role} ${office}`, made.account);
      position = made.position;
    }
  }
  await deps.awaitViews(['account', 'registration', 'inbox', 'search'], position);
};

/** An upload, an import that is over and its passwords, kept for everyone who asks: they see them only where they may. */
const keepUploads = async () => {
  const { deps } = app.services;
  const keeping = rosterKeeping(deps);
  const file = { name: 'a.xlsx', format: 'xlsx' } as const;
  const preview = { file, foot: {}, unread: [], rows: 0, present: 0, entries: [], faulty: [], lines: [] } as never;
  for (const account of ['someone', ...accounts.values()]) {
    const id = uploadOf(account);
    await keeping.previews.put(id, account, preview);
    await keeping.slips.put(id, account, { accounts: [{}] as never });
    await deps.transientStore.put('rosterJob', id, { account, job: { status: 'done' } }, deps.clock() + 3_600_000);
  }
};

beforeAll(async () => {
  const all = demoOrganisations(loadDivisions()).filter(({ code }) => offices.includes(code));
  app = await startApplication('2026-11-24T02:00:00Z', all);
  await prepare();
  await keepUploads();
});
afterAll(() => app.stop());

/** Any tree of these offices: each but the first reports to one before it. */
const tree: fc.Arbitrary<Parents> = fc
  .array(fc.nat(offices.length - 1), { minLength: offices.length, maxLength: offices.length })
  .map((picks) => {
    const above = (n: number) => (n === 0 ? '' : (offices[(picks[n] ?? 0) % n] ?? ''));
    return Object.fromEntries(offices.map((office, n) => [office, above(n)]));
  });

type Where = { office: string; role: Role };
const target: fc.Arbitrary<Where> = fc.record({
  office: fc.constantFrom(...offices),
  role: fc.constantFrom(...roles),
});

const asker = fc.record({
  /** Where they work, as seen from whom they ask about: there, right above, or anywhere. */
  from: fc.oneof(fc.constantFrom('there', 'there', 'above'), fc.constantFrom(...offices)),
  role: fc.constantFrom(...roles),
  authorisations: fc.oneof(fc.constant([...authorisations]), fc.subarray([...authorisations])),
  verified: fc.oneof({ weight: 6, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  /** They ask about their own account, or about a registration that is their own. */
  own: fc.constantFrom('nothing', 'nothing', 'account', 'registration'),
});
type Asker = typeof asker extends fc.Arbitrary<infer A> ? A : never;

const targetOf = (parents: Parents, { office, role }: Where): Target => ({
  parents,
  office,
  role,
  account: accounts.get(`${role} ${office}`) ?? '',
  registration: registrations.get(office)?.id ?? '',
  people: registrations.get(office)?.people ?? [],
  details: personNumbered(2 * offices.indexOf(office) + roles.indexOf(role)),
});

const officeOf = (from: string, { office, parents }: Target): string => {
  if (from === 'there') return office;
  return from === 'above' ? parents[office] || office : from;
};

const staffOf = ({ own, from, ...given }: Asker, about: Target): Staff => ({
  ...given,
  office: officeOf(from, about),
  account: own === 'account' ? about.account : 'someone',
  name: '王芳',
  person: own === 'registration' ? (about.people[0] ?? '') : idNumberKey(app.services.deps.sealing, 'nobody'),
  stated: { code: 'supervision', text: '' },
});

/** The services over the same people and registrations, the offices reporting to one another as told. */
const servicesOver = (parents: Parents) => {
  const { deps } = app.services;
  const all = deps.offices.all().map((office) => ({ ...office, parent: parents[office.code] ?? '' }));
  return createServices({ ...deps, offices: officesOf(all) });
};

const aboutRegistrations =
  /^(staff\.(?!mayList|overview|inbox|counters)|verifications|scans|certificates|ordinary\.|onSite\.receipt|institutions\.(?:annotate|correct)|audit\.record)/;

describe('every command and query of services', () => {
  it('stands in the table of calls, or in the list of those that ask nobody, with the reason', () => {
    const { services } = app;
    const groups = [
      'staff',
      'verifications',
      'accounts',
      'organisations',
      'audit',
      'certificates',
      'rosters',
      'scans',
      'stock',
      'ordinary',
      'printing',
      'onSite',
      'institutions',
    ] as const;
    const all = groups.flatMap((group) => Object.keys(services[group]).map((name) => `${group}.${name}`));
    expect([...Object.keys(serviceCalls), ...Object.keys(askingNobody)].toSorted()).toEqual(all.toSorted());
  });

  /** Which calls let someone through, each checked against the rules. */
  const askAll = async (who: Asker, where: Where, parents = established): Promise<readonly string[]> => {
    const about = targetOf(parents, where);
    const services = servicesOver(parents);
    const staff = staffOf(who, about);
    const through: string[] = [];
    for (const [name, { ask, may }] of Object.entries(serviceCalls)) {
      if (about.registration === '' && aboutRegistrations.test(name)) continue;
      const isLet = letThrough(await ask(services, staff, about));
      expect([name, isLet]).toEqual([name, may(staff, about)]);
      if (isLet) through.push(name);
    }
    return through;
  };

  test.prop([fc.oneof(fc.constant(established), tree), asker, target], { numRuns: 60 })(
    'lets through exactly whom the rules let through in any tree, and changes nothing else',
    async (parents, who, where) => {
      const before = await app.stores.eventStore.lastPosition();
      await askAll(who, where, parents);
      const happened = await app.stores.eventStore.readAll(before, 1000);
      expect(happened.filter(({ stream }) => !stream.startsWith('access-'))).toEqual([]);
    },
  );

  it('lets someone through', async () => {
    const someone = { role: 'admin', authorisations: [...authorisations], verified: true, own: 'nothing' } as const;
    const township = { office: '520111004', role: 'operator' } as const;
    const through = await Promise.all([
      askAll({ ...someone, role: 'operator', from: 'there' }, township),
      askAll({ ...someone, from: 'there' }, township),
      askAll({ ...someone, from: 'there', own: 'account' }, township),
      askAll({ ...someone, from: '5201' }, { office: '520111', role: 'admin' }),
      askAll({ ...someone, role: 'operator', from: 'above' }, township),
      askAll({ ...someone, role: 'operator', from: 'there' }, { office: '52', role: 'operator' }),
      askAll({ ...someone, role: 'operator', from: '520111-H01' }, township),
    ]);
    expect(new Set(through.flat())).toEqual(new Set(Object.keys(serviceCalls)));
  });
});
