import { describe, expect, test } from 'vitest';
import { addressWords } from '#web/certificate/addressWords.ts';
import { fittingWords, linesOf } from '#web/certificate/fitText.ts';
import { overprintDocument, stepsOf, textsOf } from '#web/ordinaryCertificate/overprintPage.ts';
import { slipDocument } from '#web/ordinaryCertificate/slipPage.ts';
import { type Area, templateOf, templates } from '#web/ordinaryCertificate/template.ts';
import { certificateContent, longestCertificate } from '../support/certificates.ts';

const paperOf = (content = certificateContent()) => ({ ...content, number: 'GZ2-2026-00000007' });

const overlap = (one: Area, other: Area): boolean =>
  one.x < other.x + other.width &&
  other.x < one.x + one.width &&
  one.y < other.y + other.height &&
  other.y < one.y + one.height;

describe.each([1, 2] as const)('the paper of an ordinary certificate for child %i', (parity) => {
  const { page, boxes, code, seal } = templates[parity];
  const areas = [...boxes.map((box) => ({ name: box.field as string, ...box })), { name: 'code', ...code }];

  test('has every place on the page, away from its edge', () => {
    for (const { x, y, width, height } of [...areas, seal]) {
      expect([x, y].every((at) => at >= 5)).toBe(true);
      expect([x + width <= page.width - 5, y + height <= page.height - 5]).toEqual([true, true]);
    }
  });

  test('prints nothing over anything else, nor where the seal goes', () => {
    const all = [...areas, { name: 'seal', ...seal }];
    const pairs = all.flatMap((one, at) => all.slice(at + 1).map((other) => [one, other] as const));
    expect(pairs.filter(([one, other]) => overlap(one, other)).map(([one, other]) => [one.name, other.name])).toEqual(
      [],
    );
  });

  test('takes the longest texts that the form takes', () => {
    const texts = textsOf({ ...paperOf(longestCertificate()), parity });
    const tooLong = boxes.filter((box) => {
      const [words, steps] = [addressWords(texts[box.field]), stepsOf(box)];
      const step = steps[fittingWords(words, box.width, steps)];
      return step === undefined || linesOf(words, (box.width * (step.lines > 1 ? 0.96 : 1)) / step.size) > step.lines;
    });
    expect(tooLong.map(({ field }) => field)).toEqual([]);
  });
});

describe('what is printed of an ordinary certificate', () => {
  test('given two papers, when they are laid out, then each has a page, moved by what the printer is off', () => {
    const html = overprintDocument([paperOf(), { ...paperOf(), number: 'GZ2-2026-00000008' }], { dx: 1.5, dy: -2 }, '');
    expect(html.match(/class="sheet"/g)).toHaveLength(2);
    expect(html.match(/translate\(1\.5mm,-2mm\)/g)).toHaveLength(2);
    expect(html).toContain('GZ2-2026-00000008');
    expect(html).not.toContain('样证');
  });

  test('given a name with marks in it, when it is laid out, then it stays text', () => {
    const content = certificateContent();
    const html = overprintDocument(
      [paperOf({ ...content, wife: { ...content.wife, name: '<b>&"' } })],
      { dx: 0, dy: 0 },
      '',
    );
    expect(html).not.toContain('<b>');
  });

  test('given a child that no paper is printed for, when its template is asked for, then that is a fault', () => {
    expect(() => templateOf(3)).toThrow(RangeError);
  });

  test('given an ID card, or another document, when a slip is printed, then its number is masked', () => {
    const slip = {
      serial: 'GZ2-2026-00000007',
      parity: 2,
      registrationId: 'r',
      wife: '王芳',
      husband: '张伟',
      bearer: { name: '王芳', document: 'idCard', documentNumber: '520111199512241224' },
      office: '贵筑街道办事处',
      registeringOffice: '贵筑街道办事处',
      handler: 'guizhu-yang',
      issuedOn: '2026-11-24',
      specimen: true,
    } as const;
    const [card, book] = [
      slip,
      { ...slip, bearer: { ...slip.bearer, document: 'householdBook', documentNumber: '户字0047112' } as const },
    ];
    expect(slipDocument([card], '')).toContain('520111********1224');
    expect(slipDocument([card], '')).not.toContain('520111199512241224');
    expect(slipDocument([book], '')).toContain('户口簿 *****7112');
  });
});
