import { describe, expect, test } from 'vitest';
import { fileLimits } from '#application/spreadsheets.ts';
import type { SheetRow } from '#domain/account/sheet.ts';
import { readFile } from '#infrastructure/spreadsheet/readFile.ts';
import { partsOf, workbookOf } from '../support/workbooks.ts';
import { zipOf } from '../support/zip.ts';

const rowsOf = async (bytes: Uint8Array): Promise<readonly SheetRow[]> => {
  const read = await readFile(bytes);
  if (read.outcome === 'refused') throw new Error(read.reason);
  return read.sheets[0]?.rows ?? [];
};

const textsOf = async (bytes: Uint8Array) =>
  (await rowsOf(bytes)).map(({ number, cells }) => [number, ...cells.map((cell) => cell?.text)]);

const refusalOf = async (bytes: Uint8Array) => {
  const read = await readFile(bytes);
  return read.outcome === 'refused' ? read.reason : 'read';
};

describe('an xlsx workbook', () => {
  test('gives its texts, shared ones and those in the cell, under the rows’ own numbers', async () => {
    const shared = '<si><t>姓名</t></si><si><r><t>杨</t></r><r><t>秀英</t></r><rPh><t>yang</t></rPh></si>';
    const data =
      '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="C3" t="str"><v>角色</v></c></row>' +
      '<row r="4"/><row r="7"><c r="A7" t="s"><v>1</v></c><c r="C7" t="inlineStr"><is><t>操作</t><t>员</t></is></c></row>';
    expect(await textsOf(workbookOf({ data, shared }))).toEqual([
      [3, '姓名', undefined, '角色'],
      [7, '杨秀英', undefined, '操作员'],
    ]);
  });

  test('tells a number from the digits that it lost, and a formula from a value', async () => {
    const cells = [
      13800001234,
      { inside: '<v>5.2011119880102003E+17</v>' },
      { type: 'str', inside: '<f>A1&amp;"x"</f><v>x</v>' },
      { inside: '<v>1.38E10</v>' },
    ];
    const [row] = await rowsOf(workbookOf({ rows: [cells] }));
    expect(row?.cells).toEqual([
      { kind: 'number', text: '13800001234' },
      { kind: 'number', text: '5.2011119880102003E+17' },
      { kind: 'formula', text: 'x' },
      { kind: 'number', text: '13800000000' },
    ]);
  });

  test('lets a cell that was merged over several rows stand in each of them', async () => {
    const after = '<mergeCells><mergeCell ref="A1:A3"/><mergeCell ref="B2:C2"/></mergeCells>';
    const rows = [
      ['贵阳市', '一'],
      [undefined, '二'],
      [undefined, '三'],
      [undefined, '四'],
    ];
    expect(await textsOf(workbookOf({ rows, after }))).toEqual([
      [1, '贵阳市', '一'],
      [2, '贵阳市', '二'],
      [3, '贵阳市', '三'],
      [4, undefined, '四'],
    ]);
  });

  test('has nothing in cells of which the number or text is empty', async () => {
    const cells = [{ inside: '<v></v>' }, { inside: '<v> </v>' }, { type: 'str', inside: '<f>A1</f><v></v>' }, 'x'];
    expect(await textsOf(workbookOf({ rows: [cells.slice(0, 3), cells] }))).toEqual([
      [2, undefined, undefined, undefined, 'x'],
    ]);
  });

  test('is read past a million rows and columns that are only formatted', async () => {
    const empty = Array.from({ length: 300_000 }, (_, n) => `<row r="${n + 2}" s="1"/>`).join('');
    const far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>';
    const data = `<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c></row>${empty}${far}`;
    expect(await textsOf(workbookOf({ data }))).toEqual([[1, '姓名']]);
  });
});

describe('a csv file', () => {
  const utf8 = Buffer.from('姓名,角色\n"杨,秀英",2\n\n张三,1\n');
  const expected = [
    [1, '姓名', '角色'],
    [2, '杨,秀英', '2'],
    [4, '张三', '1'],
  ];
  // GB18030 of the same text: 姓名 D0D5 C3FB, 角色 BDC7 C9AB, 杨 D1EE, 秀英 D0E3 D3A2, 张三 D5C5 C8FD.
  const gb = Buffer.from('d0d5c3fb2cbdc7c9ab0a22d1ee2cd0e3d3a2222c320a0ad5c5c8fd2c310a', 'hex');
  test.each([
    ['UTF-8', utf8],
    ['UTF-8 with a mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), utf8])],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${utf8}`, 'utf16le')],
    ['GB18030', gb],
    ['line ends of Windows', Buffer.from(utf8.toString().replaceAll('\n', '\r\n'))],
  ])('is read in %s', async (_, bytes) => {
    expect(await textsOf(bytes)).toEqual(expected);
  });

  test.each([',', '\t', ';'])(
    'is read with %j between its cells, one sheet for each that it may be',
    async (separator) => {
      const text = `姓名${separator}角色\n张三${separator}1`;
      const read = await readFile(Buffer.from(text));
      expect(read).toMatchObject({
        format: 'csv',
        sheets: [{ rows: [{ cells: [{ text: '姓名' }, { text: '角色' }] }, {}] }],
      });
    },
  );

  test('is read past lines that are only formatted', async () => {
    const text = `姓名,角色\n张三,1\n${',,,,,,,,,,\n'.repeat(900_000)}`;
    expect(await textsOf(Buffer.from(text))).toHaveLength(2);
  });
});

describe('a file that is no roster, or was made to do harm, is refused', () => {
  const ole2 = Buffer.from('d0cf11e0a1b11ae1', 'hex');
  const nested = zipOf([{ name: 'inner.zip', content: zipOf([{ name: 'a', content: Buffer.alloc(1_000_000) }]) }]);
  const understated = partsOf({ rows: [['姓名']] }).map((part) =>
    part.name.endsWith('sheet1.xml')
      ? { ...part, content: `${part.content}${' '.repeat(20_000_000)}`, declares: 100 }
      : part,
  );
  const declaringTooMuch = partsOf({ rows: [['姓名']] }).map((part) =>
    part.name.endsWith('sheet1.xml') ? { ...part, declares: fileLimits.unpackedBytes } : part,
  );
  const laughs =
    '<!DOCTYPE worksheet [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>';
  const macros = 'application/vnd.ms-excel.sheet.macroEnabled.main+xml';
  const tooMany = Array.from({ length: fileLimits.rows + 1 }, () => ['x']);
  test.each([
    ['nothing in it', Buffer.alloc(0), 'empty'],
    ['more bytes than may be', Buffer.alloc(fileLimits.bytes + 1, 0x20), 'tooLarge'],
    ['a workbook of before 2007', Buffer.concat([ole2, Buffer.alloc(1000)]), 'oldExcel'],
    ['a password', Buffer.concat([ole2, Buffer.from('EncryptedPackage', 'utf16le')]), 'protected'],
    ['encrypted entries', zipOf([{ name: 'xl/workbook.xml', content: 'x', flags: 1 }]), 'protected'],
    ['macros by its type', workbookOf({ contentType: macros }), 'macros'],
    ['macros by its parts', workbookOf({ more: [{ name: 'xl/vbaProject.bin', content: 'x' }] }), 'macros'],
    ['a binary workbook', zipOf([{ name: 'xl/workbook.bin', content: 'x' }]), 'binaryWorkbook'],
    [
      'an OpenDocument sheet',
      zipOf([
        { name: 'mimetype', content: 'application/vnd.oasis.opendocument.spreadsheet' },
        { name: 'content.xml', content: '<x/>' },
      ]),
      'openDocument',
    ],
    ['a text document', zipOf([{ name: 'word/document.xml', content: '<x/>' }]), 'notSpreadsheet'],
    ['zips within a zip', nested, 'notSpreadsheet'],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'notSpreadsheet'],
    ['a web page', Buffer.from('<html><table><tr><td>姓名</td></tr></table></html>'), 'webPage'],
    ['text of no encoding', Buffer.from([0x41, 0xff, 0xff, 0x2c, 0x42]), 'unknownCharacters'],
    ['a torn zip', workbookOf({ rows: [['姓名']] }).subarray(0, 300), 'damaged'],
    ['broken XML', workbookOf({ data: '<row><c></row>' }), 'damaged'],
    ['entities that multiply', workbookOf({ doctype: laughs, data: '<row><c t="str"><v>&c;</v></c></row>' }), 'unsafe'],
    ['an entity of nobody', workbookOf({ data: '<row><c t="str"><v>&c;</v></c></row>' }), 'damaged'],
    ['a bomb, before anything of it is unpacked', zipOf(declaringTooMuch), 'tooMuchInside'],
    ['more than it declares', zipOf(understated), 'damaged'],
    [
      'thousands of parts',
      workbookOf({ more: Array.from({ length: 2001 }, (_, n) => ({ name: `x${n}`, content: '' })) }),
      'tooMuchInside',
    ],
    ['too many rows', workbookOf({ rows: tooMany }), 'tooManyRows'],
    ['too many lines', Buffer.from('x,y\n'.repeat(fileLimits.rows + 1)), 'tooManyRows'],
  ])('%s', async (_, bytes, reason) => {
    expect(await refusalOf(bytes)).toBe(reason);
  });
});
