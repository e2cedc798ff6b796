import { idNumberFault, normaliseIdNumber, sexOf } from './idNumber.ts';

/** What an identity card says of its holder, as far as a text tells. */
export type IdCard = { name?: string; idNumber?: string; ethnicity?: string; address?: string };

const labels = {
  name: ['姓名'],
  ethnicity: ['民族'],
  address: ['住址', '地址'],
  idNumber: ['公民身份号码', '公民身份证号码', '身份证号码', '身份证号', '证件号码'],
  other: ['性别', '出生日期', '出生', '签发机关', '有效期限', '有效期'],
} as const;

const allLabels = Object.values(labels)
  .flat()
  .sort((a, b) => b.length - a.length);
// A label may have blanks between its characters, as cards print them.
const labelPattern = allLabels.map((label) => [...label].join('\\s*')).join('|');
const labelled = new RegExp(`(?<![\\p{L}\\d])(${labelPattern})\\s*:?\\s*`, 'gu');

const folded = (text: string): string => text.normalize('NFKC').trim();

const fieldOf = (label: string): keyof typeof labels | undefined => {
  const bare = label.replace(/\s/g, '');
  return (Object.keys(labels) as (keyof typeof labels)[]).find((field) =>
    (labels[field] as readonly string[]).includes(bare),
  );
};

const filled = (card: IdCard): IdCard =>
  Object.fromEntries(Object.entries(card).filter(([, value]) => value !== undefined && value !== ''));

/** A text in which each part follows its label; undefined: it has none. */
const fromLabels = (text: string): IdCard | undefined => {
  const found = [...text.matchAll(labelled)];
  if (found.length === 0) return undefined;
  const parts = found.map((match, at) => {
    const end = found[at + 1]?.index ?? text.length;
    return [fieldOf(match[1] ?? ''), text.slice(match.index + match[0].length, end)] as const;
  });
  const textOf = (field: keyof typeof labels): string =>
    (parts.find(([of]) => of === field)?.[1] ?? '').replace(/[|,;、]\s*$/u, '').trim();
  return filled({
    name: textOf('name').replace(/\s*[|,;\t\n].*$/su, ''),
    idNumber: normaliseIdNumber(textOf('idNumber')).replace(/[^\dX]/g, ''),
    ethnicity: textOf('ethnicity').split(/\s/)[0] ?? '',
    address: textOf('address').replace(/\s*\n\s*/g, ''),
  });
};

const separators = [/[|\t]/, /[,;\n]/, /\s+/];
const isName = (part: string): boolean => /^(?!(?:男|女)$)[\p{L}·.\- ]{2,50}$/u.test(part);
const isPlace = (part: string): boolean => /^\p{Script=Han}.*[省市州县区乡镇村路街号组]/u.test(part);

/** A card reader's line: the first part that can be a name is one, the longest that names a place is the address. */
const fromLine = (text: string): IdCard => {
  const separator = separators.find((one) => one.test(text)) ?? /\n/;
  const parts = text.split(separator).map((part) => part.trim());
  const idNumber = parts.map(normaliseIdNumber).find((part) => idNumberFault(part) === undefined);
  const places = parts.filter((part) => part.length > 5 && isPlace(part));
  const address = places.reduce((longest, part) => (part.length > longest.length ? part : longest), '');
  const ethnicity = parts.find((part) => /^\p{Script=Han}{1,4}族$/u.test(part));
  const name = parts.find((part) => part !== address && part !== ethnicity && isName(part));
  return filled({
    ...(name === undefined ? {} : { name }),
    ...(idNumber === undefined ? {} : { idNumber }),
    ...(ethnicity === undefined ? {} : { ethnicity }),
    address,
  });
};

/**
 * Reads what a card reader types or what was copied from a card: parts between `|`, tabs, commas, semicolons or blanks, or
 * after their labels (`姓名：… 公民身份号码：…`). What it does not tell is left out; nothing is guessed at.
 */
export const readIdCard = (text: string): IdCard => {
  const clean = folded(text.slice(0, 2000));
  return fromLabels(clean) ?? fromLine(clean);
};

/** Which of the couple a card belongs to, by the sex in its number. */
export const spouseOf = ({ idNumber }: IdCard): 'wife' | 'husband' | undefined => {
  const sex = idNumber === undefined ? undefined : sexOf(idNumber);
  return sex && (sex === 'female' ? 'wife' : 'husband');
};

/** An address on a card in two: the place down to its village or street office, and the rest. */
export const addressParts = (address: string): { place: string; rest: string } => {
  const place = /^.*(?:街道|[镇乡]|社区|居委会|村委会)|^.*?[区县]/u.exec(address)?.[0] ?? '';
  return { place, rest: address.slice(place.length) };
};
