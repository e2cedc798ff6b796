import type { FastifyReply } from 'fastify';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { type Flag, findings } from '#domain/registration/rules.ts';
import { answerCards } from '../../forms/answerCards.ts';
import type { Draft } from '../../forms/draft.ts';
import { faultText } from '../../forms/fieldView.ts';
import { draftNotice } from '../../forms/stepView.ts';
import type { HeldDraft } from './drafts.ts';
import { goTo, type Turn } from './publicPages.ts';
import { showByGet } from './shownPages.ts';

/** A complete draft, as it is read over and sent. */
export type Sent = { held: HeldDraft; draft: Draft; data: RegistrationData };

/** What is wrong with the page, and the element it leads to. */
export type CheckError = { href: string; message: string };

/** The card of the answers that a field stands on. */
const cardOf = (field: string): string => {
  const [section = '', index] = field.split('.');
  return section === 'children' ? `s-children-${Number(index) + 1}` : `s-${section}`;
};

const modelOf = ({ services, request }: Turn, { draft, data }: Sent, errors: readonly CheckError[]) => {
  const { divisions, offices } = services.deps;
  const flags = findings('flag', data, services.ruleContext());
  return {
    title: request.text('public.check.title'),
    cards: answerCards({ locale: request.locale, divisions, flags, changeable: true }, data),
    flagged: flags.length,
    office: offices.forPlace(data.declaration.place),
    notice: draftNotice(draft),
    amending: draft.amends !== undefined,
    errors,
    problemCount: errors.length,
  };
};

/** Why the answers were not sent, and the element that is about. */
const wrongs = { promiseMissing: '#f-true', otherCouple: '#main', unchanged: '#main' } as const;

export type Wrong = keyof typeof wrongs;

const isWrong = (text: unknown): text is Wrong => typeof text === 'string' && Object.hasOwn(wrongs, text);

/** All answers to read over, with the promise to tick and why they were not sent, if the address says so. */
export const showCheck = (turn: Turn, sent: Sent): Promise<FastifyReply> => {
  const { request, reply } = turn;
  const { wrong } = request.query as { wrong?: unknown };
  const errors = isWrong(wrong) ? [{ href: wrongs[wrong], message: request.text(`public.check.${wrong}`) }] : [];
  return reply.page('public/check', modelOf(turn, sent, errors), errors.length > 0 ? 400 : 200);
};

/** Goes back to the answers with one sentence on why they were not sent. */
export const tellWrong = async ({ reply }: Turn, wrong: Wrong): Promise<FastifyReply> =>
  goTo(reply, `/register/check?wrong=${wrong}`);

/** The page again with the rules that were broken, each leading to its card. */
export const showViolations = (turn: Turn, sent: Sent, violations: readonly Flag[]): Promise<FastifyReply> => {
  const errors = violations.map((flag) => ({
    href: `#${cardOf(flag.field)}`,
    message: faultText(turn.request.locale, flag),
  }));
  return showByGet(turn, { view: 'public/check', model: modelOf(turn, sent, errors), status: 400 });
};
