import { addressSections, type SectionName, sections } from '#domain/registration/fields.ts';
import { type Answers, answersFrom, broughtUpBy } from './answers.ts';
import type { Draft } from './draft.ts';

/**
 * What a posted page of the form means: stay on it at the field `at` (a place was looked for), save for later, or go on.
 * `broughtUp`: fields that the answers bring up and the page did not show yet; they cannot have been forgotten.
 */
export type StepAct =
  | { act: 'stay'; answers: Answers; at: string }
  | { act: 'save'; answers: Answers }
  | { act: 'continue'; answers: Answers; broughtUp: readonly string[] };

type Posted = { step: SectionName; body: Readonly<Record<string, unknown>>; draft: Draft };

const divisionFields = (step: SectionName) =>
  Object.entries(sections[step]).flatMap(([name, { control }]) => (control === 'division' ? [name] : []));

/** The division that was looked for but not chosen: “continue” then looks, as the button beside it does. */
const soughtDivision = (step: SectionName, answers: Answers, before: Answers): string | undefined =>
  divisionFields(step).find((name) => {
    const text = answers[`${name}-search`] ?? '';
    const chosenAnew = (answers[name] ?? '') !== '' && answers[name] !== before[name];
    return text.trim() !== '' && text !== before[`${name}-search`] && !chosenAnew;
  });

/** What the searching of a division left behind goes, once one is chosen. */
const settled = (step: SectionName, answers: Answers): Answers => {
  const chosen = divisionFields(step).filter((name) => answers[name]);
  const boxes = chosen.flatMap((name) => [`${name}-search`, `${name}-under`]);
  return { ...answers, ...Object.fromEntries(boxes.map((box) => [box, ''])) };
};

const broughtUp = ({ step, body }: Posted, answers: Answers): readonly string[] =>
  broughtUpBy(sections[step], answers).filter((name) => !Object.hasOwn(body, name));

/** The buttons beside a division: look for it (`find`), look into one (`under`). */
const looked = (answers: Answers, [kind, name = '', code = '']: readonly string[]): Answers | undefined => {
  if (kind === 'find') return { ...answers, [`${name}-under`]: '' };
  return kind === 'under' ? { ...answers, [`${name}-under`]: code.slice(0, 12), [`${name}-search`]: '' } : undefined;
};

const isAddress = (name: string): name is (typeof addressSections)[number] =>
  (addressSections as readonly string[]).includes(name);

/** Reads which button was pressed, and the answers as they then stand. */
export const stepAct = (posted: Posted): StepAct => {
  const { step, body, draft } = posted;
  const sent = answersFrom(sections[step], body);
  const pressed = typeof body['action'] === 'string' ? body['action'] : 'continue';
  const sought = soughtDivision(step, sent, draft.answers[step] ?? {});
  const action = (pressed === 'continue' && sought !== undefined ? `find:${sought}` : pressed).split(':');
  const [kind, name = ''] = action;
  if (kind === 'take' && isAddress(name) && isAddress(step)) {
    return { act: 'continue', answers: draft.answers[name] ?? sent, broughtUp: [] };
  }
  const answers = divisionFields(step).includes(name) ? looked(sent, action) : undefined;
  if (answers !== undefined) return { act: 'stay', answers, at: name };
  const now = settled(step, sent);
  if (kind === 'save') return { act: 'save', answers: now };
  return { act: 'continue', answers: now, broughtUp: broughtUp(posted, now) };
};
