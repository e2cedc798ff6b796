import { fileLimits } from '#application/spreadsheets.ts';
import type { Sheet } from '#domain/account/sheet.ts';
import { type Archive, openArchive } from './archive.ts';
import { FileRefused } from './refused.ts';
import { readSharedStrings } from './sharedStrings.ts';
import { readWorksheet } from './worksheet.ts';
import { readXml } from './xml.ts';

type NamedSheet = { name: string; relation: string };
type Relation = { type: string; target: string };

const mostSheets = 50;

/** What kind of office file it is, by its parts; only a workbook without macros goes on. */
const requireWorkbook = async (archive: Archive): Promise<void> => {
  if (archive.has('xl/workbook.bin')) throw new FileRefused('binaryWorkbook');
  if (archive.has('content.xml') && archive.has('mimetype')) throw new FileRefused('openDocument');
  if (!archive.has('[Content_Types].xml') || !archive.has('xl/workbook.xml')) throw new FileRefused('notSpreadsheet');
  let macros = archive.has('xl/vbaProject.bin');
  const look = ({ ContentType: type = '' }) => {
    macros ||= /macroEnabled|vbaProject/i.test(type);
  };
  await readXml(archive.read('[Content_Types].xml'), {
    open: { Default: look, Override: look },
  });
  if (macros) throw new FileRefused('macros');
};

const sheetsOf = async (archive: Archive): Promise<readonly NamedSheet[]> => {
  const sheets: NamedSheet[] = [];
  await readXml(archive.read('xl/workbook.xml'), {
    open: {
      sheet: ({ name = '', state = 'visible', ...rest }) => {
        const relation = Object.entries(rest).find(([key]) => key.endsWith(':id'))?.[1];
        if (state === 'visible' && relation !== undefined) sheets.push({ name, relation });
      },
    },
  });
  if (sheets.length > mostSheets) throw new FileRefused('tooMuchInside');
  return sheets;
};

const relationsOf = async (archive: Archive): Promise<ReadonlyMap<string, Relation>> => {
  const relations = new Map<string, Relation>();
  await readXml(archive.read('xl/_rels/workbook.xml.rels'), {
    open: {
      Relationship: ({ Id: id = '', Type: type = '', Target: target = '' }) => {
        relations.set(id, { type, target: target.startsWith('/') ? target.slice(1) : `xl/${target}` });
      },
    },
  });
  return relations;
};

/** The visible sheets of an xlsx workbook. Throws `FileRefused`. */
export const readWorkbook = async (bytes: Uint8Array): Promise<readonly Sheet[]> => {
  const archive = await openArchive(bytes);
  await requireWorkbook(archive);
  const relations = await relationsOf(archive);
  const strings = [...relations.values()].find(({ type }) => type.endsWith('/sharedStrings'));
  const shared = strings && archive.has(strings.target) ? await readSharedStrings(archive.read(strings.target)) : [];
  let rows = 0;
  const onRow = () => {
    rows += 1;
    if (rows > fileLimits.rows) throw new FileRefused('tooManyRows');
  };
  const sheets: Sheet[] = [];
  for (const { name, relation } of await sheetsOf(archive)) {
    const pieces = archive.read(relations.get(relation)?.target ?? '');
    sheets.push({ name, rows: await readWorksheet(pieces, { shared, onRow }) });
  }
  return sheets;
};
