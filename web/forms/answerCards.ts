import type { Divisions } from '#application/divisions.ts';
import { childFields, type RegistrationData, type Section, sections, steps } from '#domain/registration/fields.ts';
import type { Flag } from '#domain/registration/rules.ts';
import { answerText, controlLabel, fieldLabel, ruleText, sectionTitle } from '../fieldTexts.ts';
import { type Locale, translate } from '../locale.ts';

type Told = { locale: Locale; divisions: Divisions; flags?: readonly Flag[]; changeable?: boolean };

const grouped = ['idNumber', 'mobile', 'marriageCertificate'];

/** One line per answered field, what is worth a second look beside it. */
const rowsOf = (
  { locale, divisions, flags = [] }: Told,
  path: string,
  section: Section,
  data: Readonly<Record<string, unknown>>,
) =>
  Object.entries(section)
    .filter(([name]) => String(data[name] ?? '') !== '')
    .map(([name, { control }]) => ({
      label: controlLabel(locale, `${path}.${name}`),
      value: answerText(locale, divisions, `${path}.${name}`, data[name]),
      digits: grouped.includes(control),
      flags: flags.filter(({ field }) => field === `${path}.${name}`).map((flag) => ruleText(locale, flag, 'couple')),
    }));

/** All answers as the couple reads them over, a card per page of the form, each with the way to change it. */
export const answerCards = (told: Told, data: RegistrationData) => {
  const { locale, changeable = false } = told;
  return steps.flatMap((step) => {
    const link = (path: string) => (changeable ? `${path}?from=check` : undefined);
    const title = sectionTitle(locale, step);
    if (step !== 'children') {
      return [
        {
          step: step as string,
          title,
          href: link(`/register/${step}`),
          rows: rowsOf(told, step, sections[step], data[step]),
        },
      ];
    }
    if (data.children.length === 0) {
      const empty = translate(locale, 'public.children.none');
      return [{ step, title, href: link('/register/children'), rows: [], empty }];
    }
    return data.children.map((child, index) => ({
      step: `children-${index + 1}`,
      title: fieldLabel(locale, `children.${index}`),
      href: link('/register/children'),
      rows: rowsOf(told, `children.${index}`, childFields, child),
    }));
  });
};
