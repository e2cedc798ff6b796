import { generateKeyPairSync, type webcrypto } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canonicalText } from '#application/log/canonical.ts';
import { noteOf } from '#application/log/checkpoint.ts';
import { growingRoot } from '#application/log/growingRoot.ts';
import { emptyRoot, leafHash } from '#application/log/merkle.ts';
import { logTiles, type Tile, tileId } from '#application/log/tiles.ts';
import { type RecordedEvent, StoreUnavailable } from '#application/ports.ts';
import type { CheckpointSigned } from '#domain/log/events.ts';
import { checkpointKeys } from '#infrastructure/sealing/checkpointKeys.ts';
import { type Running, startApplication } from '../../support/application.ts';
import { caughtUp, checkpointed, startSigner } from '../../support/checkpoints.ts';

let app: Running;
beforeEach(async () => {
  app = await startApplication();
});
afterEach(() => app.stop());

/** So many events that are nobody's. */
const happen = async (count: number): Promise<void> => {
  const { eventStore, ids } = app.services.deps;
  for (let n = 0; n < count; n += 1) {
    await eventStore.append(`couple-${ids()}`, 'none', [
      {
        id: ids(),
        type: 'CoupleReserved.v1',
        data: { registrationId: 'x' },
        meta: { at: new Date(app.clock.now).toISOString() },
      },
    ]);
  }
  await caughtUp(app);
};

const log = () => app.services.deps.eventStore.readAll(0, 1000);
const signed = async (): Promise<readonly CheckpointSigned['data'][]> =>
  (await log())
    .filter(({ type }) => type === 'CheckpointSigned.v1')
    .map(({ data }) => data as CheckpointSigned['data']);
const sizes = async () => (await signed()).map(({ size }) => size);
const rootOf = (events: readonly RecordedEvent[]): string => {
  const growing = growingRoot();
  for (const event of events) growing.add(leafHash(canonicalText(event)));
  return growing.root().toString('base64');
};

describe('checkpoints', () => {
  it('are signed of the whole log, and cover the one before', async () => {
    await happen(3);
    await checkpointed(app);
    await happen(2);
    await checkpointed(app);
    const events = await log();
    const checkpoints = await signed();
    expect(checkpoints).toMatchObject([
      { number: 1, origin: 'registration.test/log', size: 3, root: rootOf(events.slice(0, 3)) },
      { number: 2, origin: 'registration.test/log', size: 6, root: rootOf(events.slice(0, 6)) },
    ]);
    for (const checkpoint of checkpoints) expect(app.services.deps.checkpointKeys.verify(checkpoint)).toBe(true);
  });

  it('are not signed of an empty log, nor where nothing but a checkpoint was added', async () => {
    await checkpointed(app);
    expect(await sizes()).toEqual([]);
    await happen(1);
    for (let n = 0; n < 3; n += 1) await checkpointed(app);
    expect(await sizes()).toEqual([1]);
    await happen(1);
    await checkpointed(app);
    expect(await sizes()).toEqual([1, 3]);
  });

  it('are signed at most once in an interval', async () => {
    const signer = startSigner(app);
    await happen(1);
    await signer.round();
    await happen(5);
    app.clock.now += 59_000;
    await signer.round();
    expect(await sizes()).toEqual([1]);
    app.clock.now += 1000;
    await signer.round();
    expect(await sizes()).toEqual([1, 7]);
    await signer.stop();
  });

  it('are signed where a clock was put back', async () => {
    await happen(1);
    await checkpointed(app);
    await happen(1);
    app.clock.now -= 3_600_000;
    await checkpointed(app);
    expect(await sizes()).toEqual([1, 3]);
  });

  it('are one where two processes sign at once, and go on whoever signs next', async () => {
    await happen(4);
    const signers = [startSigner(app), startSigner(app)];
    for (let n = 0; n < 3; n += 1) {
      await Promise.all(signers.map(({ round }) => round()));
      await happen(2);
      app.clock.now += 60_000;
    }
    await Promise.all(signers.map(({ stop }) => stop()));
    expect(await sizes()).toEqual([4, 7, 10]);
  });

  it('keep the name of the log though its address changes', async () => {
    await happen(1);
    await checkpointed(app);
    await happen(1);
    app.clock.now += 60_000;
    const signer = startSigner(app, { publicUrl: 'https://elsewhere.test' });
    await signer.round();
    await signer.stop();
    expect((await signed()).map(({ origin }) => origin)).toEqual(['registration.test/log', 'registration.test/log']);
  });
});

describe('a log that is not what was signed', () => {
  it('is signed no more, and says why', async () => {
    await happen(5);
    await checkpointed(app);
    await happen(2);
    const { viewStore } = app.services.deps;
    const [stored] = await viewStore.load({ view: logTiles.name }, [tileId(0, 0)]);
    const forged = { ...stored?.row, hashes: Buffer.concat(Array(8).fill(emptyRoot)).toString('base64') } as Tile;
    await viewStore.commit({ view: logTiles.name }, [{ id: forged.id, position: 99, row: forged }], 0);
    app.clock.now += 60_000;
    const signer = startSigner(app);
    await signer.first();
    expect(await sizes()).toEqual([5]);
    const { state, failure } = signer.standing()['signCheckpoints'] ?? {};
    expect(state).toBe('stopped');
    expect(failure?.message).toMatch(
      /^The first 5 events are not those that checkpoint 1 was signed of\. Run npm run verify-log/,
    );
    await signer.stop();
  });

  it('is not gone on with under a key that does not know the one before', async () => {
    await happen(1);
    await checkpointed(app);
    await happen(1);
    app.clock.now += 60_000;
    const { privateKey } = generateKeyPairSync('ed25519');
    const key = privateKey.export({ format: 'jwk' }) as webcrypto.JsonWebKey;
    const stranger = startSigner(app, { checkpointKeys: checkpointKeys({ signing: key, retired: [] }) });
    await stranger.first();
    expect(stranger.standing()['signCheckpoints']?.failure?.message).toMatch(/^Checkpoint 1 was signed by a key/);
    await stranger.stop();
    const before = app.stores.logKeys.signing;
    const successor = startSigner(app, { checkpointKeys: checkpointKeys({ signing: key, retired: [before] }) });
    await successor.round();
    await successor.stop();
    expect(await sizes()).toEqual([1, 3]);
  });

  it('may only be away for a while: then it is tried again', async () => {
    await happen(1);
    const { eventStore } = app.services.deps;
    const away = {
      ...eventStore,
      append: () => {
        away.append = eventStore.append;
        return Promise.reject(new StoreUnavailable('away'));
      },
    } as typeof eventStore;
    const signer = startSigner(app, { eventStore: away });
    await signer.round();
    await signer.round();
    await signer.stop();
    expect(signer.faults).toHaveLength(1);
    expect(await sizes()).toEqual([1]);
  });
});

describe('a checkpoint as a note', () => {
  it('is what C2SP signed-note and tlog-checkpoint say', async () => {
    await happen(1);
    await checkpointed(app);
    const [checkpoint] = await signed();
    const note = checkpoint && noteOf(checkpoint);
    expect(note).toMatch(
      /^registration\.test\/log\n1\n[A-Za-z0-9+/]{43}=\n\n— registration\.test\/log [A-Za-z0-9+/]{91}=\n$/,
    );
  });
});
