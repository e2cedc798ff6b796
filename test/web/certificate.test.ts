import { fc, test } from '@fast-check/vitest';
import { decodeQR } from 'qr/decode.js';
import { describe, expect, it } from 'vitest';
import { addressWords } from '#web/certificate/addressWords.ts';
import { certificateBody, certificateDocument } from '#web/certificate/certificatePage.ts';
import { chineseCount, chineseDate } from '#web/certificate/chineseDate.ts';
import { emsOf, fittingStep, fittingWords } from '#web/certificate/fitText.ts';
import { html } from '#web/certificate/markup.ts';
import { certificateContent } from '../support/certificates.ts';

const hostile = `"><script>alert('x')</script><img src=x onerror=alert(1)>&amp;`;

/** What the QR code in some markup says, drawn from its path as a camera would see it. */
const readQr = (body: string): string => {
  const [, text = ''] = /<svg class="certificate-qr"(.*?)<\/svg>/s.exec(body) ?? [];
  const size = Number(/viewBox="0 0 (\d+)/.exec(text)?.[1]);
  const scale = 4;
  const width = size * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [, x, y, run] of text.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let row = 0; row < scale; row += 1) {
      const from = ((Number(y) * scale + row) * width + Number(x) * scale) * 4;
      for (let at = from; at < from + Number(run) * scale * 4; at += 4) data.fill(0, at, at + 3);
    }
  }
  return decodeQR({ width, height: width, data });
};

describe('the certificate', () => {
  it('shows everything that was registered, under the name the notice gives it', () => {
    const content = certificateContent();
    const text = certificateBody(content).replace(/<[^>]+>/g, '');
    expect(text).toContain('贵州省（电子）生育服务证');
    expect(text).toContain('Birth Service Certificate of Guizhou Province (Electronic)');
    const { wife, husband, number, office, marriage } = content;
    const shown = [...Object.values(wife), ...Object.values(husband), number, office.name, marriage.certificateNumber];
    for (const value of shown) expect(text).toContain(value);
    for (const value of ['第二个子女生育登记', '第二孩', '1名', '2021年5月20日', '二〇二六年十一月二十四日']) {
      expect(text).toContain(value);
    }
    expect(certificateBody(certificateContent({ children: 0 }))).toContain('无');
  });

  it('has a text for everything it says', () => {
    expect(certificateBody(certificateContent({ specimen: true }))).not.toMatch(
      /certificate\.\w|\{\w+\}|undefined|NaN/,
    );
  });

  it('lets no text become markup, wherever it stands', () => {
    const person = { name: hostile, idNumber: hostile, household: hostile, residence: hostile };
    const body = certificateBody(
      certificateContent({
        number: hostile,
        wife: person,
        husband: person,
        marriage: { registeredOn: '2021-05-20', certificateNumber: hostile },
        office: { code: '1', name: hostile },
        verifyUrl: `https://registration.test/${hostile}/verify/x`,
      }),
    );
    expect(body).not.toContain('<script');
    expect(body).not.toContain('<img');
    expect(body).not.toContain('onerror=alert(1)>');
    expect(body).toContain('&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;');
  });

  it('keeps to a policy without inline style or script', () => {
    const body = certificateBody(certificateContent({ specimen: true }));
    expect(body).not.toMatch(/\sstyle=|<style|<script|\son\w+=|javascript:/i);
    expect(body).not.toMatch(/(?:href|src)="(?!#)/);
  });

  it('carries its verification address in the QR code', () => {
    const content = certificateContent();
    expect(readQr(certificateBody(content))).toBe(content.verifyUrl);
  });

  it('says that it is a specimen only where it is one', () => {
    expect(certificateBody(certificateContent({ specimen: true }))).toContain('样证 · 演示数据，不作凭证');
    expect(certificateBody(certificateContent())).not.toContain('样证');
  });

  it('puts each glyph of the office into the seal for itself, however long its name', () => {
    const name = '威宁彝族回族苗族自治县'.repeat(5);
    const [seal = ''] =
      /<svg class="certificate-seal".*?<\/svg>/s.exec(
        certificateBody(certificateContent({ office: { code: '', name } })),
      ) ?? [];
    const glyphs = [...seal.matchAll(/rotate\((-?[\d.]+)\)[^>]*>(.)<\/text>/gu)];
    expect(glyphs.map(([, , one]) => one).join('')).toBe(name);
    const turns = glyphs.map(([, degrees]) => Number(degrees));
    expect(Math.max(...turns)).toBeLessThanOrEqual(125);
    expect(Math.min(...turns)).toBeCloseTo(-Math.max(...turns), 1);
  });

  it('is one document that loads nothing, with the same body', () => {
    const content = certificateContent();
    const whole = certificateDocument(
      content,
      '@font-face{font-family:Certificate;src:url(data:font/ttf;base64,AAEA)}',
    );
    expect(whole).toContain(certificateBody(content));
    expect(whole).toContain(`<title>贵州省（电子）生育服务证 ${content.number}</title>`);
    expect(whole).not.toMatch(/<link|<script|@import|url\((?!data:)/);
  });

  it('carries the birth with the seal of the institution that annotated it, and nothing of one before that', () => {
    const births = {
      institution: { code: '520111-H01', name: '花溪区人民医院' },
      annotatedOn: '2026-11-25',
      children: [
        { bornOn: '2026-11-23', sex: 'female' },
        { bornOn: '2026-11-24', sex: 'male' },
      ],
    } as const;
    const sealsOn = (body: string) => body.match(/class="certificate-seal"/g)?.length;
    const plain = certificateBody(certificateContent());
    expect([sealsOn(plain), plain.includes('出生标注')]).toEqual([1, false]);
    const born = certificateBody(certificateContent({ births }));
    expect(sealsOn(born)).toBe(2);
    for (const text of ['花溪区人民医院', '二〇二六年十一月二十五日', '2026年11月23日', '2026年11月24日']) {
      expect(born).toContain(text);
    }
  });
});

describe('dates in Chinese numerals', () => {
  it.each([
    ['2026-11-24', '二〇二六年十一月二十四日'],
    ['2016-07-11', '二〇一六年七月十一日'],
    ['2030-10-10', '二〇三〇年十月十日'],
    ['2028-02-20', '二〇二八年二月二十日'],
    ['2100-01-31', '二一〇〇年一月三十一日'],
  ])('write %s as %s', (day, text) => {
    expect(chineseDate(day)).toBe(text);
  });

  test.prop([fc.integer({ min: 1, max: 99 })])('count without gaps', (count) => {
    const [tens = '', ones = ''] = chineseCount(count).includes('十')
      ? chineseCount(count).split('十')
      : ['〇', chineseCount(count)];
    const value = (text: string, empty: number) => (text === '' ? empty : '〇一二三四五六七八九'.indexOf(text));
    expect(value(tens, 1) * 10 + value(ones, 0)).toBe(count);
  });
});

describe('an address', () => {
  it.each([
    '贵州省|贵阳市|花溪区|贵筑街道|大寨社区|清溪路|88号|溪畔花园小区|3栋|2单元|501室',
    '贵州省|黔东南苗族侗族自治州|凯里市|大十字街道|环城路社区|3组',
    '四川省|泸州市|江阳区|永安镇|2组',
    '贵州省|仁怀市|茅台镇|中枢村|后山',
  ])('ends its lines only after a name: %s', (marked) => {
    const words = marked.split('|');
    expect(addressWords(words.join(''))).toEqual(words);
    const { wife } = certificateContent();
    const body = certificateBody(certificateContent({ wife: { ...wife, household: words.join('') } }));
    expect(body).toContain(words.join('<wbr>'));
  });

  test.prop([fc.string({ unit: fc.constantFrom('花', '溪', '区', '街', '道', '社', '1', ' ', '𬱖') })])(
    'is the same in its pieces',
    (text) => {
      expect(addressWords(text).join('')).toBe(text);
    },
  );

  test.prop([fc.array(fc.string({ unit: fc.constantFrom('花', '区', 'a'), minLength: 1, maxLength: 9 }))])(
    'is never set larger than the same text that may break anywhere',
    (words) => {
      const steps = [
        { size: 5, lines: 1 },
        { size: 4, lines: 2 },
        { size: 2, lines: 8 },
      ];
      expect(fittingWords(words, 20, steps)).toBeGreaterThanOrEqual(fittingStep(words.join(''), 20, steps));
    },
  );
});

describe('fitting text', () => {
  const steps = [
    { size: 5, lines: 1 },
    { size: 4, lines: 2 },
    { size: 2, lines: 8 },
  ];

  it('takes the largest size that holds the text', () => {
    expect(fittingStep('王芳', 10, steps)).toBe(0);
    expect(fittingStep('王芳芳', 10, steps)).toBe(1);
    expect(fittingStep('王芳'.repeat(10), 10, steps)).toBe(2);
    expect(fittingStep('王芳'.repeat(1000), 10, steps)).toBe(2);
  });

  test.prop([fc.string({ unit: fc.constantFrom('芳', 'a', '·', 'É', '𬱖') })])(
    'never takes a smaller size for less text',
    (text) => {
      expect(fittingStep(text, 20, steps)).toBeLessThanOrEqual(fittingStep(`${text}芳`, 20, steps));
      expect(emsOf(text)).toBeLessThanOrEqual([...text].length);
    },
  );
});

describe('markup', () => {
  test.prop([fc.string()])('never ends an attribute or begins an element', (text) => {
    expect(html`<p title="${text}">${text}</p>`.markup.match(/[<>"]/g)?.join('')).toBe('<""><>');
  });
});
