import { createSecretKey, randomBytes } from 'node:crypto';
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { chooseKey, decode, encode, eventId, keyIdOf } from '#application/eventCodec.ts';
import type { DataKey, DataKeys, NewEvent, RecordedEvent } from '#application/ports.ts';
import { SealBroken } from '#application/sealing.ts';
import { createSealing } from '#infrastructure/sealing/sealing.ts';

const newKey = (id: string): DataKey => ({ id, key: createSecretKey(randomBytes(32)) });

/** Data keys in memory that can be destroyed. */
const makeKeys = () => {
  const keys = new Map<string, DataKey>();
  let made = 0;
  const dataKeys: DataKeys = {
    next: async () => {
      made += 1;
      const key = newKey(`key-${made}`);
      keys.set(key.id, key);
      return key;
    },
    find: async (id) => keys.get(id),
    destroy: async (id) => void keys.delete(id),
    rewrap: async () => undefined,
    kept: async () => [],
    keep: async () => undefined,
    close: async () => undefined,
  };
  const { key } = newKey('platform');
  const sealing = createSealing({ master: key, lookup: key, signing: {}, retired: [] }, dataKeys);
  return { dataKeys, sealing, destroy: (id: string) => keys.delete(id) };
};

const stream = 'registration-one';
const commandId = '019f0000-0000-7000-8000-000000000000';
const meta = { at: '2026-11-24T02:00:00.000Z', actor: { kind: 'applicant' }, commandId } as const;
const rejected = (personal: unknown) => ({
  type: 'Rejected',
  data: { office: '520111004', reasons: ['other'], personal },
});

const recorded = (event: NewEvent, revision = 0): RecordedEvent => ({
  ...event,
  stream,
  revision,
  position: revision + 1,
  at: meta.at,
});

const sealed = async (personal: unknown) => {
  const keys = makeKeys();
  const key = await keys.dataKeys.next();
  const [event] = encode([rejected(personal)], { stream, last: undefined, meta, key, sealing: keys.sealing, first: 0 });
  if (event === undefined) throw new Error('nothing was encoded');
  return { ...keys, key, event };
};

describe('an event with a personal part', () => {
  test.prop([fc.jsonValue({ maxDepth: 3 })])('is opened as it was, whatever it says', async (personal) => {
    const { event, sealing } = await sealed({ personal });
    const { data, erased } = await decode(recorded(event), sealing);
    const asJson = JSON.parse(JSON.stringify({ personal })) as unknown;
    expect({ data, erased }).toEqual({ data: { ...rejected(asJson).data }, erased: false });
  });

  it('stands sealed in the log, the rest readable', async () => {
    const { event, key } = await sealed({ text: '王芳的身份证号码有误' });
    expect(event).toMatchObject({ id: commandId, type: 'Rejected.v1', data: { office: '520111004' }, meta });
    expect(event.data['personal']).toMatch(new RegExp(`^s1\\.${key.id}\\.[\\w-]+$`));
    expect(JSON.stringify(event)).not.toContain('王芳');
  });

  it('is sealed differently each time', async () => {
    const { sealing, key } = await sealed({});
    const into = { stream, last: undefined, meta, key, sealing, first: 0 };
    const [one, other] = encode([rejected({ text: 'x' }), rejected({ text: 'x' })], into);
    expect(one?.data['personal']).not.toBe(other?.data['personal']);
  });

  it('opens in its own stream only', async () => {
    const { event, sealing } = await sealed({ text: 'x' });
    await expect(decode({ ...recorded(event), stream: 'registration-two' }, sealing)).rejects.toThrow(SealBroken);
  });

  it('does not open once a character was changed', async () => {
    const { event, sealing } = await sealed({ text: 'x' });
    const personal = String(event.data['personal']);
    for (const altered of [personal.replace(/.$/, personal.endsWith('A') ? 'Q' : 'A'), 'plain', 's1.key-1.']) {
      const changed = { ...recorded(event), data: { ...event.data, personal: altered } };
      await expect(decode(changed, sealing)).rejects.toThrow(SealBroken);
    }
  });

  it('is erased, its personal part empty, once its key is gone', async () => {
    const { event, sealing, destroy, key } = await sealed({ text: 'x' });
    destroy(key.id);
    expect(await decode(recorded(event), sealing)).toEqual({
      type: 'Rejected',
      data: { office: '520111004', reasons: ['other'], personal: {} },
      meta,
      revision: 0,
      position: 1,
      erased: true,
    });
  });

  it('is never written without a key', () => {
    const { sealing } = makeKeys();
    const into = { stream, last: undefined, meta, key: undefined, sealing, first: 0 };
    expect(() => encode([rejected({ text: 'x' })], into)).toThrow('Rejected needs a data key');
  });
});

describe('events of one act', () => {
  test.prop([fc.integer({ min: 0, max: 0xf0 }), fc.integer({ min: 1, max: 15 })])(
    'have ids of their own that begin as the act’s',
    (first, count) => {
      const ids = Array.from({ length: count }, (_, index) => eventId(commandId, first + index));
      expect(new Set(ids).size).toBe(count);
      for (const id of ids) expect([id.slice(0, -2), id.length]).toEqual([commandId.slice(0, -2), 36]);
    },
  );
});

describe('the key of a stream', () => {
  const plain = { data: { office: '520111004' } };

  it('is that of its first sealed event', async () => {
    const { event, sealing, key } = await sealed({});
    const withdrawn = recorded({ id: commandId, type: 'Withdrawn.v1', data: plain.data, meta });
    expect(keyIdOf([withdrawn, recorded(event, 1)], sealing)).toBe(key.id);
    expect(keyIdOf([withdrawn], sealing)).toBeUndefined();
  });

  it('is taken where there is one, made where there is none, and not needed for what is not personal', async () => {
    const { dataKeys, key } = await sealed({});
    expect(await chooseKey([rejected({})], key.id, dataKeys)).toBe(key);
    expect((await chooseKey([plain, rejected({})], undefined, dataKeys))?.id).toBe('key-2');
    expect(await chooseKey([plain], key.id, dataKeys)).toBeUndefined();
  });

  it('once destroyed is never replaced by another', async () => {
    const { dataKeys, destroy, key } = await sealed({});
    destroy(key.id);
    await expect(chooseKey([rejected({})], key.id, dataKeys)).rejects.toThrow('Data key key-1 is destroyed');
  });
});
