import { addressDetail } from '#application/addressText.ts';
import { addressSections, type SectionName, type Step, sections, steps } from '#domain/registration/fields.ts';
import type { Flag } from '#domain/registration/rules.ts';
import { divisionPathText, sectionTitle } from '../fieldTexts.ts';
import { hasText, type Locale, translate } from '../locale.ts';
import type { Answers, Fault } from './answers.ts';
import type { CheckedDraft, Draft } from './draft.ts';
import { type Asking, errorSummary, fieldViews } from './fieldView.ts';

/** Where a page of the form is shown, and with what places and offices under which policy. */
export type StepPlace = Pick<Asking, 'locale' | 'divisions' | 'offices' | 'policy'>;

const isAddress = (step: Step): step is (typeof addressSections)[number] =>
  (addressSections as readonly string[]).includes(step);

/** Addresses given on earlier pages, each once, to be taken over with one touch. */
const takeovers = ({ locale, divisions }: StepPlace, step: Step, { data }: CheckedDraft) =>
  isAddress(step)
    ? addressSections
        .slice(0, addressSections.indexOf(step))
        .flatMap((section) => {
          const address = data[section];
          if (address === undefined) return [];
          const text = `${divisionPathText(divisions, address.division)} ${addressDetail(address)}`;
          return [{ section, title: sectionTitle(locale, section), text }];
        })
        .filter(({ text }, at, all) => all.findIndex((one) => one.text === text) === at)
    : [];

/** What stands at the head of every page of the form: which one of how many, and where “back” leads. */
export const stepHead = (locale: Locale, step: Step, from: string, faults: readonly Fault[]) => {
  const index = steps.indexOf(step);
  const before = steps[index - 1];
  const back = from === 'check' ? '/register/check' : before === undefined ? '/register' : `/register/${before}`;
  const lead = `public.steps.${step}`;
  const why = `public.why.${step}`;
  return {
    step,
    title: sectionTitle(locale, step),
    lead: hasText(locale, lead) ? translate(locale, lead) : undefined,
    why: hasText(locale, why) ? translate(locale, why) : undefined,
    at: index + 1,
    total: steps.length,
    bar: steps.map((_, place) => ({ reached: place <= index })),
    from,
    back,
    errors: errorSummary(locale, faults),
    problemCount: faults.length,
  };
};

/** What is worth a second look on a page of the form, or of one child. */
export const flagsOf = ({ flags }: Pick<CheckedDraft, 'flags'>, path: string): readonly Flag[] =>
  flags.filter(({ field }) => field.startsWith(`${path}.`));

/** Names of flags as a page that shows them sends them back, so that each stops its reader once. */
export const doubts = (flags: readonly Flag[]) => ({
  doubted: flags.map(({ rule, field }) => `${rule}:${field}`).join(' '),
  doubtCount: flags.length,
});

/** One page of the form: the section's controls with what was typed and what is wrong with it. */
export const stepView = (
  place: StepPlace,
  step: SectionName,
  from: string,
  { answers, faults, checked }: { answers: Answers; faults: readonly Fault[]; checked: CheckedDraft },
) => ({
  ...stepHead(place.locale, step, from, faults),
  ...doubts(flagsOf(checked, step)),
  fields: fieldViews({
    ...place,
    path: step,
    section: sections[step],
    answers,
    faults,
    flags: checked.flags,
    data: checked.data,
  }),
  takeovers: takeovers(place, step, checked),
});

/** What is shown beside a page of a draft that stands for a submitted registration. */
export const draftNotice = ({ amends, predecessor }: Draft) => {
  if (amends !== undefined) return 'amending';
  return predecessor === undefined ? undefined : 'resubmitting';
};
