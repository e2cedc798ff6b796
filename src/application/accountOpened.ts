import type { AccountDetails } from '#domain/account/events.ts';
import { normaliseMobile } from '#domain/people/mobile.ts';
import type { AccountRow } from '#projections/account.ts';
import { idNumberKey, nameKey } from './declare.ts';
import type { ViewStore } from './ports.ts';
import type { Sealing } from './sealing.ts';

/** One account's row. */
export const accountRow = async (viewStore: ViewStore, account: string): Promise<AccountRow | undefined> => {
  const [row] = await viewStore.get('account', [account]);
  return row as AccountRow | undefined;
};

/** Who stands behind a row; undefined once the data key is destroyed. */
export const openDetails = async (
  sealing: Sealing,
  { id, personal }: Pick<AccountRow, 'id' | 'personal'>,
): Promise<AccountDetails | undefined> =>
  personal === undefined ? undefined : ((await sealing.open(personal, `account-${id}`)) as AccountDetails | undefined);

/** Why an account was disabled or closed, where it was. */
export const openEnding = async (sealing: Sealing, { id, ended }: AccountRow): Promise<string | undefined> => {
  if (ended?.personal === undefined) return undefined;
  return ((await sealing.open(ended.personal, `account-${id}`)) as { reason: string } | undefined)?.reason;
};

/** Key by which a mobile is found. */
export const mobileKey = (sealing: Sealing, mobile: string): string =>
  sealing.lookupKey('mobile', normaliseMobile(mobile));

/** The keys that a person's account is found by. */
export const accountLookup = (sealing: Sealing, { name, idNumber, mobile }: AccountDetails) => ({
  name: nameKey(sealing, name),
  idNumber: idNumberKey(sealing, idNumber),
  mobile: mobile === '' ? '' : mobileKey(sealing, mobile),
});
