import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { registrationViews } from '#application/applicantCommands.ts';
import { authorise } from '#application/authorise.ts';
import { openOfficeDirectory } from '#application/officeDirectory.ts';
import { overviewOf } from '#application/officeNumbers.ts';
import type { OrganisationAct } from '#application/organisationCommands.ts';
import { createServices } from '#application/services.ts';
import { loadDivisions } from '#infrastructure/directory/divisions.ts';
import { progressOf } from '#web/forms/progress.ts';
import { translate } from '#web/locale.ts';
import { demoOrganisations } from '../../src/demo/organisations.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';

const county = '520111';
const some = demoOrganisations(loadDivisions()).filter(
  ({ code }) => ['52', '5201', '5203'].includes(code) || code.startsWith(county) || code.startsWith('520302'),
);
let app: Running;
let couples = 0;

beforeAll(async () => {
  app = await startApplication(undefined, some);
});
afterAll(() => app.stop());

const admin = (office: string) => ({ ...operator(office, `gly-${office}`), role: 'admin' as const });
const act = (office: string): OrganisationAct => ({ staff: admin(office), commandId: app.services.deps.ids() });

/** A couple's registration in a township, as it comes in. */
const submitted = async (township: string, services = app.services) => {
  couples += 1;
  const id = services.deps.ids();
  const [village] = services.deps.divisions.children(township);
  const outcome = await services.applicant.submit(id, declarationOf(village?.code ?? '', couples), {
    commandId: services.deps.ids(),
  });
  if (outcome.outcome !== 'done') throw new Error(JSON.stringify(outcome));
  return { id, revision: outcome.revision };
};

const rowOf = async (id: string) => (await app.services.deps.viewStore.get('registration', [id]))[0];

/** Waits until every event is followed: the reaction acts after its views. */
const settled = async () => {
  const { eventStore, viewStore } = app.stores;
  const isAtEnd = async () => {
    const end = await eventStore.lastPosition();
    return (await viewStore.checkpoint({ view: 'followMerger' })) >= end && end === (await eventStore.lastPosition());
  };
  await vi.waitFor(async () => expect(await isAtEnd()).toBe(true), { timeout: 20_000 });
  await app.services.deps.awaitViews(registrationViews, await eventStore.lastPosition());
};

describe('what an admin does with an organisation', () => {
  test('stands in the log with where it came from (S6)', async () => {
    const from = { site: 'management', entry: 'page', network: '10.0.0.0/16', address: '10.0.3.4' } as const;
    const renaming = { ...act(county), staff: { ...admin(county), from } };
    await app.services.organisations.rename('520111208', renaming, '花溪区改名乡人民政府');
    const last = (await app.stores.eventStore.readStream('organisation-520111208')).at(-1);
    expect(last?.meta['from']).toMatchObject({ site: 'management', network: '10.0.0.0/16' });
    expect(JSON.stringify(last?.meta)).not.toContain('10.0.3.4');
  });

  test('leaves the turn of the next merger alone where it took longer than its own', async () => {
    const { deps } = app.services;
    const slow = createServices({
      ...deps,
      eventStore: {
        ...deps.eventStore,
        append: async (...appending) => {
          await deps.transientStore.remove('organisationMerger', 'turn');
          await deps.transientStore.put('organisationMerger', 'turn', { holder: 'next' }, deps.clock() + 10_000);
          return deps.eventStore.append(...appending);
        },
      },
    });
    await slow.organisations.merge('520111209', act(county), '520111208');
    const turn = await deps.transientStore.get('organisationMerger', 'turn', deps.clock());
    expect(turn).toEqual({ holder: 'next' });
    await deps.transientStore.remove('organisationMerger', 'turn');
  });
});

describe('a township that merges into its neighbour', () => {
  const merged = '520111204';
  const successor = '520111205';
  const before = operator(merged);
  const staff = operator(successor);
  let open: string[];
  let closed: string;

  beforeAll(async () => {
    const waiting = await submitted(merged);
    const received = await submitted(merged);
    await app.services.staff.receiveTask(received.id, { ...act(county), staff: before, basedOn: 0 });
    const accepted = await submitted(merged);
    await app.services.staff.accept(accepted.id, { ...act(county), staff: before, basedOn: 0 });
    const rejected = await submitted(merged);
    const ending = { ...act(county), staff: before, basedOn: 0 };
    await app.services.staff.reject(rejected.id, ending, ['other'], '请核对后重新填报');
    open = [waiting.id, received.id, accepted.id];
    closed = rejected.id;
    const outcome = await app.services.organisations.merge(merged, act(county), successor);
    expect(outcome.outcome).toBe('done');
    await settled();
  });

  test('hands its open tasks over, due when they were due, and keeps the closed ones', async () => {
    for (const id of open) expect(await rowOf(id)).toMatchObject({ office: successor });
    expect(await rowOf(open[0] ?? '')).toMatchObject({ status: 'submitted', reviewDueOn: '2026-11-25' });
    expect(await rowOf(open[1] ?? '')).toMatchObject({ status: 'submitted', reviewDueOn: '2026-11-25' });
    expect(await rowOf(open[2] ?? '')).toMatchObject({ status: 'accepted', registerDueOn: '2026-11-26' });
    expect(await rowOf(closed)).toMatchObject({ office: merged, status: 'rejected' });
  });

  test('takes what its people looked at into the numbers of its successor’s audit (S6)', async () => {
    const { audit, deps, staff: acts } = app.services;
    const auditor = { ...operator(county, 'auditor'), authorisations: ['readAuditTrail' as const] };
    const lineOf = async () => {
      const found = await audit.numbers(auditor, successor, '2026-11');
      if (found.outcome !== 'found') throw new Error(found.outcome);
      return found.lines.find(({ own }) => own);
    };
    const earlier = (await lineOf())?.counts.opened ?? 0;
    await acts.registration(before, closed);
    await deps.awaitViews(['accessMonth'], await deps.eventStore.lastPosition());
    expect(await lineOf()).toMatchObject({ merged: [{ code: merged }], counts: { opened: earlier + 1 } });
  });

  test('tells the couple why', async () => {
    const view = await app.services.applicant.view(open[0] ?? '');
    expect(view?.passedOn).toMatchObject([{ because: 'merged', office: { code: successor } }]);
    const told = view && progressOf(view).find(({ key }) => key === 'merged');
    expect(translate('zh-CN', `public.progress.${told?.key}`, { office: told?.office })).toBe(
      '原办公室已并入贵阳市花溪区久安乡人民政府，由其继续办理',
    );
  });

  test('lets its successor read what was closed, and sums it up there', async () => {
    const stated = { code: 'supervision', text: '' } as const;
    expect((await app.services.staff.registration({ ...staff, stated }, closed)).outcome).toBe('found');
    const lines = await overviewOf(app.services.deps, county);
    expect(lines.map(({ office }) => office.code)).not.toContain(merged);
    const line = lines.find(({ office }) => office.code === successor);
    expect(line).toMatchObject({ counts: { submitted: 2, accepted: 1, rejected: 1 }, merged: [{ code: merged }] });
  });

  test('is found in the searches of its successor, whatever its code', async () => {
    const view = await app.services.applicant.view(closed);
    const found = await app.services.staff.search(staff, view?.data.wife.idNumber ?? '');
    expect(found).toMatchObject([{ row: { id: closed } }]);
  });

  test('has its places served by the successor from then on', async () => {
    const { id } = await submitted(merged);
    expect(await rowOf(id)).toMatchObject({ office: successor });
  });

  test('passes on what comes in from someone who did not know yet', async () => {
    const { offices } = app.services.deps;
    const then = { ...offices, forPlace: () => offices.find(merged) ?? offices.forPlace('') };
    const { id } = await submitted(merged, createServices({ ...app.services.deps, offices: then }));
    await settled();
    expect(await rowOf(id)).toMatchObject({ office: successor, passedOn: [{ from: merged, because: 'merged' }] });
  });

  test('has its people work for the successor, whatever their account says', async () => {
    const { deps } = app.services;
    const asked = { act: 'review', office: successor, people: [] } as const;
    expect(authorise(before, asked, deps.offices)).toEqual({ outcome: 'allowed' });
    expect(authorise(staff, { ...asked, office: merged }, deps.offices)).toEqual({ outcome: 'allowed' });
  });

  test('does nothing twice when the merger is read again', async () => {
    const streams = await Promise.all(open.map((id) => app.stores.eventStore.readStream(`registration-${id}`)));
    for (const events of streams) {
      expect(events.filter(({ type }) => type === 'Redirected.v1')).toHaveLength(1);
    }
  });
});

describe('a township that merges while registrations come in', () => {
  test('leaves none of them open, whichever instance took them', async () => {
    const [merging, successor] = ['520111104', '520111105'] as const;
    const still = await openOfficeDirectory({
      viewStore: app.stores.viewStore,
      wait: () => new Promise(() => undefined),
    });
    const late = createServices({ ...app.services.deps, offices: still });
    const made = Array.from({ length: 24 }, (_, n) => submitted(merging, n % 2 === 0 ? app.services : late));
    const [merged, ...registrations] = await Promise.all([
      app.services.organisations.merge(merging, act(county), successor),
      ...made,
    ]);
    expect(merged.outcome).toBe('done');
    still.stop();
    await settled();
    const rows = await app.services.deps.viewStore.get(
      'registration',
      registrations.map(({ id }) => id),
    );
    expect(rows).toHaveLength(24);
    expect(new Set(rows.map(({ office }) => office))).toEqual(new Set([successor]));
    const counted = await app.services.deps.viewStore.get('counters', [merging, successor]);
    expect(counted.map(({ id, submitted: open }) => [id, open])).toEqual(expect.arrayContaining([[successor, 24]]));
    expect(counted.find(({ id }) => id === merging)?.['submitted'] ?? 0).toBe(0);
  });
});

describe('two townships that are merged into each other at the same instant', () => {
  test('leave one of them', async () => {
    const [one, other] = ['520111005', '520111006'] as const;
    const { organisations, deps } = app.services;
    const outcomes = await Promise.all([
      organisations.merge(one, act(county), other),
      organisations.merge(other, act(county), one),
    ]);
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'rejected']);
    expect([one, other].filter((code) => deps.offices.find(code)?.status === 'active')).toHaveLength(1);
  });
});

describe('a township that moves under another county', () => {
  test('takes its registrations along: they are found and counted there', async () => {
    const [moved, there] = ['520111207', '520302'] as const;
    const { id } = await submitted(moved);
    const outcome = await app.services.organisations.move(moved, act('52'), there);
    expect(outcome.outcome).toBe('done');
    const view = await app.services.applicant.view(id);
    const idNumber = view?.data.wife.idNumber ?? '';
    expect(await app.services.staff.search(operator(there), idNumber)).toMatchObject([{ row: { id } }]);
    expect(await app.services.staff.search(operator(county), idNumber)).toEqual([]);
    expect(app.services.deps.offices.forPlace(moved).code).toBe(moved);
    const lines = await overviewOf(app.services.deps, there);
    expect(lines.find(({ office }) => office.code === moved)).toMatchObject({ counts: { submitted: 1 } });
  });
});
