import { yearOf } from '#domain/calendar/day.ts';
import {
  addressSections,
  type Child,
  type RegistrationData,
  type SectionName,
  type Step,
  steps,
} from '#domain/registration/fields.ts';
import { type Flag, findings, type Rule, type RuleContext } from '#domain/registration/rules.ts';
import { type Answers, type Fault, isTouched, type Read, readChild, readSection } from './answers.ts';

/** A child as typed; its id stays its own whatever stands before it in the list. */
export type ChildAnswers = { id: string; answers: Answers };

/** What a couple has filled in so far, and which registration it becomes: that never changes, so it is made once. */
export type Draft = {
  registrationId: string;
  /** Sent twice, it is submitted once: the id of the act is the draft's own. */
  commandId: string;
  answers: Partial<Record<SectionName, Answers>>;
  children: readonly ChildAnswers[];
  childrenAnswered: boolean;
  /** Changes this submitted registration, as read at `revision` (R4). */
  amends?: { revision: number };
  /** Takes over the data of this ended registration. */
  predecessor?: string;
};

/** How a page of the form stands; `fix`: answered with something that cannot be right; `blocked`: other pages come first. */
export type StepStatus = 'done' | 'fix' | 'inProgress' | 'notStarted' | 'blocked';

/** A draft as the rules see it today. */
export type CheckedDraft = {
  data: Partial<RegistrationData>;
  faults: Readonly<Record<Step, readonly Fault[]>>;
  statuses: Readonly<Record<Step, StepStatus>>;
  /** What is worth a second look and stops nothing. */
  flags: readonly Flag[];
  /** All there is to submit; undefined while a page is not done. */
  complete: RegistrationData | undefined;
};

/** An empty draft. */
export const newDraft = (registrationId: string, commandId: string): Draft => ({
  registrationId,
  commandId,
  answers: {},
  children: [],
  childrenAnswered: false,
});

const readChildren = (
  { children, childrenAnswered }: Pick<Draft, 'children' | 'childrenAnswered'>,
  year: number,
): Read<readonly Child[]> => {
  const read = children.map(({ answers }, index) => readChild(answers, index, year));
  const faults = read.flatMap((one) => (one.outcome === 'faulty' ? one.faults : []));
  if (faults.length > 0) return { outcome: 'faulty', faults };
  if (!childrenAnswered) return { outcome: 'faulty', faults: [{ field: 'children', code: 'required' }] };
  return { outcome: 'read', data: read.flatMap((one) => (one.outcome === 'read' ? [one.data] : [])) };
};

/** What the rules find in a draft; of children listed but not yet said to be all, what concerns each by itself. */
const found = (
  effect: Rule['effect'],
  { children, childrenAnswered }: Draft,
  data: Partial<RegistrationData>,
  context: RuleContext,
): readonly Flag[] => {
  const whole = findings(effect, data, context);
  if (childrenAnswered) return whole;
  const listed = readChildren({ children, childrenAnswered: true }, yearOf(context.today));
  if (listed.outcome === 'faulty') return whole;
  const ofEach = findings(effect, { ...data, children: [...listed.data] }, context);
  return [...whole, ...ofEach.filter(({ field }) => field.startsWith('children.'))];
};

/** Of several rules at one field the first: the others mostly follow from it. */
const oncePerField = (faults: readonly Fault[]): readonly Fault[] =>
  faults.filter(({ field }, at) => faults.findIndex((one) => one.field === field) === at);

const isBegun = (draft: Draft, step: Step): boolean =>
  step === 'children' ? draft.childrenAnswered || draft.children.length > 0 : isTouched(draft.answers[step]);

const isUnanswered = (fault: Fault) => 'code' in fault && fault.code === 'required';

const statusOf = (draft: Draft, step: Step, faults: readonly Fault[]): StepStatus => {
  if (!isBegun(draft, step)) return 'notStarted';
  if (faults.length === 0) return 'done';
  return faults.every(isUnanswered) ? 'inProgress' : 'fix';
};

/** Reads all pages of a draft and asks the rules about what can be read. */
export const checkDraft = (draft: Draft, context: RuleContext): CheckedDraft => {
  const year = yearOf(context.today);
  const read = Object.fromEntries(
    steps.map((step) => [
      step,
      step === 'children' ? readChildren(draft, year) : readSection(step, draft.answers[step] ?? {}, year),
    ]),
  ) as Record<Step, Read<unknown>>;
  const data = Object.fromEntries(
    steps.flatMap((step) => (read[step].outcome === 'read' ? [[step, read[step].data]] : [])),
  ) as Partial<RegistrationData>;
  const blocking = found('block', draft, data, context);
  const faults = Object.fromEntries(
    steps.map((step): [Step, readonly Fault[]] => {
      const own = read[step];
      const ruled = blocking.filter(({ field }) => field.startsWith(`${step}.`));
      return [step, [...(own.outcome === 'faulty' ? own.faults : []), ...oncePerField(ruled)]];
    }),
  ) as CheckedDraft['faults'];
  const statuses = Object.fromEntries(steps.map((step) => [step, statusOf(draft, step, faults[step])])) as Record<
    Step,
    StepStatus
  >;
  if (!addressSections.every((section) => statuses[section] === 'done')) statuses.declaration = 'blocked';
  const isComplete = steps.every((step) => statuses[step] === 'done');
  const flags = found('flag', draft, data, context);
  return { data, faults, statuses, flags, complete: isComplete ? (data as RegistrationData) : undefined };
};

/** The page to go on with after one: the next that is not done, else the first such; undefined when all are. */
export const stepAfter = (step: Step, statuses: CheckedDraft['statuses']): Step | undefined => {
  const at = steps.indexOf(step);
  const open = (one: Step) => statuses[one] !== 'done' && statuses[one] !== 'blocked' && one !== step;
  return [...steps.slice(at + 1), ...steps.slice(0, at)].find(open);
};
