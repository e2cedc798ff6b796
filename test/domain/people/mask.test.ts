import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { maskAddress, maskIdNumber, maskMobile, maskName } from '#domain/people/mask.ts';
import { isMobile, normaliseMobile } from '#domain/people/mobile.ts';
import { chineseName, validIdNumber } from '../../support/people.ts';

describe('masking', () => {
  it.each([
    ['王五', '王*'],
    ['王小明', '王**'],
    ['欧阳娜娜', '欧阳**'],
    ['东方', '东*'],
    ['𠮷田明', '𠮷**'],
    ['阿依古丽·买买提', '阿**'],
    ['Anna Lee', 'A**'],
    ['王', '*'],
    ['', ''],
  ])('shows of the name %j only %j', (name, masked) => {
    expect(maskName(name)).toBe(masked);
  });

  it('shows of an ID number its area and its last four', () => {
    expect(maskIdNumber('520111199001011224')).toBe('520111********1224');
    expect(maskIdNumber('52011119900101')).toBe('******************');
  });

  it('shows of a mobile number its ends', () => {
    expect(maskMobile('13812345678')).toBe('138****5678');
    expect(maskMobile('+86 138 1234 5678')).toBe('138****5678');
    expect(maskMobile('1381234567')).toBe('***********');
  });

  it('shows of an address its township', () => {
    const address = {
      division: '520111004001',
      locality: '',
      street: '清溪路',
      community: '',
      building: '3栋',
      door: '2',
    };
    expect(maskAddress(address)).toEqual({
      division: '520111004',
      locality: '',
      street: '***',
      community: '',
      building: '***',
      door: '***',
    });
  });

  test.prop([chineseName])('hides every character behind the surname', (name) => {
    const [shown] = maskName(name).split('*');
    expect(name.startsWith(shown ?? '')).toBe(true);
    expect([...(shown ?? '')].length).toBeLessThanOrEqual(2);
    expect([...(shown ?? '')].length).toBeLessThan([...name].length);
  });

  test.prop([validIdNumber()])('hides the birth date', (id) => {
    expect(maskIdNumber(id).slice(6, 14)).toBe('********');
    expect(maskIdNumber(id)).toHaveLength(18);
  });

  test.prop([fc.string({ unit: 'binary', minLength: 1 })])(
    'shows nothing of what is no ID or mobile number',
    (text) => {
      fc.pre(!isMobile(text) && !/\d{17}/.test(text.normalize('NFKC')));
      expect(maskIdNumber(text)).toMatch(/^\*+$/);
      expect(maskMobile(text)).toMatch(/^\*+$/);
    },
  );
});

describe('a mobile number', () => {
  it.each(['13812345678', '+8613812345678', '0086 138-1234-5678', '１９９ １２３４ ５６７８'])('can be %s', (typed) => {
    expect(isMobile(typed)).toBe(true);
    expect(normaliseMobile(typed)).toMatch(/^1\d{10}$/);
  });

  it.each(['', '12812345678', '1381234567', '138123456789', '0851-12345678', '1381234567a'])(
    'cannot be %j',
    (typed) => {
      expect(isMobile(typed)).toBe(false);
    },
  );
});
