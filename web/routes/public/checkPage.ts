import type { FastifyReply } from 'fastify';
import type { RegistrationData } from '#domain/registration/fields.ts';
import { type Flag, findings } from '#domain/registration/rules.ts';
import { answerCards } from '../../forms/answerCards.ts';
import type { Draft } from '../../forms/draft.ts';
import { faultText } from '../../forms/fieldView.ts';
import { draftNotice } from '../../forms/stepView.ts';
import type { HeldDraft } from './drafts.ts';
import type { Turn } from './publicPages.ts';
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

/** All answers to read over, with the promise to tick. */
export const showCheck = (turn: Turn, sent: Sent): Promise<FastifyReply> =>
  turn.reply.page('public/check', modelOf(turn, sent, []));

/** The page again with what is wrong. */
const showErrors = (turn: Turn, sent: Sent, errors: readonly CheckError[]): Promise<FastifyReply> =>
  showByGet(turn, { view: 'public/check', model: modelOf(turn, sent, errors), status: 400 });

/** The page again with one sentence on why it was not sent; `href` is the element it is about. */
export const showWrong = (turn: Turn, sent: Sent, key: string, href = '#main'): Promise<FastifyReply> =>
  showErrors(turn, sent, [{ href, message: turn.request.text(key) }]);

/** The page again with the rules that were broken, each leading to its card. */
export const showViolations = (turn: Turn, sent: Sent, violations: readonly Flag[]): Promise<FastifyReply> =>
  showErrors(
    turn,
    sent,
    violations.map((flag) => ({
      href: `#${cardOf(flag.field)}`,
      message: faultText(turn.request.locale, flag),
    })),
  );
