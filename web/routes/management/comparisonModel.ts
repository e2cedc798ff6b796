import type { LookUp } from '#application/verification.ts';
import type { Comparison } from '#domain/registration/compare.ts';
import { fieldLabel } from '../../fieldTexts.ts';
import { translate } from '../../locale.ts';
import { dayText } from '../../times.ts';
import { type Reader, shownAnswer } from './shownAnswer.ts';

/** A child as compared: “name day sex”, the name perhaps of several words. */
const childText = ({ locale }: Reader, text: string): string => {
  const parts = text.split(' ');
  const [sex = '', day = ''] = [parts.pop(), parts.pop()];
  return `${parts.join(' ')} · ${translate(locale, `fields.choices.child.sex.${sex}`)} · ${dayText(locale, day)}`;
};

const shown = (reader: Reader, { field }: Comparison, value: string | undefined): string => {
  if (value === undefined || value === '') return translate(reader.locale, 'verification.nothing');
  return field.startsWith('children.') ? childText(reader, value) : shownAnswer(reader, field, value);
};

/** Declared beside recorded, line by line, with whether they agree. */
export const comparisonModel = (reader: Reader, { comparisons }: LookUp) =>
  comparisons.map((line) => ({
    label: fieldLabel(reader.locale, line.field),
    declared: shown(reader, line, line.declared),
    recorded: shown(reader, line, line.recorded),
    agrees: line.agrees,
  }));
