import type { Divisions } from '#application/divisions.ts';
import { maskIdNumber, maskMobile } from '#domain/people/mask.ts';
import { type Address, childFields, type Field, type Section, sections } from '#domain/registration/fields.ts';
import { answerText } from '../../fieldTexts.ts';
import type { Locale } from '../../locale.ts';

/** Who reads answers: `masked` for staff who may read a registration without working on it. */
export type Reader = { locale: Locale; divisions: Divisions; masked: boolean };

const fieldOf = (path: string): Field | undefined => {
  const [section = '', second = '', third = ''] = path.split('.');
  return section === 'children'
    ? (childFields as Section)[third]
    : (sections as Readonly<Record<string, Section>>)[section]?.[second];
};

const townshipDigits = 9;

/** An answer as this reader may see it: ID numbers, mobiles and addresses are masked where `masked`, names are not. */
export const shownAnswer = ({ locale, divisions, masked }: Reader, path: string, value: unknown): string => {
  const field = fieldOf(path);
  const text = String(value ?? '');
  if (!masked || text === '') return answerText(locale, divisions, path, value);
  if (field?.control === 'division') return answerText(locale, divisions, path, text.slice(0, townshipDigits));
  if (field?.sensitive === 'idNumber') return maskIdNumber(text);
  if (field?.sensitive === 'mobile') return maskMobile(text);
  return field?.sensitive === 'address' ? '***' : answerText(locale, divisions, path, value);
};

/** An address in two parts: the place, and from the locality to the door. */
export const shownAddress = (reader: Reader, section: string, address: Address): readonly [string, string] => {
  const { division, locality, street, community, building, door } = address;
  const rest = [locality, street, community, building, door].filter((part) => part !== '').join(' ');
  return [shownAnswer(reader, `${section}.division`, division), reader.masked ? '***' : rest];
};
