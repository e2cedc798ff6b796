import { type Step, steps } from '#domain/registration/fields.ts';
import { sectionTitle } from '../fieldTexts.ts';
import type { Locale } from '../locale.ts';
import type { CheckedDraft } from './draft.ts';

const groups: readonly { name: string; steps: readonly Step[] }[] = [
  { name: 'birth', steps: ['application'] },
  { name: 'wife', steps: ['wife', 'wifeHousehold', 'wifeResidence'] },
  { name: 'husband', steps: ['husband', 'husbandHousehold', 'husbandResidence'] },
  { name: 'family', steps: ['marriage', 'children'] },
  { name: 'office', steps: ['declaration'] },
];

/** The pages of the form in groups, each with how it stands. */
export const taskList = (locale: Locale, { statuses, complete }: CheckedDraft) => ({
  done: steps.filter((step) => statuses[step] === 'done').length,
  total: steps.length,
  ready: complete !== undefined,
  groups: groups.map((group) => ({
    name: group.name,
    tasks: group.steps.map((step) => ({
      step,
      title: sectionTitle(locale, step),
      status: statuses[step],
      open: statuses[step] !== 'blocked',
    })),
  })),
  next: steps.find((step) => statuses[step] !== 'done' && statuses[step] !== 'blocked'),
});
