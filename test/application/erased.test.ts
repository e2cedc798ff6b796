import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { issueCertificate } from '#application/reactions/issueCertificate.ts';
import { createServices, type Services } from '#application/services.ts';
import { upcast } from '#application/upcast.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';
import { couple, operator, type Running, startApplication } from '../support/application.ts';
import { coupleOf } from '../support/couples.ts';
import { found } from '../support/registrations.ts';

const office = '520111004';
const staff = operator(office);
let app: Running;
let after: Services;

/** The same application once every data key in use so far is destroyed; new ones are made as before. */
const withKeysDestroyed = (): Services => {
  const { deps } = app.services;
  const made = new Set<string>();
  const dataKeys = {
    ...deps.dataKeys,
    next: async () => {
      const key = await deps.dataKeys.next();
      made.add(key.id);
      return key;
    },
    find: async (id: string) => (made.has(id) ? deps.dataKeys.find(id) : undefined),
  };
  return createServices({
    ...deps,
    dataKeys,
    sealing: createSealing(app.stores.keys, dataKeys),
    wait: async () => undefined,
  });
};

const submit = async (services: Services, n: number) => {
  const id = services.deps.ids();
  const outcome = await services.applicant.submit(id, coupleOf(n, '520111004001'), { commandId: services.deps.ids() });
  return { id, outcome };
};
const act = (basedOn: number) => ({ staff, commandId: app.services.deps.ids(), basedOn });

beforeAll(async () => {
  app = await startApplication();
  after = withKeysDestroyed();
});
afterAll(() => app.stop());

const registered = async (n: number) => {
  const { services } = app;
  const { id } = await submit(services, n);
  await services.staff.accept(id, act(0));
  await services.staff.register(id, act(2), { basis: found, evidence: { answer: {} } });
  for (let tries = 0; tries < 500; tries += 1) {
    const content = await services.certificates.content(id, couple);
    if (content !== undefined) return { id, content };
    await services.deps.wait(2);
  }
  throw new Error('The certificate never came.');
};

describe('a registration whose data key is destroyed', () => {
  it('is absent for its couple and its office, and still counts', async () => {
    const { id } = await submit(app.services, 1);
    expect(await after.applicant.view(id)).toBeUndefined();
    expect(await after.staff.registration(staff, id)).toEqual({ outcome: 'erased' });
    const page = await after.staff.inbox(staff, { status: 'submitted' });
    expect(page.lines.find(({ row }) => row.id === id)).toMatchObject({ wife: '', husband: '', place: '' });
    expect(page.counters?.submitted).toBe(page.lines.length);
    expect(await after.staff.search(staff, coupleOf(1, '520111004001').wife.name)).toEqual([]);
  });

  it('keeps its history: what happened, when and by whom, and nothing about the couple', async () => {
    const { id } = await submit(app.services, 2);
    await app.services.staff.reject(id, act(0), ['untrueMarriage'], '李安安的结婚登记日期有误');
    const history = await after.staff.history(staff, id);
    if (history.outcome !== 'found') throw new Error(`the history is ${history.outcome}`);
    expect(history.events.map(({ type, erased }) => [type, erased])).toEqual([
      ['Submitted', true],
      ['TaskReceived', false],
      ['Rejected', true],
    ]);
    expect(history.events[2]).toMatchObject({
      data: { reasons: ['untrueMarriage'], personal: {} },
      meta: { actor: { kind: 'staff', account: staff.account } },
    });
  });

  it('still holds its couple while it lives, and frees them once it has ended', async () => {
    const { id } = await submit(app.services, 3);
    expect((await submit(after, 3)).outcome).toMatchObject({ outcome: 'duplicate', office });
    expect(await after.applicant.withdraw(id, { commandId: after.deps.ids() })).toMatchObject({ outcome: 'done' });
    expect((await submit(after, 3)).outcome.outcome).toBe('done');
  });

  it('takes no more personal data, not even under another key', async () => {
    const { id } = await submit(app.services, 4);
    const rejecting = after.staff.reject(id, act(0), ['other'], '原因');
    await expect(rejecting).rejects.toThrow(/^Data key \S+ is destroyed/);
    expect(await app.stores.eventStore.readStream(`registration-${id}`)).toHaveLength(1);
  });

  it('has a certificate that is unknown, and that no reaction issues again', async () => {
    const { id, content } = await registered(5);
    expect(await after.certificates.content(id, couple)).toBeUndefined();
    expect(await after.certificates.verify(content.number)).toEqual({ outcome: 'unknown' });
    expect(await after.certificates.verify(content.code)).toEqual({ outcome: 'unknown' });
    const [event] = (await app.stores.eventStore.readStream(`registration-${id}`, 3)).map(upcast);
    if (event === undefined) throw new Error('the registration was not registered');
    const before = await app.stores.eventStore.lastPosition();
    await issueCertificate(after.deps).on['Registered']?.(event);
    expect(await app.stores.eventStore.lastPosition()).toBe(before);
  });
});
