import { childFields, mostChildren } from '#domain/registration/fields.ts';
import type { Flag } from '#domain/registration/rules.ts';
import { choiceText, fieldLabel } from '../fieldTexts.ts';
import { type Locale, translate } from '../locale.ts';
import { dayText } from '../times.ts';
import { type Fault, readChild } from './answers.ts';
import type { CheckedDraft, ChildAnswers, Draft } from './draft.ts';
import { type Asking, faultText, fieldViews } from './fieldView.ts';
import { stepHead } from './stepView.ts';

/** Whether a fault says that the child being registered and the children there are do not fit together. */
export const countDisagrees = (fault: Fault): boolean => 'rule' in fault && fault.rule === 'parityDisagrees';

const line = (
  locale: Locale,
  presentYear: number,
  flags: readonly Flag[],
  { id, answers }: ChildAnswers,
  index: number,
) => {
  const read = readChild(answers, index, presentYear);
  const number = index + 1;
  if (read.outcome === 'faulty') return { id, number, name: answers['name'], text: undefined, doubts: [] };
  const doubts = flags.filter(({ field }) => field.startsWith(`children.${index}.`));
  const { name, sex, bornOn } = read.data;
  return {
    id,
    number,
    name,
    text: `${choiceText(locale, 'children.0.sex', sex)} · ${dayText(locale, bornOn)}`,
    doubts: doubts.map((flag) => faultText(locale, flag)),
  };
};

const hrefOf = ({ field }: Fault): string => {
  const [section, index] = field.split('.');
  if (section === 'application') return '/register/application';
  return index === undefined ? '#continue' : `/register/children/${Number(index) + 1}`;
};

/** The list of children with what is wrong among them. */
export const childrenView = (
  locale: Locale,
  presentYear: number,
  { draft, checked }: { draft: Pick<Draft, 'children'>; checked: Pick<CheckedDraft, 'flags'> },
  from: string,
  faults: readonly Fault[],
) => ({
  ...stepHead(locale, 'children', from, faults),
  errors: faults.map((fault) => ({ href: hrefOf(fault), message: faultText(locale, fault) })),
  children: draft.children.map((child, index) => line(locale, presentYear, checked.flags, child, index)),
  none: draft.children.length === 0,
  next: draft.children.length < mostChildren ? draft.children.length + 1 : undefined,
});

/** The page of one child. */
export const childView = (asking: Omit<Asking, 'path' | 'section'>, index: number, from: string) => {
  const { locale, faults } = asking;
  const path = `children.${index}`;
  return {
    ...stepHead(locale, 'children', from, faults),
    title: fieldLabel(locale, path),
    lead: translate(locale, 'public.steps.child'),
    back: '/register/children',
    errors: faults.map((fault) => ({ href: `#f-${fault.field.split('.').at(-1)}`, message: faultText(locale, fault) })),
    fields: fieldViews({ ...asking, path, section: childFields }),
    number: index + 1,
  };
};
