import { test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { marriageCertificate } from '#domain/people/marriageCertificate.ts';
import { marriageCertificateNumber } from '../../support/people.ts';

describe('the number of a marriage certificate', () => {
  it('reads today’s form into its parts', () => {
    expect(marriageCertificate('J520103-2016-001234')).toEqual({
      outcome: 'modern',
      number: 'J520103-2016-001234',
      reissued: false,
      area: '520103',
      year: 2016,
      serial: '001234',
    });
  });

  it('knows a reissued certificate', () => {
    expect(marriageCertificate('BJ520103-2016-001234')).toMatchObject({ outcome: 'modern', reissued: true });
  });

  it.each(['j520103—2016—001234', ' Ｊ520103－２０１６-001234 ', 'J 520103 2016 001234'])('forgives %j', (typed) => {
    expect(marriageCertificate(typed)).toMatchObject({ outcome: 'modern', number: 'J520103-2016-001234' });
  });

  it.each(['(2003)黔筑结字第000123号', '黔结字第一二三号', '南明区结字第 0412 号'])(
    'lets a person judge %j',
    (typed) => {
      expect(marriageCertificate(typed).outcome).toBe('older');
    },
  );

  it.each([
    '',
    '不知道',
    '无',
    '123456',
    'J990103-2016-001234',
    'J520103-2016-01234',
    'J520103-3016-001234',
    'K520103-2016-001234',
    '结'.repeat(41),
    '黔结字第�号12',
  ])('refuses %j', (typed) => {
    expect(marriageCertificate(typed)).toEqual({ outcome: 'invalid' });
  });

  test.prop([marriageCertificateNumber])('is modern, and its own one spelling, as generated', (number) => {
    expect(marriageCertificate(number.toLowerCase())).toMatchObject({ outcome: 'modern', number });
  });
});
