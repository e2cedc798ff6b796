import { fc, test } from '@fast-check/vitest';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import type { Staff } from '#application/actor.ts';
import { authorise } from '#application/authorise.ts';
import { peopleOf } from '#application/declare.ts';
import type { Authorisation } from '#domain/account/authorisations.ts';
import type { SeenDocument } from '#domain/registration/documents.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { anOffice, officesOf } from '../support/offices.ts';

let app: Running;
let couples = 0;
const township = '520111004';
const village = '520111004001';

beforeAll(async () => {
  app = await startApplication();
});
afterAll(() => app.stop());

const nextCouple = () => {
  couples += 1;
  return declarationOf(village, couples);
};
const enterer = (office = township, held: readonly Authorisation[] = ['enterOnSite', 'review', 'register']): Staff => ({
  ...operator(office),
  authorisations: held,
});
const seen: readonly SeenDocument[] = [
  { kind: 'idCard', number: '520111199512249003', shows: '' },
  { kind: 'marriageCertificate', number: 'J520103-2021-001234', shows: '' },
];
type Entry = { documents?: readonly SeenDocument[]; review?: boolean; predecessor?: string };
const newIds = (): [id: string, commandId: string] => [app.services.deps.ids(), app.services.deps.ids()];
const enter = (staff: Staff, data = nextCouple(), entry: Entry = {}, [id, commandId] = newIds()) => {
  const { documents = seen, review = false, predecessor } = entry;
  return app.services.onSite.enter(id, data, { staff, commandId }, { documents, review, predecessor });
};
const typesOf = async (id: string) =>
  (await app.stores.eventStore.readStream(`registration-${id}`)).map(({ type }) => type.replace(/\.v\d+$/, ''));
const streams = async () => (await app.stores.eventStore.readAll(0, 100_000)).length;

describe('an entry on site (R8)', () => {
  test('given a couple at the township, when staff enter and review it in one sitting, then it waits to be verified', async () => {
    const id = app.services.deps.ids();
    const outcome = await enter(enterer(), nextCouple(), { review: true }, [id, app.services.deps.ids()]);
    expect(outcome).toMatchObject({ outcome: 'done', state: { status: 'accepted', office: township } });
    expect(await typesOf(id)).toEqual(['Submitted', 'TaskReceived', 'Accepted']);
    const [row] = await app.services.deps.viewStore.get('registration', [id]);
    expect(row).toMatchObject({ status: 'accepted', handler: enterer().account });
  });

  test('given a couple at the township, when staff enter it only, then it waits in the inbox of the township', async () => {
    const outcome = await enter(enterer());
    expect(outcome).toMatchObject({ outcome: 'done', state: { status: 'submitted', office: township } });
  });

  test('given no marriage certificate, or one without a number, when it is to be reviewed at once, then nothing happens', async () => {
    const before = await streams();
    for (const documents of [
      [],
      seen.slice(0, 1),
      [...seen.slice(0, 1), { ...seen[1], number: ' ' } as SeenDocument],
    ]) {
      const outcome = await enter(enterer(), nextCouple(), { review: true, documents });
      expect(outcome).toEqual({ outcome: 'rejected', rejection: { type: 'undocumented' } });
    }
    expect(await streams()).toBe(before);
  });

  test('given one sending, when it comes again, also with the review, then it happens once', async () => {
    const ids = newIds();
    const data = nextCouple();
    await enter(enterer(), data, { review: true }, ids);
    expect(await enter(enterer(), data, { review: true }, ids)).toMatchObject({ outcome: 'done', repeated: true });
    expect(await typesOf(ids[0])).toHaveLength(3);
  });

  test('given a live registration of a couple, when it is entered on site, then staff are told where that lies', async () => {
    const data = nextCouple();
    const { ids } = app.services.deps;
    await app.services.applicant.submit(ids(), data, { commandId: ids() });
    expect(await enter(enterer(), data)).toMatchObject({ outcome: 'duplicate', office: township });
  });

  test('given many who enter one couple at the same instant, then one registration stands', async () => {
    const data = nextCouple();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => enter(enterer(), data)));
    expect(outcomes.map(({ outcome }) => outcome).toSorted()).toEqual(['done', ...Array(7).fill('duplicate')]);
  });

  test('given evident errors, when it is entered, then the same rules stop it as online', async () => {
    const outcome = await enter(enterer(), { ...nextCouple(), application: { parity: 3 } });
    expect(outcome).toMatchObject({ outcome: 'rejected', rejection: { type: 'invalid' } });
  });

  test('given a registration that was rejected, when it is continued on site, then it names it; a live one is not continued', async () => {
    const data = nextCouple();
    const [first, live] = [app.services.deps.ids(), app.services.deps.ids()];
    const { ids } = app.services.deps;
    await app.services.applicant.submit(first, data, { commandId: ids() });
    const act = { staff: enterer(), commandId: ids(), basedOn: 0 };
    expect(await enter(enterer(), data, { predecessor: first })).toEqual({ outcome: 'notEnded' });
    await app.services.staff.reject(first, act, ['other'], '请到现场办理');
    await enter(enterer(), data, { predecessor: first, review: true }, [live, ids()]);
    const [row] = await app.services.deps.viewStore.get('registration', [live]);
    expect(row).toMatchObject({ predecessor: first, status: 'accepted' });
    expect(await enter(enterer(), nextCouple(), { predecessor: ids() })).toEqual({ outcome: 'notEnded' });
  });

  test('given staff of elsewhere, without the authorisation or of the couple itself, then nothing happens', async () => {
    const data = nextCouple();
    const [own = ''] = peopleOf(app.services.deps.sealing, data);
    const before = await streams();
    const refused = async (staff: Staff, review = false) => enter(staff, data, { review });
    expect(await refused(enterer('520111005'))).toEqual({ outcome: 'forbidden', reason: 'office' });
    expect(await refused(enterer(township, ['review']))).toEqual({ outcome: 'forbidden', reason: 'authorisation' });
    expect(await refused(enterer(township, ['enterOnSite']), true)).toEqual({
      outcome: 'forbidden',
      reason: 'authorisation',
    });
    expect(await refused({ ...enterer(), person: own })).toEqual({ outcome: 'forbidden', reason: 'self' });
    expect(await refused({ ...enterer(), role: 'admin' })).toEqual({ outcome: 'forbidden', reason: 'role' });
    expect(await refused({ ...enterer(), verified: false })).toEqual({ outcome: 'forbidden', reason: 'unverified' });
    expect(await streams()).toBe(before);
  });
});

describe('who may enter for which office (R8)', () => {
  const codes = ['52', '5201', '520111', '520111004', '520111005', '520111004001', '520111005001', '520111-H01'];
  const offices = officesOf([
    anOffice({ code: '52', parent: '', level: 'province' }),
    anOffice({ code: '5201', parent: '52', level: 'prefecture' }),
    anOffice({ code: '520111', parent: '5201', level: 'county' }),
    anOffice({ code: '520111004', parent: '520111', status: 'merged', successor: '520111005' }),
    anOffice({ code: '520111005', parent: '520111' }),
    anOffice({ code: '520111004001', parent: '520111004', kind: 'committee', level: 'village' }),
    anOffice({ code: '520111005001', parent: '520111005', kind: 'committee', level: 'village' }),
    anOffice({ code: '520111-H01', parent: '520111', kind: 'institution', level: 'county' }),
  ]);

  test('whatever is entered ends at an office that registers: the own one, or the one above the own committee', () => {
    const allowed = codes.flatMap((own) =>
      codes
        .filter(
          (office) =>
            authorise(enterer(own), { act: 'enterOnSite', office, people: [] }, offices).outcome === 'allowed',
        )
        .map((office) => [own, office]),
    );
    for (const [own = '', office = ''] of allowed) {
      const goesTo = offices.current(office);
      expect(offices.registers(goesTo)).toBe(true);
      expect([offices.current(own), offices.find(own)?.parent]).toContain(goesTo);
    }
    expect(allowed).toContainEqual(['520111004001', '520111005']);
    expect(allowed).toContainEqual(['520111005', '520111004']);
    expect(allowed.map(([own]) => own)).not.toContain('520111-H01');
    expect(allowed.map(([own]) => own)).not.toContain('5201');
  });

  test.prop([fc.constantFrom(...codes), fc.constantFrom(...codes), fc.boolean()])(
    'nobody enters a couple that they are of, at any office and with whatever they hold',
    (own, office, second) => {
      const staff = enterer(own);
      const people = second ? ['another', staff.person] : [staff.person, 'another'];
      expect(authorise(staff, { act: 'enterOnSite', office, people }, offices).outcome).toBe('forbidden');
    },
  );
});
