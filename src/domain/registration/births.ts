import { addDays, type Day } from '../calendar/day.ts';
import { accepted, type Decision, rejected } from '../decider.ts';
import type { RegistrationKind } from './decide.ts';
import { isTelling } from './documents.ts';
import type { BirthAnnotated } from './events.ts';
import type { RegistrationData } from './fields.ts';
import type { Flag } from './rules.ts';
import type { MadeRegistration } from './state.ts';

/** A child of the one birth that a registration is for; whoever was born without life is kept, and counts for no parity. */
export type BornChild = { bornOn: Day; sex: 'female' | 'male'; outcome: 'live' | 'stillborn' };

/** What is wrong with the child of that index; `field` is a member of it. */
export type BirthFault = { child: number; field: 'bornOn'; rule: 'inFuture' | 'tooEarly' | 'apart' };

/** What an institution annotates before discharge (M2, §3.3.2); `certificate` is the number that was presented. */
export type Annotation = {
  institution: string;
  today: Day;
  certificate: string;
  children: readonly BornChild[];
};

export type AnnotationCorrection = Omit<Annotation, 'certificate'> & { reason: string };

/** The birth as it is annotated now. */
export type Births = Omit<BirthAnnotated['data'], 'office' | 'parity' | 'personal'> & {
  children: readonly BornChild[];
};

/** Most children of one birth that can be annotated. */
export const mostChildren = 9;

/** One birth may last past midnight, and twins have been born days apart. */
const mostDaysApart = 3;
/** A couple may come late: a birth so many days before the submission is still the one it is for. */
const mostDaysLate = 90;

/** How many of them count as children. */
export const liveBornIn = (children: readonly BornChild[]): number =>
  children.filter(({ outcome }) => outcome === 'live').length;

/**
 * What a reviewer sees where fewer children are declared, living or not, than institutions annotated (M2). A flag, and none of
 * the public rules: only the office is told what the platform knows of births.
 */
export const annotatedFlags = ({ children }: RegistrationData, bornBefore = 0): readonly Flag[] =>
  children.length < bornBefore ? [{ rule: 'fewerChildrenThanAnnotated', field: 'application.parity' }] : [];

/** What is implausible about the days of a birth. */
export const birthFaults = (
  children: readonly BornChild[],
  { submittedOn, today }: { submittedOn: Day; today: Day },
): readonly BirthFault[] => {
  const earliest = addDays(submittedOn, -mostDaysLate);
  const first = children.map(({ bornOn }) => bornOn).toSorted()[0];
  const latest = first === undefined ? today : addDays(first, mostDaysApart);
  return children.flatMap(({ bornOn }, child): readonly BirthFault[] => {
    if (bornOn > today) return [{ child, field: 'bornOn', rule: 'inFuture' }];
    if (bornOn < earliest) return [{ child, field: 'bornOn', rule: 'tooEarly' }];
    return bornOn > latest ? [{ child, field: 'bornOn', rule: 'apart' }] : [];
  });
};

const faultOf = (children: readonly BornChild[], today: Day, { submittedOn }: MadeRegistration) => {
  if (children.length < 1 || children.length > mostChildren) return { type: 'childrenUncounted' } as const;
  const faults = birthFaults(children, { submittedOn, today });
  return faults.length === 0 ? undefined : ({ type: 'birthsImplausible', faults } as const);
};

type Outcome = Decision<RegistrationKind>;

/** Annotated once (M2): a second institution is told who did. */
export const annotate = (command: Annotation, state: MadeRegistration): Outcome => {
  const { institution, today, certificate, children } = command;
  if (state.births !== undefined) {
    const { institution: by, annotatedOn } = state.births;
    return rejected({ type: 'alreadyAnnotated', institution: by, annotatedOn });
  }
  const fault = faultOf(children, today, state);
  if (fault !== undefined) return rejected(fault);
  return accepted({
    type: 'BirthAnnotated',
    data: {
      institution,
      office: state.office,
      parity: state.parity,
      annotatedOn: today,
      certificate,
      liveBorn: liveBornIn(children),
      personal: { children },
    },
  });
};

const changedIn = (before: readonly BornChild[], after: readonly BornChild[]): readonly string[] => {
  const members = ['bornOn', 'sex', 'outcome'] as const;
  const most = Math.max(before.length, after.length);
  return Array.from({ length: most }, (_, index) =>
    members
      .filter((member) => before[index]?.[member] !== after[index]?.[member])
      .map((member) => `births.${index}.${member}`),
  ).flat();
};

/** Corrected with a reason, by the institution that annotated (M2). */
export const correctAnnotation = (command: AnnotationCorrection, state: MadeRegistration): Outcome => {
  const { institution, today, children } = command;
  const { births } = state;
  if (births === undefined) return rejected({ type: 'unannotated' });
  if (births.institution !== institution) {
    return rejected({ type: 'alreadyAnnotated', institution: births.institution, annotatedOn: births.annotatedOn });
  }
  const changed = changedIn(births.children, children);
  if (changed.length === 0) return rejected({ type: 'unchanged' });
  const fault = faultOf(children, today, state);
  if (fault !== undefined) return rejected(fault);
  if (!isTelling(command.reason)) return rejected({ type: 'unreasoned' });
  return accepted({
    type: 'BirthAnnotationCorrected',
    data: {
      institution,
      office: state.office,
      parity: state.parity,
      annotatedOn: births.annotatedOn,
      correctedOn: today,
      liveBorn: liveBornIn(children),
      fromLiveBorn: births.liveBorn,
      changed,
      personal: { children, reason: command.reason.trim() },
    },
  });
};
