import type { FastifyReply } from 'fastify';
import type { Turn } from './publicPages.ts';
import { showByGet } from './shownPages.ts';

/** Who was faster than what a page was to do: the office, or the couple themselves with another page. */
export type Faster = 'office' | 'amendment' | 'withdrawal';

/** Who was faster, by what happened since the page was opened; whatever the office did outweighs the rest. */
export const fasterOf = (since: readonly { type: string }[]): Faster => {
  const own = since.filter(({ type }) => type === 'Amended' || type === 'Withdrawn');
  const others = since.some(({ type }) => !['Amended', 'Withdrawn', 'TaskReceived', 'Redirected'].includes(type));
  if (own.length === 0 || others) return 'office';
  return own.some(({ type }) => type === 'Withdrawn') ? 'withdrawal' : 'amendment';
};

/** Says that nothing was done because someone was faster, and leads to how the registration stands now. */
export const showOvertaken = (turn: Turn, by: Faster, path?: string): Promise<FastifyReply> => {
  const model = { title: turn.request.text(`public.overtaken.${by}.title`), by };
  return showByGet(turn, { view: 'public/overtaken', model, status: 409 }, path);
};

/** The same for a page that came too late for this status. */
export const showTooLate = (turn: Turn, status: string): Promise<FastifyReply> =>
  showOvertaken(turn, status === 'withdrawn' ? 'withdrawal' : 'office', '/registration');
