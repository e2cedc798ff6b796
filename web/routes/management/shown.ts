import type { Services } from '#application/services.ts';
import type { DueState } from '#domain/calendar/deadlines.ts';
import { type Locale, translateFirst } from '../../locale.ts';

/** A due state as a badge: its colour's class and its words. */
export type DueBadge = { state: DueState['state']; text: string };

/** “已超期 1 个工作日”, “今日到期”, “剩 2 个工作日”: words that stand without their colour. */
export const dueBadge = (locale: Locale, due: DueState | undefined): DueBadge | undefined => {
  if (due === undefined) return undefined;
  const kind = due.state === 'soon' || due.state === 'later' ? 'left' : due.state;
  const count = due.workingDays ?? 'unknown';
  const text = translateFirst(locale, [`due.${kind}.${count}`, `due.${kind}.many`], { count });
  return { state: due.state, text };
};

/** The last two names of a place, such as 花溪区贵筑街道. */
export const placeName = ({ deps }: Services, code: string): string =>
  deps.divisions
    .path(code)
    .slice(1)
    .slice(-2)
    .map(({ name }) => name)
    .join('');

/** What an office was called at an instant: history keeps the names of its time. */
export const officeNameAt = ({ deps }: Services, code: string, at: string): string =>
  deps.offices.nameAt(code, at) ?? code;

/** An office's name, its code where it is gone. */
export const officeName = ({ deps }: Services, code: string): string => deps.offices.find(code)?.name ?? code;

/** Which child, in words. */
export const parityText = ({ locale }: { locale: Locale }, parity: number): string =>
  translateFirst(locale, [`workbench.parity.${parity}`, 'workbench.parity.many'], { parity });
