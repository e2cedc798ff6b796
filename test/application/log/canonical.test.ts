import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { canonicalText, chainHash, type Hashed } from '#application/log/canonical.ts';
import type { Json } from '#application/ports.ts';

const eventWith = (data: Json): Hashed => ({
  stream: 'registration-one',
  revision: 3,
  id: '019f0000-0000-7000-8000-000000000000',
  type: 'Accepted.v1',
  data,
  meta: { at: '2026-11-24T02:00:00.000Z' },
});
const dataIn = (event: Hashed): string =>
  canonicalText(event).slice('{"data":'.length, canonicalText(event).indexOf(',"id":"019f'));

/** The same data with every object's members the other way round. */
const turned = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([name, member]) => [name, turned(member)]),
  );
};

describe('the canonical text of an event', () => {
  it('is JSON with names in order and nothing between', () => {
    expect(canonicalText(eventWith({ office: '520111004', accepted: true }))).toBe(
      '{"data":{"accepted":true,"office":"520111004"},"id":"019f0000-0000-7000-8000-000000000000",' +
        '"meta":{"at":"2026-11-24T02:00:00.000Z"},"revision":3,"stream":"registration-one","type":"Accepted.v1"}',
    );
  });

  it('is what RFC 8785 shows in its section 3.2.2 and 3.2.3', () => {
    const numbers = [Number('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001];
    const string = "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\u0022/";
    expect(dataIn(eventWith({ numbers, string, literals: [null, true, false] }))).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const names = { '\u20ac': 5, '\r': 1, '\ufb33': 7, '1': 2, '\u{1f600}': 6, '\u0080': 3, '\u00f6': 4 };
    expect(dataIn(eventWith(names))).toBe('{"\\r":1,"1":2,"\u0080":3,"ö":4,"€":5,"😀":6,"\ufb33":7}');
    expect(dataIn(eventWith({ '10': 1, '9': 2 }))).toBe('{"10":1,"9":2}');
  });

  test.prop([fc.dictionary(fc.string(), fc.jsonValue())])('does not depend on the order of members', (data) => {
    expect(canonicalText(eventWith(turned(data) as Json))).toBe(canonicalText(eventWith(data)));
  });

  test.prop([fc.object({ values: [fc.string({ unit: 'binary' }), fc.double(), fc.constant(undefined)] })])(
    'is the same before an event is stored and after',
    (data) => {
      const event = eventWith(data as Json);
      expect(canonicalText(JSON.parse(JSON.stringify(event)) as Hashed)).toBe(canonicalText(event));
    },
  );

  it('does not hold where the event lies in the log, nor when a store wrote it', () => {
    const event = { ...eventWith({}), position: 7, at: '2026-11-24T02:00:01.000Z' };
    expect(canonicalText(event)).toBe(canonicalText(eventWith({})));
  });
});

describe('the hash of an event', () => {
  it('is the SHA-256 of its canonical bytes, so that anything can compute it', () => {
    expect(chainHash(eventWith({ office: '贵阳' }))).toBe('hflY7BRCg9-1U8uUN5xZOT0zS247PrcnwV20azagxrQ');
  });

  test.prop([fc.constantFrom('stream', 'id', 'type'), fc.string()])('changes with what it is of', (member, text) => {
    const event = eventWith({});
    fc.pre(event[member] !== text);
    expect(chainHash({ ...event, [member]: text })).not.toBe(chainHash(event));
  });
});
