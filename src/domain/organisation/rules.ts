import { z } from 'zod';
import { isMobile, normaliseMobile } from '../people/mobile.ts';
import { isPersonName, normaliseName } from '../people/personName.ts';
import type { OrganisationKind, OrganisationLevel } from './events.ts';

/** What is known of another organisation; `divisions` are its own place and those of whoever merged into it. */
export type OtherOrganisation = {
  code: string;
  status: 'active' | 'merged';
  kind: OrganisationKind;
  level: OrganisationLevel;
  divisions: readonly string[];
};

/** An organisation that is to stand somewhere in the tree. */
export type Placed = { kind: OrganisationKind; level: OrganisationLevel };

const levelsUnder: Readonly<Record<OrganisationLevel, readonly OrganisationLevel[]>> = {
  province: ['prefecture'],
  // 仁怀市, 威宁县 and 贵安新区 have townships right under them (O1).
  prefecture: ['county', 'township'],
  county: ['township'],
  township: ['village'],
  village: [],
};

/** Whether such an organisation can report to that one (O1). */
export const fitsUnder = ({ kind, level }: Placed, parent: Placed): boolean => {
  if (parent.kind !== 'administration') return false;
  if (kind === 'institution') return true;
  return (kind === 'committee') === (level === 'village') && levelsUnder[parent.level].includes(level);
};

const shapes: Readonly<Record<OrganisationLevel, RegExp>> = {
  province: /^\d{2}$/,
  // A county that stands at prefecture level keeps its code; 贵安新区 has none in the statistics, so letters.
  prefecture: /^\d{2}(?:\d{2}|\d{4}|[A-Z]{2})$/,
  county: /^\d{6}$/,
  township: /^\d{9}$/,
  village: /^\d{12}$/,
};
const institutionShape = /^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})-[A-Z0-9]{1,8}$/;

/** Whether a code has the form of its kind: a division's own, or a division's with a letter or number of ours behind it. */
export const isCodeOf = ({ kind, level }: Placed, code: string): boolean =>
  (kind === 'institution' ? institutionShape : shapes[level]).test(code);

/** The place an organisation works for: its code without what is ours. */
export const divisionOf = (code: string): string => /^\d+/.exec(code)?.[0] ?? '';

/** The one spelling of an organisation's name. */
export const organisationName = (text: string): string => text.normalize('NFKC').trim().replace(/\s+/g, ' ');

const longestName = 60;
const fewestCharacters = 3;

/** Whether a text can be an organisation's name: letters and digits, with brackets and dots between them. */
export const isOrganisationName = (text: string): boolean => {
  const { length } = [...text];
  return length >= fewestCharacters && length <= longestName && /^[\p{L}\p{N}][\p{L}\p{N}()·\-、 ]*$/u.test(text);
};

const person = z
  .string({ error: 'required' })
  .max(100, 'tooLong')
  .transform(normaliseName)
  .pipe(z.string().min(1, 'required').refine(isPersonName, 'nameGarbled'));
const phone = z
  .string({ error: 'required' })
  .max(40, 'tooLong')
  .transform((text) =>
    text
      .normalize('NFKC')
      .replace(/[\s‐‑‒–—-]+/g, '-')
      .replace(/^-|-$/g, ''),
  )
  .pipe(
    z
      .string()
      .min(1, 'required')
      .regex(/^(?:0\d{2,3}-?\d{7,8}(?:-\d{1,5})?|1[3-9]\d{9}|\d{5})$/, 'phoneMalformed'),
  );
const address = z
  .string({ error: 'required' })
  .max(200, 'tooLong')
  .transform((text) => text.normalize('NFC').replace(/\s+/g, ' ').trim())
  .pipe(
    z
      .string()
      .min(1, 'required')
      .max(100, 'tooLong')
      .refine((text) => /\p{L}{2}/u.test(text), 'addressGarbled'),
  );
const mobile = z
  .string()
  .max(40, 'tooLong')
  .transform(normaliseMobile)
  .refine((text) => text === '' || isMobile(text), 'mobileMalformed')
  .default('');

/** What an organisation tells of itself (O2): the numbers and the address are public, the people are not. */
export const recordSchema = z.object({ phone, address, head: person, contact: person, mobile });

export type OrganisationRecord = z.infer<typeof recordSchema>;
