import { afterEach, beforeEach, expect, test } from 'vitest';
import { StoreUnavailable } from '#application/ports.ts';
import { issueCertificate } from '#application/reactions/issueCertificate.ts';
import { type Reaction, runReactions } from '#application/runReactions.ts';
import { upcast } from '#application/upcast.ts';
import { operator, type Running, startApplication } from '../support/application.ts';
import { declarationOf } from '../support/declarations.ts';
import { asStored, briefly, type Followed, keptLog, openFollowed, standsAt, times } from '../support/following.ts';

let followed: Followed;
let log: ReturnType<typeof keptLog>;
let stops: (() => Promise<void>)[];

beforeEach(async () => {
  followed = await openFollowed();
  log = keptLog();
  stops = [];
});
afterEach(async () => {
  for (const stop of stops) await stop();
  await followed.close();
});

type Overrides = Partial<Parameters<typeof runReactions>[0]>;

const start = (reactions: readonly Reaction[], overrides: Overrides = {}) => {
  const { eventStore, viewStore } = followed;
  const running = { eventStore, viewStore, reactions, upcast: asStored, wait: briefly, log, ...overrides };
  const following = runReactions(running);
  stops.push(following.stop);
  return following;
};

const noting = (name: string, into: number[], type = 'Called'): Reaction => ({
  name,
  on: { [type]: async ({ position }) => void into.push(position) },
});

test('a reaction answers each of its events in order, and passes the others over', async () => {
  const got: number[] = [];
  await followed.append(['Called', ...times(3), 'Called']);
  const { standing } = start([noting('calling', got)]);
  await standsAt(standing, 'calling', { state: 'running', position: 5 });
  await followed.append(['Called', 'Happened']);
  await standsAt(standing, 'calling', { state: 'running', position: 7 });
  expect(got).toEqual([1, 5, 6]);
});

test('it goes on from its checkpoint when started again', async () => {
  const got: number[] = [];
  await followed.append(times(3, 'Called'));
  const first = start([noting('calling', got)]);
  await standsAt(first.standing, 'calling', { position: 3 });
  await first.stop();
  await followed.append(times(2, 'Called'));
  const second = start([noting('calling', got)]);
  await standsAt(second.standing, 'calling', { position: 5 });
  expect(got).toEqual([1, 2, 3, 4, 5]);
});

test('it is asked again where it was stopped between its act and its checkpoint', async () => {
  const got: number[] = [];
  let lost = 0;
  const viewStore = {
    ...followed.viewStore,
    commit: async (...args: Parameters<typeof followed.viewStore.commit>) => {
      lost += 1;
      if (lost === 2) throw new StoreUnavailable('It went away before the checkpoint.');
      return followed.viewStore.commit(...args);
    },
  };
  await followed.append(times(3, 'Called'));
  const { standing } = start([noting('calling', got)], { viewStore });
  await standsAt(standing, 'calling', { state: 'running', position: 3 });
  expect(got).toEqual([1, 2, 2, 3]);
});

test('one that keeps failing is tried a few times, then stops alone and says at which event and why', async () => {
  const got: number[] = [];
  let tries = 0;
  const failing: Reaction = {
    name: 'failing',
    on: {
      Called: async () => {
        tries += 1;
        throw new Error('no such office');
      },
    },
  };
  await followed.append([...times(2), 'Called', 'Called']);
  const { standing } = start([failing, noting('calling', got)]);
  const stopped = await standsAt(standing, 'failing', { state: 'stopped' });
  expect(stopped?.failure).toMatchObject({ position: 3, type: 'Called', message: 'no such office' });
  expect(tries).toBe(5);
  await followed.append(['Called']);
  await standsAt(standing, 'calling', { state: 'running', position: 5 });
  expect(got).toEqual([3, 4, 5]);
  expect(log.told).toEqual([expect.objectContaining({ level: 'error', follower: 'failing', position: 3 })]);
});

test('a fault that passes is no more than a pause', async () => {
  const got: number[] = [];
  let tries = 0;
  const shaky: Reaction = {
    name: 'shaky',
    on: {
      Called: async ({ position }) => {
        tries += 1;
        if (tries < 5) throw new Error('not yet');
        got.push(position);
      },
    },
  };
  await followed.append(['Called']);
  const { standing } = start([shaky]);
  await standsAt(standing, 'shaky', { state: 'running', position: 1 });
  expect(got).toEqual([1]);
});

test('a store that is away is waited for, however long', async () => {
  const got: number[] = [];
  let tries = 0;
  const waiting: Reaction = {
    name: 'waiting',
    on: {
      Called: async ({ position }) => {
        tries += 1;
        if (tries < 20) throw new StoreUnavailable('The log is away.');
        got.push(position);
      },
    },
  };
  await followed.append(['Called', 'Called']);
  const { standing } = start([waiting]);
  await standsAt(standing, 'waiting', { state: 'running', position: 2 });
  expect(got).toEqual([1, 2]);
});

test('an event whose version this program does not know stops it there, its earlier events done', async () => {
  const got: number[] = [];
  const refusing = (event: { type: string }) => {
    if (event.type === 'Called.v9') throw new Error('unknown version');
    return asStored(event);
  };
  await followed.append(['Called', 'Called.v9', 'Called']);
  const { standing } = start([noting('calling', got)], { upcast: refusing });
  const stopped = await standsAt(standing, 'calling', { state: 'stopped' });
  expect(stopped?.failure).toMatchObject({ position: 2, type: 'Called.v9', message: 'unknown version' });
  expect(got).toEqual([1]);
});

const registered = async ({ services, population }: Running): Promise<string> => {
  const { deps } = services;
  const [village] = deps.divisions.search('贵筑', { level: 'village', limit: 1 });
  const data = declarationOf(village?.code ?? '');
  const id = deps.ids();
  await services.applicant.submit(id, data, { commandId: deps.ids() });
  const staff = operator(data.declaration.place);
  await services.staff.accept(id, { staff, commandId: deps.ids(), basedOn: 0 });
  population.answer = { outcome: 'absent' };
  const asked = await services.verifications.lookUp(staff, id);
  if (asked.outcome !== 'lookedUp') throw new Error(asked.outcome);
  const verified = services.verifications.verified(asked.lookUp, '已核对结婚证原件');
  const done = await services.staff.register(id, { staff, commandId: deps.ids(), basedOn: 2 }, verified);
  if (done.outcome !== 'done') throw new Error(JSON.stringify(done));
  return id;
};

test('a certificate is issued once, however often its event is answered', async () => {
  const app = await startApplication();
  const { deps } = app.services;
  const id = await registered(app);
  await expect.poll(async () => (await deps.viewStore.get('registration', [id]))[0]?.['certificate']).toBeDefined();
  const event = (await deps.eventStore.readStream(`registration-${id}`)).at(-1);
  const before = await deps.eventStore.lastPosition();
  if (event === undefined) throw new Error('The registration is not in the log.');
  const { Registered: react } = issueCertificate(deps).on;
  await Promise.all([react?.(upcast(event)), react?.(upcast(event)), react?.(upcast(event))]);
  expect(await deps.eventStore.lastPosition()).toBe(before);
  await app.stop();
});
