import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { readScan } from '#infrastructure/scans/readScan.ts';
import { jpeg, jpegWith, packed, pdf, png, pngOf, pngWith, telephoneExif } from '../support/scanFiles.ts';

const read = (bytes: Buffer) => {
  const found = readScan(bytes);
  if (found.outcome === 'refused') throw new Error(found.reason);
  return { ...found, bytes: Buffer.from(found.bytes) };
};
const reasonOf = (bytes: Buffer) => {
  const found = readScan(bytes);
  return found.outcome === 'refused' ? found.reason : 'read';
};
const script = Buffer.from('<script>alert(1)</script>');

describe('pictures', () => {
  it.each([
    ['image/jpeg', jpeg],
    ['image/png', png],
  ])('%s is told by its bytes and kept as it is', (mediaType, bytes) => {
    const found = read(bytes);
    expect(found.mediaType).toBe(mediaType);
    expect(found.bytes.equals(bytes)).toBe(true);
  });

  it('lose where and by what they were made, and stay the right way up', () => {
    const found = read(jpegWith(0xe1, telephoneExif(6))).bytes;
    expect(found.includes('GPS')).toBe(false);
    expect(found.includes('Exif\0\0MM')).toBe(true);
    expect(read(found).bytes.equals(found)).toBe(true);
    expect(read(jpegWith(0xe1, telephoneExif(1))).bytes.equals(jpeg)).toBe(true);
    for (const marker of [0xe2, 0xed, 0xef, 0xfe]) {
      expect(read(jpegWith(marker, Buffer.from('Xiaomi 王芳'))).bytes.equals(jpeg)).toBe(true);
    }
    for (const type of ['tEXt', 'iTXt', 'eXIf', 'tIME', 'prVt']) {
      expect(read(pngWith(type, Buffer.from('where 王芳 lives'))).bytes.equals(png)).toBe(true);
    }
  });

  it.each([
    ['a JPEG with something behind its end', Buffer.concat([jpeg, script])],
    ['a PNG with something behind its end', Buffer.concat([png, script])],
    ['a JPEG that is a beginning only', jpeg.subarray(0, -9)],
    ['a PNG that is a beginning only', png.subarray(0, -9)],
    ['a PNG with a wrong checksum', Buffer.concat([png.subarray(0, 30), Buffer.of(1), png.subarray(31)])],
    ['a JPEG without a picture', Buffer.from([0xff, 0xd8, 0xff, 0xd9])],
  ])('%s is refused', (_, bytes) => {
    expect(reasonOf(bytes)).toBe('unreadable');
  });

  it.each([
    [0, 10],
    [20_001, 1],
    [15_000, 15_000],
  ])('of %i × %i pixels are refused', (width, height) => {
    expect(reasonOf(pngOf(width, height))).toBe('dimensions');
  });
});

describe('documents', () => {
  it.each([
    ['of pages alone', pdf()],
    ['with packed objects', pdf('', packed('5 0 << /Type /Page /Contents 6 0 R >>'))],
    [
      'with a picture whose bytes happen to read /JS',
      pdf('', '6 0 obj\n<< /Length 9 >>\nstream\n\x01/JS \x02\x03\nendstream\nendobj\n'),
    ],
  ])('%s are taken as they are', (_, bytes) => {
    expect(read(bytes)).toMatchObject({ mediaType: 'application/pdf' });
    expect(read(bytes).bytes.equals(bytes)).toBe(true);
  });

  const names = [
    '/OpenAction 5 0 R',
    '/AA << /O 5 0 R >>',
    '/Names << /JavaScript 5 0 R >>',
    '/Names << /EmbeddedFiles 5 0 R >>',
    '/AcroForm << /XFA 5 0 R >>',
  ];
  const acts = [
    '<< /S /JavaScript /JS (app.alert(1)) >>',
    '<< /S /Launch /F (cmd.exe) >>',
    '<< /S /URI /URI (http://a.test) >>',
    '<< /S /SubmitForm >>',
    '<< /S /GoToR /F (b.pdf) >>',
  ];
  it.each([
    ...names,
    ...names.map((name) =>
      name.replace(/\/([A-Z])([A-Za-z])/, (_, a: string, b: string) => `/${a}#${b.charCodeAt(0).toString(16)}`),
    ),
  ])('with %s are refused', (entry) => expect(reasonOf(pdf(entry))).toBe('active'));
  it.each(acts)('that do %s are refused, written out or packed', (act) => {
    expect(reasonOf(pdf('', `5 0 obj\n${act}\nendobj\n`))).toBe('active');
    expect(reasonOf(pdf('', packed(`5 0 ${act}`)))).toBe('active');
  });

  it.each([
    ['encrypted', pdf('/X 1 0 R', 'trailer\n<< /Encrypt 9 0 R >>\n'), 'active'],
    ['packed in a way that cannot be looked into', pdf('', packed('5 0 <<>>', '/Filter /LZWDecode')), 'unreadable'],
    [
      'packed behind a line that not all end alike',
      pdf('', packed('5 0 <<>>').replace('stream\n', 'stream\r')),
      'unreadable',
    ],
    ['packed wrongly', pdf('', packed('5 0 <<>>').replace('x', 'y')), 'unreadable'],
    ['with something behind its end', Buffer.concat([pdf(), script]), 'unreadable'],
    [
      'that is a ZIP as well',
      Buffer.concat([pdf('', '6 0 obj\n<<>>\nstream\nPK\x05\x06\0\0\nendstream\nendobj\n')]),
      'unreadable',
    ],
    ['behind something else', Buffer.concat([script, pdf()]), 'kind'],
  ])('%s are refused', (_, bytes, reason) => {
    expect(reasonOf(bytes)).toBe(reason);
  });
});

describe('anything else', () => {
  it.each(['<svg xmlns="http://www.w3.org/2000/svg"/>', 'GIF89a', 'PK\x03\x04', '', '<html>'])(
    '%j is refused',
    (text) => {
      expect(reasonOf(Buffer.from(text, 'latin1'))).toBe('kind');
    },
  );

  const beginnings = fc.constantFrom(jpeg.subarray(0, 40), png.subarray(0, 40), pdf().subarray(0, 40), Buffer.alloc(0));
  test.prop([beginnings, fc.uint8Array({ maxLength: 200 })])('never throws, whatever follows', (start, rest) => {
    expect(reasonOf(Buffer.concat([start, rest]))).toMatch(/kind|unreadable|active|dimensions|read/);
  });

  test.prop([fc.constantFrom(jpeg, png), fc.nat(), fc.integer({ min: 0, max: 255 })])(
    'what is kept is kept as it is when read again, wherever a byte differs',
    (picture, at, byte) => {
      const harmed = Buffer.from(picture);
      harmed[at % harmed.length] = byte;
      const found = readScan(harmed);
      if (found.outcome === 'read') expect(read(Buffer.from(found.bytes)).bytes.equals(found.bytes)).toBe(true);
    },
  );
});
