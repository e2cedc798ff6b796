import type { AccountChanged, AccountDetails } from '#domain/account/events.ts';
import { maskIdNumber, maskMobile } from '#domain/people/mask.ts';
import type { OpenedEvent } from './eventCodec.ts';
import { hidden } from './masked.ts';

/** What one of a person's details was, and what it became. */
export type DetailChange = { field: keyof AccountDetails; before: string; after: string };

const masks: Readonly<Partial<Record<keyof AccountDetails, (text: string) => string>>> = {
  idNumber: maskIdNumber,
  mobile: maskMobile,
  qq: () => hidden,
  note: () => hidden,
};

/** Two numbers masked; where they would look alike, with the first digit in which they differ. */
const apart = (mask: (text: string) => string, before: string, after: string): readonly [string, string] => {
  const [was, is] = [mask(before), mask(after)];
  if (was !== is || was === hidden) return [was, is];
  const at = [...before].findIndex((digit, n) => digit !== after[n]);
  const shown = (text: string) => [...was].map((character, n) => (n === at ? text[n] : character)).join('');
  return [shown(before), shown(after)];
};

/** A change as its reader sees it: numbers in part where `masked`, what was or is empty as such. */
export const changeShown = ({ field, before, after }: DetailChange, masked: boolean): DetailChange => {
  const mask = masked ? masks[field] : undefined;
  if (mask === undefined) return { field, before, after };
  if (before === '' || after === '') {
    return { field, before: before && mask(before), after: after && mask(after) };
  }
  const [was, is] = apart(mask, before, after);
  return { field, before: was, after: is };
};

const detailsIn = ({ type, data, erased }: OpenedEvent): AccountDetails | undefined =>
  (type === 'AccountRegistered' || type === 'AccountChanged') && !erased
    ? (data as { personal: AccountDetails }).personal
    : undefined;

/** What each change of an account's data changed, by the revision of its event; none once they are erased. */
export const detailChanges = (
  events: readonly OpenedEvent[],
  masked: boolean,
): ReadonlyMap<number, readonly DetailChange[]> => {
  const all = new Map<number, readonly DetailChange[]>();
  let before: AccountDetails | undefined;
  for (const event of events) {
    const after = detailsIn(event);
    if (event.type === 'AccountChanged' && before !== undefined && after !== undefined) {
      const { changed } = event.data as AccountChanged['data'];
      const [was, is] = [before, after];
      const one = (field: keyof AccountDetails) => ({ field, before: was[field] ?? '', after: is[field] ?? '' });
      all.set(
        event.revision,
        changed.map((field) => changeShown(one(field), masked)),
      );
    }
    before = after ?? before;
  }
  return all;
};

/** Events as they are shown, each change of an account's data with what it was before and became. */
export const withChanges = (
  shown: readonly OpenedEvent[],
  changes: ReadonlyMap<number, readonly DetailChange[]>,
): readonly OpenedEvent[] =>
  shown.map((event) => {
    const found = changes.get(event.revision);
    return found === undefined ? event : { ...event, data: { ...event.data, changes: found } };
  });
