import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Deps } from '#application/deps.ts';
import { type Act, appendDecided, handleCommand, load } from '#application/handleCommand.ts';
import { chainHash } from '#application/log/canonical.ts';
import { type EventStore, type RecordedEvent, StoreUnavailable } from '#application/ports.ts';
import { registrationDecider } from '#domain/registration/decide.ts';
import { commands, data } from '../support/registrations.ts';
import { openSubmitter, type Submitter } from '../support/submitter.ts';

const directory = mkdtempSync(join(tmpdir(), 'handling-'));
let submitter: Submitter;
let deps: Deps;

beforeAll(async () => {
  submitter = await openSubmitter(directory);
  deps = submitter.services.deps;
});
afterAll(async () => {
  await submitter.close();
  rmSync(directory, { recursive: true });
});

const act = (differing: Partial<Act> = {}): Act => ({
  commandId: deps.ids(),
  actor: { kind: 'applicant' },
  ...differing,
});
const handle = (
  id: string,
  command: Parameters<typeof registrationDecider.decide>[0],
  by = act(),
  store = deps.eventStore,
) => handleCommand({ ...deps, eventStore: store }, registrationDecider, id, command, by);
const stored = (id: string) => deps.eventStore.readStream(`registration-${id}`);

/** A registration that was submitted and taken by czy. */
const received = async () => {
  const id = deps.ids();
  await handle(id, commands.Submit);
  await handle(id, { type: 'ReceiveTask', handler: 'czy' });
  return id;
};

/** The log, on which something else happens just before each append. */
const interrupted = (before: (stream: string) => Promise<unknown>): EventStore => ({
  ...deps.eventStore,
  append: async (stream, expected, events) => {
    await before(stream);
    return deps.eventStore.append(stream, expected, events);
  },
});

/** What each event of a stream should name as the one before it. */
const chained = (events: readonly RecordedEvent[]) =>
  events.map((_, index) => events.slice(0, index).map(chainHash).at(-1));

describe('the events of a stream', () => {
  it('each name the hash of the one before, those of one act too', async () => {
    const id = await received();
    await handle(id, commands.Amend);
    const events = await stored(id);
    expect(events.length).toBeGreaterThan(2);
    expect(events.map(({ meta }) => meta['previous'])).toEqual(chained(events));
  });

  it('are chained from the next one on where a log began before there was a chain', async () => {
    const id = deps.ids();
    const old = { id: deps.ids(), type: 'SubmissionAbandoned.v1', data: { by: deps.ids() }, meta: { commandId: '' } };
    await deps.eventStore.append(`registration-${id}`, 'none', [old]);
    const loaded = await load(deps, registrationDecider, id);
    const events = [{ type: 'SubmissionAbandoned', data: { by: id } }] as const;
    await appendDecided(deps, registrationDecider, id, { loaded, events, act: act() });
    const [first, next] = await stored(id);
    expect(first?.meta).not.toHaveProperty('previous');
    expect(next?.meta['previous']).toBe(first && chainHash(first));
  });
});

describe('a command', () => {
  it('appends what was decided, and answers with the state, revision and position it led to', async () => {
    const id = deps.ids();
    const handled = await handle(id, commands.Submit);
    expect(handled).toMatchObject({
      outcome: 'done',
      revision: 0,
      repeated: false,
      state: { status: 'submitted', data },
    });
    const [event] = await stored(id);
    expect(event).toMatchObject({
      type: 'Submitted.v1',
      revision: 0,
      position: 'position' in handled && handled.position,
    });
  });

  it('writes who acted, when and under which command, and numbers its events in the command’s id', async () => {
    const id = await received();
    const by = act({ actor: { kind: 'staff', account: 'czy-2', office: '520111004' } });
    await handle(id, { ...commands.Accept, handler: 'czy-2' }, by);
    const events = (await stored(id)).slice(2);
    expect(events.map(({ type }) => type)).toEqual(['TaskReceived.v1', 'Accepted.v1']);
    expect(events.map((event) => event.id)).toEqual([by.commandId, by.commandId.replace(/00$/, '01')]);
    for (const { meta } of events) {
      expect(meta).toMatchObject({ at: '2026-11-24T02:00:00.000Z', actor: by.actor, commandId: by.commandId });
    }
  });

  it('seals all personal parts of a stream under one data key', async () => {
    const id = await received();
    await handle(id, commands.Redirect);
    const sealed = (await stored(id)).flatMap((event) =>
      event.data['personal'] ? [String(event.data['personal'])] : [],
    );
    expect(sealed).toHaveLength(2);
    expect(new Set(sealed.map((text) => deps.sealing.keyOf(text))).size).toBe(1);
  });

  it('that is refused writes nothing and says why', async () => {
    const id = await received();
    expect(await handle(id, commands.Register)).toEqual({
      outcome: 'rejected',
      rejection: { type: 'untimely', status: 'received' },
    });
    expect(await stored(id)).toHaveLength(2);
  });

  it('with nothing new is done without an event', async () => {
    const id = await received();
    const again = await handle(id, { type: 'ReceiveTask', handler: 'czy' });
    expect(again).toMatchObject({ outcome: 'done', revision: 1, repeated: false });
    expect(await stored(id)).toHaveLength(2);
  });
});

describe('a command sent again under its id', () => {
  it('answers as done though it would no longer be legal, and writes nothing', async () => {
    const id = deps.ids();
    const by = act();
    await handle(id, commands.Submit, by);
    await handle(id, commands.Withdraw);
    const again = await handle(id, commands.Submit, by);
    expect(again).toMatchObject({ outcome: 'done', repeated: true, revision: 1, state: { status: 'withdrawn' } });
    expect(await stored(id)).toHaveLength(2);
  });

  it('is not stale by what it itself changed', async () => {
    const id = await received();
    const by = act({ basedOn: 1 });
    await handle(id, commands.Accept, by);
    expect(await handle(id, commands.Accept, by)).toMatchObject({ outcome: 'done', repeated: true });
  });

  it('at the same instant happens once', async () => {
    const id = await received();
    const by = act();
    const handled = await Promise.all([1, 2, 3].map(() => handle(id, commands.Accept, by)));
    for (const one of handled) expect(one).toMatchObject({ outcome: 'done', state: { status: 'accepted' } });
    expect(await stored(id)).toHaveLength(3);
  });

  it('after a refusal is decided anew', async () => {
    const id = deps.ids();
    const by = act();
    expect(await handle(id, commands.Withdraw, by)).toMatchObject({ rejection: { type: 'absent' } });
    await handle(id, commands.Submit);
    expect(await handle(id, commands.Withdraw, by)).toMatchObject({ outcome: 'done', repeated: false });
  });
});

describe('a command based on a page', () => {
  it('that is no longer true is told what happened since, and writes nothing', async () => {
    const id = await received();
    const stale = await handle(id, commands.Accept, act({ basedOn: 0 }));
    const since = [{ type: 'TaskReceived', at: expect.any(String), actor: act().actor }];
    expect(stale).toEqual({ outcome: 'stale', revision: 1, since });
    expect(await stored(id)).toHaveLength(2);
  });

  it('of a registration that is absent is stale too', async () => {
    expect(await handle(deps.ids(), commands.Withdraw, act({ basedOn: 0 }))).toEqual({
      outcome: 'stale',
      revision: 'none',
      since: [],
    });
  });
});

describe('a command that another overtakes', () => {
  it('is decided anew on what the other left', async () => {
    const id = await received();
    let once = true;
    const store = interrupted(async () => {
      if (once) await deps.eventStore.append(`registration-${id}`, 1, [withdrawal(deps.ids())]);
      once = false;
    });
    expect(await handle(id, commands.Accept, act(), store)).toEqual({
      outcome: 'rejected',
      rejection: { type: 'untimely', status: 'withdrawn' },
    });
    expect((await stored(id)).map(({ type }) => type).at(-1)).toBe('Withdrawn.v1');
  });

  it('without end gives up with an error that names the stream', async () => {
    const id = await received();
    const store: EventStore = { ...deps.eventStore, append: async () => ({ outcome: 'conflict', actual: 9 }) };
    await expect(handle(id, commands.Accept, act(), store)).rejects.toThrow(`registration-${id} changed 20 times`);
  });

  it('of two that end it, lets one', async () => {
    const id = await received();
    const both = await Promise.all([handle(id, commands.Withdraw), handle(id, commands.Reject)]);
    expect(both.map(({ outcome }) => outcome).toSorted()).toEqual(['done', 'rejected']);
    const { state } = await load(deps, registrationDecider, id);
    expect(['withdrawn', 'rejected']).toContain(state.status);
  });
});

it('a store that does not answer is a fault, not a refusal', async () => {
  const away: EventStore = {
    ...deps.eventStore,
    readStream: async () => {
      throw new StoreUnavailable('away');
    },
  };
  await expect(handle(deps.ids(), commands.Submit, act(), away)).rejects.toThrow(StoreUnavailable);
});

/** What a withdrawal by somebody else leaves in the log. */
function withdrawal(id: string) {
  const meta = { at: '2026-11-24T02:00:00.000Z', actor: { kind: 'applicant' }, commandId: id };
  return { id, type: 'Withdrawn.v1', data: { office: '520111004', from: 'received' }, meta };
}
