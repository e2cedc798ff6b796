import { type Step, steps } from '#domain/registration/fields.ts';
import { sectionTitle } from '../fieldTexts.ts';
import type { Locale } from '../locale.ts';
import type { CheckedDraft } from './draft.ts';

/** The group that each page of the form stands in; a page without one does not compile. */
const groupOf: Readonly<Record<Step, string>> = {
  application: 'birth',
  wife: 'wife',
  wifeHousehold: 'wife',
  wifeResidence: 'wife',
  husband: 'husband',
  husbandHousehold: 'husband',
  husbandResidence: 'husband',
  marriage: 'family',
  children: 'family',
  declaration: 'office',
};

const groups = [...new Set(steps.map((step) => groupOf[step]))];

/** The pages of the form in groups, each with how it stands; `faulted` ones were found fault with by an office. */
export const taskList = (
  locale: Locale,
  { statuses, complete }: CheckedDraft,
  faulted: ReadonlySet<Step> = new Set(),
) => ({
  done: steps.filter((step) => statuses[step] === 'done').length,
  total: steps.length,
  ready: complete !== undefined,
  groups: groups.map((name) => ({
    name,
    tasks: steps
      .filter((step) => groupOf[step] === name)
      .map((step) => ({
        step,
        title: sectionTitle(locale, step),
        status: statuses[step] === 'done' && faulted.has(step) ? 'faulted' : statuses[step],
        open: statuses[step] !== 'blocked',
      })),
  })),
  faulted: steps.find((step) => statuses[step] === 'done' && faulted.has(step)),
  next: steps.find((step) => statuses[step] !== 'done' && statuses[step] !== 'blocked'),
});
