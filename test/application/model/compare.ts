import { expect } from 'vitest';
import { inboxStatuses } from '#application/staffQueries.ts';
import { maskName } from '#domain/people/mask.ts';
import { couple, operator } from '../../support/application.ts';
import { early, type Known, type Model, todayOf, type World } from './world.ts';

/** One certificate for the registration and each correction, of which the last is valid until it is revoked. */
const hasItsCertificates = async ({ id, status, corrected = 0 }: Known, { deps }: World['services']) => {
  const { rows } = await deps.viewStore.find('certificate', { index: 'registration', equals: [id], limit: 50 });
  const valid = rows.filter((row) => row['status'] === 'valid').length;
  return rows.length === 1 + corrected && valid === (status === 'registered' ? 1 : 0);
};

/** Waits until every view, and every certificate that is due, has caught up with the log. */
const settled = async ({ registrations }: Model, { app, services }: World): Promise<void> => {
  const { deps } = app.services;
  for (const known of registrations.filter(({ status }) => status === 'registered' || status === 'revoked')) {
    for (let tries = 0; !(await hasItsCertificates(known, services)); tries += 1) {
      if (tries > 500) throw new Error('A certificate never came, or never became void.');
      await deps.wait(2);
    }
  }
  const views = ['registration', 'inbox', 'queryCode', 'search', 'certificate', 'counters'];
  expect(await deps.awaitViews(views, await deps.eventStore.lastPosition())).toBe(true);
};

const asRow = ({ id, revision, status, office, data, handler, ...known }: Known) => ({
  id,
  revision,
  status,
  office,
  declaredPlace: data.declaration.place,
  parity: data.application.parity,
  submittedAt: known.submittedAt,
  reviewDueOn: known.reviewDueOn,
  outcomeDueOn: known.outcomeDueOn,
  ...(known.registerDueOn === undefined ? {} : { registerDueOn: known.registerDueOn }),
  ...(known.predecessor === undefined ? {} : { predecessor: known.predecessor }),
});

const applicantSees = async (known: Known, { services }: World): Promise<void> => {
  const { applicant } = services;
  const { data, id } = known;
  const seen = await applicant.view(id);
  if (known.erased) {
    expect(seen).toBeUndefined();
    expect(await applicant.open(applicant.queryCode(id), data.wife.name)).toBeUndefined();
    return;
  }
  const ended = ['rejected', 'declined', 'withdrawn', 'revoked'].includes(known.status);
  expect(seen).toMatchObject({
    row: asRow(known),
    data,
    canAmend: early.includes(known.status),
    canWithdraw: early.includes(known.status),
    canResubmit: ended,
  });
  expect(seen?.row.handler).toBe(known.handler);
  expect(seen?.text).toBe(known.text);
  const code = applicant.queryCode(id);
  expect(await applicant.open(code, data.wife.name)).toBe(id);
  expect(await applicant.open(code.toLowerCase().replaceAll('-', ' '), ` ${data.husband.name}`)).toBe(id);
  expect(await applicant.open(code, '韦无名')).toBeUndefined();
};

const certified = async ({ id, status, data, office }: Known, { services }: World): Promise<void> => {
  const content = await services.certificates.content(id, couple);
  if (status !== 'registered') {
    expect(content).toBeUndefined();
    return;
  }
  expect(content).toMatchObject({ wife: data.wife, husband: data.husband, office: { code: office } });
  const valid = {
    outcome: 'valid',
    number: content?.number,
    parity: data.application.parity,
    wife: maskName(data.wife.name),
    husband: maskName(data.husband.name),
  };
  expect(await services.certificates.verify(content?.number ?? '')).toMatchObject(valid);
  expect(await services.certificates.verify(content?.verifyUrl ?? '')).toMatchObject(valid);
};

const dueOf = ({ status, ...known }: Known): string =>
  (early.includes(status) ? known.reviewDueOn : status === 'accepted' ? known.registerDueOn : known.endedOn) ?? '';

/** The order of the workbench: due first, then as submitted; ended ones the newest first. */
const ordered = (lines: readonly Known[], descending: boolean): readonly string[] => {
  const keyed = lines.map((known) => ({ id: known.id, key: [dueOf(known), known.submittedAt, known.id].join(' ') }));
  const sorted = keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ id }) => id);
  return descending ? sorted.toReversed() : sorted;
};

const officeSees = async (office: string, { registrations }: Model, world: World): Promise<void> => {
  const own = registrations.filter((known) => known.office === office);
  const staff = operator(office);
  for (const status of inboxStatuses) {
    const page = await world.services.staff.inbox(staff, { status });
    const expected = own.filter((known) => known.status === status);
    const open = status === 'accepted' || status === 'submitted' || status === 'received';
    expect(page.lines.map(({ row }) => row.id)).toEqual(ordered(expected, !open));
    expect(page.counters?.[status] ?? 0).toBe(expected.length);
    for (const { row, wife, husband, handlerName } of page.lines) {
      const known = expected.find(({ id }) => id === row.id);
      expect({ wife, husband, handlerName }).toEqual({
        wife: known?.erased ? '' : known?.data.wife.name,
        husband: known?.erased ? '' : known?.data.husband.name,
        handlerName: known?.handler,
      });
    }
    const late = own.filter((known) => [...early, 'accepted'].includes(known.status) && dueOf(known) < todayOf(world));
    expect(page.overdue).toBe(late.length);
  }
};

const foundBy = async (text: string, office: string, expected: readonly Known[], { services }: World) => {
  const found = await services.staff.search(operator(office), text);
  expect(found.map(({ row }) => row.id).toSorted()).toEqual(expected.map(({ id }) => id).toSorted());
};

const searched = async ({ registrations }: Model, world: World): Promise<void> => {
  for (const { wife, husband } of world.couples) {
    const theirs = registrations.filter(({ data, erased }) => data.wife.idNumber === wife.idNumber && !erased);
    for (const text of [wife.name, husband.name, wife.idNumber, husband.idNumber.toLowerCase()]) {
      for (const { code } of world.offices) {
        await foundBy(
          text,
          code,
          theirs.filter(({ office, passedFrom = [] }) => office === code || passedFrom.includes(code)),
          world,
        );
      }
      await foundBy(text, '52', theirs, world);
    }
  }
};

/** Everything that anyone can see, against what the model knows. */
export const compare = async (model: Model, world: World): Promise<void> => {
  await settled(model, world);
  for (const known of model.registrations) {
    await applicantSees(known, world);
    await certified(known, world);
  }
  for (const { code } of world.offices) await officeSees(code, model, world);
  await searched(model, world);
};
