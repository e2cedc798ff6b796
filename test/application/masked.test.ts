import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { hidden, maskedData, shownEvent } from '#application/masked.ts';
import { childFields, type Section, sections } from '#domain/registration/fields.ts';
import { coupleOf, forSecondChild } from '../support/couples.ts';

const couple = fc.nat(100_000).map((n) => forSecondChild(coupleOf(n, '520111004005')));
const meta = { at: '2026-11-24T02:00:00.000Z', actor: { kind: 'applicant' as const }, commandId: 'c' };
const event = (type: string, data: object) => ({ type, data, meta, revision: 0, position: 1, erased: false });

/** The answers of fields that are masked, by how. */
const answersOf = (data: ReturnType<typeof coupleOf>) =>
  Object.entries(sections as Readonly<Record<string, Section>>).flatMap(([section, fields]) =>
    Object.entries(fields).map(([name, field]) => ({
      field,
      answer: String((data as unknown as Record<string, Record<string, unknown>>)[section]?.[name] ?? ''),
    })),
  );

describe('masked data', () => {
  test.prop([couple])('keep the shape and hold no ID number, mobile, address or village', (data) => {
    const masked = maskedData(data);
    const text = JSON.stringify(masked);
    for (const { field, answer } of answersOf(data)) {
      const secret = field.control === 'division' || (field.sensitive !== undefined && field.sensitive !== 'name');
      if (secret && answer !== '') expect(text).not.toContain(`"${answer}"`);
    }
    expect(text).not.toContain(data.wife.idNumber.slice(6, 14));
    expect(Object.keys(masked).sort()).toEqual(Object.keys(data).sort());
    expect(Object.keys(masked.children[0] ?? {})).toEqual(Object.keys(childFields));
    expect(masked.wife.name).toBe(data.wife.name);
    for (const { name, bornOn } of data.children) {
      expect(text).not.toContain(name);
      expect(text).not.toContain(bornOn);
      expect(masked.children).toContainEqual(expect.objectContaining({ bornOn: bornOn.slice(0, 7) }));
    }
    expect(masked.wifeHousehold.division).toBe('520111004');
  });

  it('hide what the form asks no more', () => {
    const data = { ...coupleOf(1, '520111004005'), former: { note: '内容' } };
    expect(maskedData(data)).toMatchObject({ former: { note: hidden } });
  });
});

describe('an event as it leaves the application', () => {
  it.each([true, false])('never holds look-up keys (masked: %s)', (masked) => {
    const shown = shownEvent(event('Submitted', { parity: 1, lookup: { wifeName: 'k' }, personal: {} }), masked);
    expect(shown.data).toEqual({ parity: 1, personal: {} });
  });

  it('says of evidence, answers and what was told only that they are there, where masked', () => {
    const personal = { answer: { wife: {} }, evidence: '居民身份证 520103199512240042', text: '请带证件' };
    expect(shownEvent(event('Declined', { personal }), true).data).toEqual({
      personal: { answer: hidden, evidence: hidden, text: hidden },
    });
    expect(shownEvent(event('Declined', { personal }), false).data).toEqual({ personal });
    expect(shownEvent(event('Withdrawn', { office: '520111004' }), true).data).toEqual({ office: '520111004' });
  });
});
