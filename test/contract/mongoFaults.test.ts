import { createSecretKey, randomBytes } from 'node:crypto';
import {
  type BulkWriteResult,
  MongoBulkWriteError,
  MongoNetworkError,
  MongoServerError,
  type WriteError,
} from 'mongodb';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DataKeys, StoreUnavailable, type TransientStore, type ViewStore } from '#application/ports.ts';
import { openMongo } from '#infrastructure/mongoDb/connection.ts';
import { openMongoDataKeys } from '#infrastructure/mongoDb/dataKeys.ts';
import { openMongoTransientStore } from '#infrastructure/mongoDb/transientStore.ts';
import { keptFrom, rowsIn, writeRows } from '#infrastructure/mongoDb/viewRows.ts';
import { openMongoViewStore } from '#infrastructure/mongoDb/viewStore.ts';
import { ferretdbServer } from '../support/mongoServer.ts';
import { newView, rowAt } from './viewStoreRows.ts';

const server = await ferretdbServer({ loud: true });
afterAll(() => server?.dispose());

const timeoutMs = 2_000;
const generous = { timeout: 60_000 };

describe.runIf(server !== undefined)('MongoDB that goes and comes back', generous, () => {
  const { url = '', kill, start, pause, resume } = server ?? {};
  let views: ViewStore;
  let transient: TransientStore;
  let keys: DataKeys;
  let view: string;

  beforeEach(async () => {
    views = await openMongoViewStore({ url, timeoutMs });
    transient = await openMongoTransientStore({ url, timeoutMs });
    keys = await openMongoDataKeys({ url, timeoutMs, master: createSecretKey(randomBytes(32)) });
    const declared = newView({ n: ['n'] });
    view = declared.name;
    await views.prepare([declared]);
    await views.commit({ view }, [rowAt('a', 1, { n: 1 })], 1);
  });
  afterEach(async () => {
    await Promise.all([views, transient, keys].map((store) => store.close()));
  });

  const everyCall = (): Promise<unknown>[] => [
    views.get(view, ['a']),
    views.find(view, { index: 'n', equals: [1], limit: 1 }),
    views.count(view, { index: 'n', equals: [1], limit: 1 }),
    views.load({ view }, ['a']),
    views.commit({ view }, [rowAt('a', 2, { n: 1 })], 2),
    views.checkpoint({ view }),
    views.prepare([newView({ n: ['n'] })]),
    transient.get('kind', view, 0),
    transient.put('kind', view, { v: 1 }, 1),
    transient.increment('kind', view, 0, 1),
    transient.putIfAbsent('kind', view, { v: 1 }, 0, 1),
    keys.next(),
    keys.find('absent'),
  ];

  const everyCallIsRefused = async (): Promise<void> => {
    const calls = await Promise.allSettled(everyCall());
    const ends = calls.map((call) => (call.status === 'rejected' ? call.reason : call.value));
    expect(ends.filter((end) => !(end instanceof StoreUnavailable))).toEqual([]);
  };

  /** Asks until it is answered; nothing but `StoreUnavailable` may come before. */
  const answered = async <T>(ask: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await ask();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
      }
    }
  };

  const everyCallIsAnsweredAgain = async (): Promise<void> => {
    await answered(() => views.checkpoint({ view }));
    await answered(() => transient.get('kind', view, 0));
    await answered(() => keys.find('absent'));
    const after = await Promise.allSettled(everyCall());
    expect(after.filter(({ status }) => status === 'rejected')).toEqual([]);
  };

  it('rejects every call with StoreUnavailable while the server is away, and answers once it is back', async () => {
    await kill?.();
    await everyCallIsRefused();
    await start?.();
    await everyCallIsAnsweredAgain();
    expect(await views.get(view, ['a'])).toEqual([{ id: 'a', n: 1 }]);
  });

  it('rejects every call with StoreUnavailable while the server hangs, and answers once it goes on', async () => {
    pause?.();
    await everyCallIsRefused();
    resume?.();
    await everyCallIsAnsweredAgain();
  });

  it('gives up preparing where the server hangs half way', async () => {
    const preparing = views.prepare(Array.from({ length: 50 }, () => newView({ n: ['n'] })));
    await views.checkpoint({ view });
    pause?.();
    await expect(preparing).rejects.toThrow(StoreUnavailable);
    resume?.();
    await everyCallIsAnsweredAgain();
  });

  it('rejects with StoreUnavailable where no server is there to open, telling no password', async () => {
    const away = `${url.replace(/:\d+\//, ':1/').replace('//', '//user:s3cret@')}?authSource=admin`;
    const opening = openMongoViewStore({ url: away, timeoutMs });
    await expect(opening).rejects.toThrow(StoreUnavailable);
    await expect(opening).rejects.not.toThrow('s3cret');
  });

  it.each(['mongodb://user:s3cret@@host/x', 'mongodb://user:s3cret@host/x?unheard=of', 's3cret'])(
    'refuses an address that is none, telling no password: %s',
    async (address) => {
      const opening = openMongoViewStore({ url: address });
      await expect(opening).rejects.toThrow(RangeError);
      await expect(opening).rejects.not.toThrow('s3cret');
    },
  );

  it.each([
    { what: 'an election', error: new MongoServerError({ message: 'not primary', code: 10_107 }) },
    { what: 'a full disk', error: new MongoServerError({ message: 'out of disk space', code: 14_031 }) },
    { what: 'too few servers that hold it', error: new MongoServerError({ message: 'waiting timed out', code: 64 }) },
    { what: 'another password', error: new MongoServerError({ message: 'Authentication failed.', code: 18 }) },
    { what: 'a broken connection', error: new MongoNetworkError('connection 1 closed') },
    { what: 'a socket that ended', error: Object.assign(new Error('ended'), { code: 'EPIPE' }) },
  ])('tells $what as StoreUnavailable', async ({ error }) => {
    const mongo = await openMongo({ url });
    await expect(mongo.answer(() => Promise.reject(error))).rejects.toThrow(StoreUnavailable);
    await mongo.close();
  });

  it.each([
    { what: 'a senseless command', error: new MongoServerError({ message: 'unknown operator', code: 2 }) },
    { what: 'a fault in the program', error: new TypeError('x is not a function') },
  ])('lets $what through as it is', async ({ error }) => {
    const mongo = await openMongo({ url });
    await expect(mongo.answer(() => Promise.reject(error))).rejects.toBe(error);
    await mongo.close();
  });

  it('does not take rows for written that too few servers hold, though others were taken', async () => {
    const mongo = await openMongo({ url });
    const unheld = { code: 64, errmsg: 'waiting for replication timed out' };
    const result = { getWriteConcernError: () => unheld } as unknown as BulkWriteResult;
    const writeErrors = [{ code: 11_000 }] as unknown as WriteError[];
    const taken = new MongoBulkWriteError({ message: 'E11000', code: 11_000, writeErrors }, result);
    const writing = mongo.answer((db) => {
      const rows = rowsIn(db, view, 1);
      rows.bulkWrite = () => Promise.reject(taken);
      return writeRows(rows, [rowAt('a', 1)].map(keptFrom));
    });
    await expect(writing).rejects.toThrow(StoreUnavailable);
    await mongo.close();
  });

  it('holds what it acknowledged, rows before their checkpoint, when the server is killed under load', async () => {
    let acknowledged = 0;
    let asked = 0;
    const write = async (): Promise<void> => {
      for (;;) {
        asked += 1;
        const rows = Array.from({ length: 5 }, (_, n) => rowAt(`${asked}-${n}`, asked));
        await views.commit({ view }, rows, asked);
        acknowledged = asked;
        if (acknowledged === 10) void kill?.();
      }
    };
    await expect(write()).rejects.toThrow(StoreUnavailable);
    await start?.();
    const checkpoint = await answered(() => views.checkpoint({ view }));
    expect(checkpoint).toBeGreaterThanOrEqual(acknowledged);
    expect(checkpoint).toBeLessThanOrEqual(asked);
    const ids = Array.from({ length: checkpoint }, (_, at) => Array.from({ length: 5 }, (_, n) => `${at + 1}-${n}`));
    expect(await views.load({ view }, ids.flat())).toHaveLength(ids.flat().length);
  });
});
